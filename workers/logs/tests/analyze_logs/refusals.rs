//! Failures, in words the model can act on.

use std::net::TcpListener;
use std::time::Duration;

use penstock_kit::testing::Peer;
use serde_json::{Value, json};

use crate::support::{arguments, call_for, error, page, refusal, start, text, worker};

fn with(member: &str, value: Value) -> Value {
    let mut arguments = arguments();
    arguments[member] = value;
    arguments
}

#[test]
fn errors_of_the_api_are_explained_without_the_internals_they_mention() {
    let role = "User: arn:aws:sts::111122223333:assumed-role/secret-role/x is not authorized";
    let cases = [
        ("ResourceNotFoundException", "There is no log group \"/app/web\""),
        ("AccessDeniedException", "lacks the permission logs:FilterLogEvents"),
        ("ExpiredTokenException", "have expired"),
        ("UnrecognizedClientException", "does not accept the credentials"),
        ("ServiceUnavailableException", "Try again in a minute"),
        ("BrandNewException", "BrandNewException"),
    ];
    let peer = Peer::answering(cases.map(|(code, _)| error(code, role)));
    let worker = worker(&peer);
    for (code, said) in cases {
        let text = refusal(&worker, arguments());
        assert!(text.contains(said), "{code}: {text}");
        assert!(!text.contains("secret-role") && !text.contains("111122223333"), "{code}: {text}");
    }
}

#[test]
fn a_refused_pattern_is_explained_in_the_words_of_the_api_and_with_the_syntax() {
    let peer = Peer::answering([error("InvalidParameterException", "Invalid filter pattern")]);
    let worker = worker(&peer);
    let text = refusal(&worker, with("pattern", json!("{ $.level = ")));
    assert!(text.starts_with("CloudWatch Logs refuses the request: Invalid filter pattern"), "{text}");
    assert!(text.contains("{ $.level = \"error\" }"), "{text}");
    assert_eq!(refusal(&worker, arguments()), "CloudWatch Logs refuses the request: Invalid filter pattern");
}

#[test]
fn throttling_that_does_not_end_in_time_is_said() {
    let peer = Peer::answering([error("ThrottlingException", "Rate exceeded")]);
    let frames = call_for(&worker(&peer), Duration::from_millis(800));
    assert!(text(&frames[0]["result"]).contains("takes no more requests for now"), "{frames:?}");
    assert!(peer.requests().len() > 1, "it was tried again");
}

#[test]
fn missing_credentials_are_called_missing() {
    let peer = Peer::answering([page(0, &[], None)]);
    let text = refusal(&start(peer.url(), &[]), arguments());
    assert!(text.starts_with("There are no AWS credentials"), "{text}");
}

#[test]
fn a_connection_that_fails_is_not_taken_for_missing_credentials() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let worker = start(&url, &[("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"), ("AWS_SECRET_ACCESS_KEY", "secret")]);
    let text = refusal(&worker, arguments());
    assert_eq!(text, "The connection to CloudWatch Logs failed. Try again in a minute.");
}

#[test]
fn bad_arguments_are_refused_before_anything_is_asked() {
    let peer = Peer::answering([page(0, &[], None)]);
    let worker = worker(&peer);
    for (arguments, said) in [
        (json!({ "log_group": "/app/web" }), "missing field `start_time`"),
        (with("log_group", json!("my group")), "`log_group` is no name"),
        (with("start_time", json!("yesterday")), "as in 15m, 2h or 7d"),
        (with("start_time", json!("2026-02-29")), "which the calendar does not have"),
        (with("end_time", json!("2026-11-20")), "is not after `start_time`"),
        (with("limit", json!(0)), "send 1 to 100000"),
        (with("limit", json!(100_001)), "send 1 to 100000"),
        (with("pattern", json!("x".repeat(1025))), "at most 1024 characters"),
        (with("colour", json!("red")), "unknown field `colour`"),
    ] {
        let text = refusal(&worker, arguments);
        assert!(text.contains(said), "{said:?} is not in {text:?}");
    }
    assert!(peer.requests().is_empty());
}

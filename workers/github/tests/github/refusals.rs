//! Failures, in words the model can act on.

use std::net::TcpListener;
use std::time::{Duration, SystemTime};

use penstock_kit::testing::{Answer, Peer};
use serde_json::json;

use crate::support::{SEARCH, found, refusal, search, start, worker};

fn refused(status: u16, message: &str) -> Answer {
    Answer::json(status, &json!({ "message": message, "documentation_url": "https://docs.github.com/rest" }))
}

/// Seconds since 1970, ten minutes from now.
fn reset() -> String {
    let at = SystemTime::now() + Duration::from_secs(595);
    at.duration_since(SystemTime::UNIX_EPOCH).expect("after 1970").as_secs().to_string()
}

#[test]
fn limits_say_when_to_try_again() {
    let used_up = |status| {
        let answer = refused(status, "API rate limit exceeded for 203.0.113.9.");
        answer.with_header("x-ratelimit-remaining", "0").with_header("x-ratelimit-reset", &reset())
    };
    let peer = Peer::answering([
        used_up(403),
        used_up(429),
        refused(403, "You have exceeded a secondary rate limit.").with_header("retry-after", "40"),
        refused(403, "You have exceeded a secondary rate limit."),
        refused(403, "You have triggered an abuse detection mechanism."),
        refused(429, "Slow down"),
        used_up(403),
    ]);
    let worker = worker(SEARCH, &peer);
    for said in [
        "limit of requests is used up. Try again in 10 minutes. The operator can raise the limit with a token.",
        "limit of requests is used up. Try again in 10 minutes.",
        "takes no more requests from this tool for now. Try again in 40 seconds.",
        "Try again in 60 seconds.",
        "Try again in 60 seconds.",
        "Try again in 60 seconds.",
    ] {
        let text = refusal(&worker, json!({ "query": "x" }));
        assert!(text.contains(said) && !text.contains("203.0.113.9"), "{said:?} is not in {text:?}");
    }
    let text = refusal(&start(SEARCH, &peer, &[("GITHUB_TOKEN", "ghp_abc")]), json!({ "query": "x" }));
    assert!(text.ends_with("Try again in 10 minutes."), "{text}");
}

#[test]
fn a_refused_query_is_answered_with_what_is_wrong_with_it() {
    let invalid = json!({
        "message": "Validation Failed",
        "errors": [{ "message": "The listed users cannot be searched.", "resource": "Search", "field": "q", "code": "invalid" }],
    });
    let peer = Peer::answering([Answer::json(422, &invalid), refused(422, "Validation Failed")]);
    let worker = worker(SEARCH, &peer);
    let text = refusal(&worker, json!({ "query": "user:nobody" }));
    assert_eq!(text, "GitHub refuses the search: The listed users cannot be searched.");
    assert!(refusal(&worker, json!({ "query": "x" })).contains("Send words, and qualifiers"));
}

#[test]
fn other_refusals_say_who_can_do_something_and_nothing_of_what_github_said() {
    let peer = Peer::answering([
        refused(401, "Bad credentials secret"),
        refused(403, "Resource not accessible by secret"),
        refused(404, "Not Found secret"),
        refused(500, "secret"),
        refused(503, "secret"),
        Answer::text(200, "<html>secret</html>"),
        found(&[]),
    ]);
    let worker = worker(SEARCH, &peer);
    for said in [
        "does not accept the token of this tool",
        "lacks a permission",
        "no such thing",
        "fault of its own (HTTP 500)",
        "fault of its own (HTTP 503)",
        "could not be understood",
    ] {
        let text = refusal(&worker, json!({ "query": "x" }));
        assert!(text.contains(said) && !text.contains("secret"), "{said:?} is not in {text:?}");
    }
    assert_eq!(search(&worker, json!({ "query": "x" }))["structuredContent"]["total"], 0, "the worker goes on");
}

#[test]
fn a_connection_that_fails_is_said_to_have_failed() {
    let peer = Peer::answering([found(&[])]);
    let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", free.local_addr().expect("an address"));
    drop(free);
    let text = refusal(&start(SEARCH, &peer, &[("PENSTOCK_GITHUB_URL", &url)]), json!({ "query": "x" }));
    assert_eq!(text, "The connection to GitHub failed. Try again in a minute.");
}

//! Searches that end before their period does, and say so.

use std::time::Duration;

use penstock_kit::testing::{Answer, Peer};
use serde_json::{Value, json};

use crate::support::{FIRST, arguments, body, call, call_for, error, page, text, worker};

/// A page every time, full to its limit, and always another.
fn endless() -> Peer {
    let mut pages = 0;
    Peer::start(move |request| {
        let limit = body(request)["limit"].as_u64().expect("a limit").min(10_000);
        let messages = vec!["[WARN] again"; usize::try_from(limit).expect("a length")];
        pages += 1;
        page(FIRST + pages * 10_000_000, &messages, Some("more"))
    })
}

fn assert_partial(result: &Value, why: &str) {
    assert_eq!(result["isError"], Value::Null, "{:.500}", result.to_string());
    assert_eq!(result["structuredContent"]["complete"], false);
    assert!(text(result).contains(&format!("\nIncomplete: {why}")), "{:.500}", text(result));
}

#[test]
fn the_limit_ends_a_search_and_says_where_to_go_on() {
    let peer = endless();
    let mut arguments = arguments();
    arguments["limit"] = json!(12_345);
    let frames = call(&worker(&peer), arguments);
    let result = &frames.last().expect("frames")["result"];
    assert_partial(result, "The limit of 12345 matches is reached. To go on, send start_time 2026-11-");
    assert_eq!(result["structuredContent"]["matches"], 12_345);
    assert!(result["structuredContent"]["next_start_time"].is_string());
    assert_eq!(text(result).lines().count(), 3 + 12_345);
    let limits: Vec<_> = peer.requests().iter().map(|request| body(request)["limit"].clone()).collect();
    assert_eq!(limits, [10_000, 2_345]);
}

#[test]
fn a_limit_that_is_met_by_the_last_page_leaves_nothing_out() {
    let peer = Peer::answering([page(FIRST, &["one", "two"], None)]);
    let mut arguments = arguments();
    arguments["limit"] = json!(2);
    let frames = call(&worker(&peer), arguments);
    assert_eq!(frames.last().expect("frames")["result"]["structuredContent"]["complete"], true);
}

#[test]
fn a_search_that_is_out_of_time_answers_with_what_it_found() {
    // Empty pages for ever, as of a group in which nothing matches.
    let mut first = true;
    let peer = Peer::start(move |_| {
        let messages: &[_] = if std::mem::take(&mut first) { &["found"] } else { &[] };
        page(FIRST, messages, Some("more"))
    });
    let frames = call_for(&worker(&peer), Duration::from_secs(1));
    let result = &frames.last().expect("frames")["result"];
    assert_partial(result, "Time is up. To go on, send start_time 2026-11-21T18:30:00.000Z");
    assert!(text(result).ends_with(" web/1 found\n"));
}

#[test]
fn a_service_that_takes_no_more_requests_is_asked_again() {
    let throttled = || error("ThrottlingException", "Rate exceeded");
    let peer =
        Peer::answering([throttled(), page(FIRST, &["one"], Some("two")), throttled(), page(FIRST, &["two"], None)]);
    let frames = call(&worker(&peer), arguments());
    let result = &frames.last().expect("frames")["result"];
    assert_eq!(
        (&result["structuredContent"]["matches"], &result["structuredContent"]["complete"]),
        (&json!(2), &json!(true))
    );
    assert_eq!(peer.requests().len(), 4);
}

#[test]
fn a_failure_after_the_first_page_keeps_what_was_found() {
    for (failure, why) in [
        (error("ServiceUnavailableException", "a secret"), "CloudWatch Logs is not available."),
        (Answer::text(200, "nonsense"), "CloudWatch Logs"),
    ] {
        let peer = Peer::answering([page(FIRST, &["found"], Some("two")), failure]);
        let frames = call(&worker(&peer), arguments());
        let result = &frames.last().expect("frames")["result"];
        assert_partial(result, why);
        assert!(text(result).ends_with(" web/1 found\n") && !result.to_string().contains("secret"), "{result}");
    }
}

//! All pages, and what the client hears while they come.

use penstock_kit::testing::{Peer, event};
use serde_json::{Value, json};

use crate::support::{FIRST, arguments, body, call, page, text, worker};

/// 2026-11-21T00:00:00Z and the midnight after it.
const DAY: [i64; 2] = [1_795_219_200_000, 1_795_305_600_000];

#[test]
fn every_page_is_asked_for_and_told_of_empty_ones_too() {
    let peer = Peer::answering([
        page(FIRST, &["[INFO] up\n", "[ERROR] down\n  at main"], Some("two")),
        page(0, &[], Some("three")),
        page(FIRST + 60_000, &["{\"level\":\"error\"}"], None),
    ]);
    let frames = call(&worker(&peer), arguments());
    let kinds: Vec<_> = frames.iter().map(|frame| frame.as_object().expect("a frame").keys().next()).collect();
    assert_eq!(
        kinds,
        ["log", "progress", "progress", "log", "progress", "result"]
            .map(|kind| Some(kind.to_owned()))
            .each_ref()
            .map(Option::as_ref)
    );
    let progress: Vec<_> = frames.iter().filter_map(|frame| frame["progress"]["message"].as_str()).collect();
    assert_eq!(
        progress,
        [
            "page 1: 2 matches so far, up to 2026-11-21T18:30:01.000Z",
            "page 2: 2 matches so far, up to 2026-11-21T18:30:01.000Z",
            "page 3: 3 matches so far, up to 2026-11-21T18:31:00.000Z",
        ]
    );
    let result = &frames[5]["result"];
    assert_eq!(
        text(result),
        "3 matches in /app/web from 2026-11-21T00:00:00.000Z to 2026-11-22T00:00:00.000Z: 2 ERROR, 1 INFO.\n\n\
         2026-11-21T18:30:00.000Z web/1 [INFO] up\n\
         2026-11-21T18:30:01.000Z web/1 [ERROR] down\n    at main\n\
         2026-11-21T18:31:00.000Z web/1 {\"level\":\"error\"}\n"
    );
    assert_eq!(
        result["structuredContent"],
        json!({
            "log_group": "/app/web",
            "start_time": "2026-11-21T00:00:00.000Z",
            "end_time": "2026-11-22T00:00:00.000Z",
            "matches": 3,
            "levels": { "ERROR": 2, "INFO": 1 },
            "complete": true,
        })
    );
    let log: String = frames.iter().filter_map(|frame| frame["log"]["data"].as_str()).collect();
    assert!(text(result).ends_with(&log) && log.lines().count() == 4, "{log}");

    let requests = peer.requests();
    let request = |next: Option<&str>, limit: u32| {
        let mut request = json!({ "logGroupName": "/app/web", "startTime": DAY[0], "endTime": DAY[1], "limit": limit });
        if let Some(next) = next {
            request["nextToken"] = json!(next);
        }
        request
    };
    let bodies: Vec<_> = requests.iter().map(body).collect();
    assert_eq!(bodies, [request(None, 100), request(Some("two"), 98), request(Some("three"), 98)]);
    assert_eq!(requests[0].headers["x-amz-target"], "Logs_20140328.FilterLogEvents");
    assert!(requests[0].headers["authorization"].contains("/eu-central-1/logs/aws4_request"));
}

#[test]
fn a_pattern_is_passed_on_as_it_is_and_a_group_of_another_account_by_its_arn() {
    let peer = Peer::answering([page(0, &[], None)]);
    let mut arguments = arguments();
    arguments["log_group"] = json!("arn:aws:logs:eu-central-1:111122223333:log-group:/app/web");
    arguments["pattern"] = json!("{ $.level = \"error\" }");
    let frames = call(&worker(&peer), arguments);
    let request = body(&peer.requests()[0]);
    assert_eq!(request["filterPattern"], "{ $.level = \"error\" }");
    assert_eq!(request["logGroupIdentifier"], "arn:aws:logs:eu-central-1:111122223333:log-group:/app/web");
    assert!(request.get("logGroupName").is_none());
    let result = &frames[1]["result"];
    assert!(text(result).starts_with("No matches in arn:") && text(result).contains("Try a longer period"), "{result}");
    assert_eq!(result["structuredContent"]["complete"], true);
}

#[test]
fn a_client_that_wants_no_notices_gets_the_result_alone() {
    let peer = Peer::answering([page(FIRST, &["[INFO] up"], None)]);
    let mut event = event("analyze_logs", arguments());
    event["context"]["progress"] = json!(false);
    event["context"]["logLevel"] = Value::Null;
    let frames = worker(&peer).invoke(&event).frames().expect("the worker contract");
    assert_eq!(frames.len(), 1);
    assert!(text(&frames[0]["result"]).contains("1 match in /app/web"), "{frames:?}");
}

#[test]
fn matches_of_any_length_are_told_in_messages_that_fit() {
    // A backslash takes two bytes in JSON.
    let message = "\\".repeat(300_000);
    let peer = Peer::answering([page(FIRST, &[&message, "short"], None)]);
    let frames = call(&worker(&peer), arguments());
    let log: String = frames.iter().filter_map(|frame| frame["log"]["data"].as_str()).collect();
    let (result, before) = frames.split_last().expect("frames");
    assert!(text(&result["result"]).ends_with(&log) && log.contains(&message) && log.ends_with("short\n"));
    assert!(before.len() > 9, "{} messages", before.len());
}

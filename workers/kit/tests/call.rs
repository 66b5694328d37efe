//! What a tool learns from its call, and what it can tell the client on the way.

mod support;

use penstock_kit::testing;
use serde_json::{Value, json};
use support::Probe;

async fn talk(progress: bool, log_level: Option<&str>) -> Vec<Value> {
    let mut event = testing::event("probe", json!({ "act": "talk" }));
    event["context"]["progress"] = json!(progress);
    event["context"]["logLevel"] = json!(log_level);
    let mut frames = testing::send(Probe, &event).await;
    assert!(frames.pop().is_some_and(|end| end["result"].is_object()), "{frames:?}");
    frames
}

#[tokio::test]
async fn progress_is_sent_if_the_client_asked_and_fits_in_a_frame() {
    assert_eq!(
        talk(true, None).await,
        [
            json!({ "progress": { "progress": 1, "message": "without a total" } }),
            json!({ "progress": { "progress": 3, "total": 3, "message": "done" } }),
        ]
    );
}

#[tokio::test]
async fn log_messages_are_sent_from_the_level_the_client_wants_if_they_fit_in_a_frame() {
    let warning = json!({ "log": { "level": "warning", "data": { "structured": [1, 2] } } });
    let debug = json!({ "log": { "level": "debug", "data": "small" } });
    assert_eq!(talk(false, Some("debug")).await, [debug, warning.clone()]);
    assert_eq!(talk(false, Some("info")).await, [warning]);
    assert_eq!(talk(false, Some("alert")).await, [] as [Value; 0]);
    assert_eq!(talk(false, None).await, [] as [Value; 0]);
}

#[tokio::test]
async fn a_tool_sees_who_calls_and_on_what_terms() {
    let mut event = testing::event("probe", json!({ "act": "describe" }));
    let context = &mut event["context"];
    context["requestId"] = json!("seven");
    context["protocolVersion"] = json!("2025-06-18");
    context["clientCapabilities"] = json!({ "sampling": {} });
    context["trace"] = json!({ "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" });
    context["caller"] =
        json!({ "subject": "alice", "issuer": "https://login.example.com", "scopes": ["read"], "tenant": "acme" });
    let frames = testing::send(Probe, &event).await;
    let seen = &frames[0]["result"]["structuredContent"]["value"];
    assert_eq!(seen["requestId"], "\"seven\"");
    assert_eq!(seen["revision"], "2025-06-18");
    assert_eq!(seen["subject"], "alice");
    assert_eq!(seen["tenant"], "acme");
    assert_eq!(seen["traceparent"], event["context"]["trace"]["traceparent"]);
    assert_eq!(seen["capabilities"], "{\"sampling\":{}}");
    assert_eq!((&seen["can_sample"], &seen["can_elicit"]), (&json!(true), &json!(false)));
    assert!(seen["seconds_left"].as_u64().is_some_and(|seconds| seconds > 0), "{seen}");
    assert_eq!(seen["deadline_ahead"], true);
}

#[tokio::test]
async fn a_call_without_authentication_has_no_caller() {
    let frames = testing::call(Probe, json!({ "act": "describe" })).await;
    let seen = &frames[0]["result"]["structuredContent"]["value"];
    assert_eq!((&seen["subject"], &seen["capabilities"]), (&Value::Null, &Value::Null));
    assert_eq!(seen["can_sample"], false);
}

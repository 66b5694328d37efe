//! Every call ends with exactly one terminal frame, whatever the tool does.

mod support;

use std::time::Duration;

use penstock_kit::testing;
use serde_json::{Value, json};
use support::Probe;

/// The only frame of a call.
async fn end(arguments: Value) -> Value {
    let mut frames = testing::call(Probe, arguments).await;
    assert_eq!(frames.len(), 1, "{frames:?}");
    frames.remove(0)
}

/// The text of a result with `isError`.
async fn failure(arguments: Value) -> String {
    let frame = end(arguments).await;
    assert_eq!(frame["result"]["isError"], true, "{frame}");
    frame["result"]["content"][0]["text"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn output_is_structured_content_and_the_same_json_as_text() {
    let frame = end(json!({ "act": "answer", "nested": [{ "count": 2 }] })).await;
    let output = json!({ "value": { "nested": 2, "text": "ü\n" } });
    assert_eq!(frame["result"]["structuredContent"], output);
    let text = frame["result"]["content"][0]["text"].as_str().expect("a text block");
    assert_eq!(serde_json::from_str::<Value>(text).ok(), Some(output));
    assert!(frame["result"].get("isError").is_none(), "{frame}");
    assert!(frame["result"].get("_meta").is_none(), "{frame}");
}

#[tokio::test]
async fn content_of_the_tools_own_replaces_the_json_text() {
    let frame = end(json!({ "act": "decorate" })).await;
    assert_eq!(frame["result"]["content"], json!([{ "type": "text", "text": "in words" }]));
    assert_eq!(frame["result"]["structuredContent"], json!({ "value": null }));
    assert_eq!(frame["result"]["_meta"], json!({ "example.org/cost": 3 }));
}

#[tokio::test]
async fn a_failure_is_a_result_the_model_can_read() {
    assert_eq!(failure(json!({ "act": "fail" })).await, "the moon is down; try tomorrow");
}

#[tokio::test]
async fn bad_arguments_are_a_result_that_names_the_member_and_what_it_should_be() {
    assert_eq!(failure(json!({})).await, "arguments: missing field `act`");
    assert_eq!(
        failure(json!({ "act": "answer", "nested": [{ "count": 1 }, { "count": "two" }] })).await,
        "`nested[1].count`: invalid type: string \"two\", expected u32"
    );
    assert!(failure(json!({ "act": "dance" })).await.starts_with("`act`: unknown variant `dance`, expected one of"));
    assert_eq!(failure(json!("act")).await, "`arguments` must be an object");
}

#[tokio::test]
async fn a_protocol_error_keeps_its_code_and_data() {
    let error = json!({ "code": -32021, "message": "no", "data": { "requiredCapabilities": { "sampling": {} } } });
    assert_eq!(end(json!({ "act": "refuse" })).await, json!({ "error": error }));
}

#[tokio::test]
async fn an_error_longer_than_a_frame_may_be_is_replaced() {
    let error = json!({ "code": -32603, "message": "the tool's error is too large" });
    assert_eq!(end(json!({ "act": "refuse_at_length" })).await, json!({ "error": error }));
}

#[tokio::test]
async fn a_panic_is_an_error_without_the_panics_text() {
    let error = json!({ "code": -32603, "message": "the tool failed unexpectedly" });
    assert_eq!(end(json!({ "act": "panic" })).await, json!({ "error": error }));
}

#[tokio::test]
async fn output_that_is_no_json_is_an_error() {
    let error = json!({ "code": -32603, "message": "the tool's output is not JSON" });
    assert_eq!(end(json!({ "act": "garble" })).await, json!({ "error": error }));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_hangs_is_stopped_before_its_deadline() {
    let start = tokio::time::Instant::now();
    let mut event = testing::event("probe", json!({ "act": "hang" }));
    event["context"]["deadlineMs"] = json!(testing::deadline_ms(Duration::from_secs(10)));
    let frames = testing::send(Probe, &event).await;
    assert_eq!(frames[0]["result"]["isError"], true, "{frames:?}");
    // The clock is the test's own: it stands still but for the call's timer.
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn a_deadline_in_the_past_still_gets_an_answer() {
    let mut event = testing::event("probe", json!({ "act": "hang" }));
    event["context"]["deadlineMs"] = json!(0);
    let frames = testing::send(Probe, &event).await;
    assert_eq!(frames[0]["result"]["isError"], true, "{frames:?}");
}

#[tokio::test]
async fn an_event_that_is_no_call_of_this_tool_is_an_error() {
    let send = async |event: Value| testing::send(Probe, &event).await[0]["error"]["code"].clone();
    assert_eq!(send(json!({})).await, -32600);
    assert_eq!(send(testing::event("other", json!({}))).await, -32602);
    let mut event = testing::event("probe", json!({}));
    event["method"] = json!("prompts/get");
    assert_eq!(send(event.clone()).await, -32601);
    event["method"] = json!("tools/call");
    event["params"] = json!({ "arguments": {} });
    assert_eq!(send(event).await, -32602);
}

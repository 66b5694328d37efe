//! Structured content against the tool's `outputSchema`.

use crate::support::{call, entry, gateway, messages, post, rest};
use serde_json::{Value, json};

const MEGABYTE: usize = 1024 * 1024;

fn tool(contract: &str) -> Value {
    let mut tool = entry("tool");
    tool["contract"] = json!(contract);
    tool["definition"]["outputSchema"] =
        json!({ "type": "object", "properties": { "celsius": { "type": "number" } }, "required": ["celsius"] });
    tool
}

/// The answer to a call whose worker says `text`, in two pieces cut at `cut`.
async fn answer(contract: &str, text: &str, cut: usize) -> Value {
    let (gateway, worker) = gateway(&[tool(contract)]);
    let (first, second) = text.as_bytes().split_at(cut);
    let (first, second) = (first.to_vec(), second.to_vec());
    tokio::spawn(async move {
        worker.says(first).await;
        worker.says(second).await;
    });
    call().json(&gateway).await.1
}

fn frame(result: &str) -> String {
    format!("{{\"result\":{result}}}\n")
}

/// R-9: content that does not conform, or is missing, never reaches the client.
#[tokio::test]
async fn a_result_that_breaks_the_tools_own_promise_is_an_error() {
    for result in [
        r#"{"content":[],"structuredContent":{"celsius":"warm"}}"#,
        r#"{"content":[],"structuredContent":[8]}"#,
        r#"{"content":[]}"#,
        r#"{"content":[],"isError":false}"#,
        r#"{"_meta":{"isError":true,"structuredContent":{"celsius":8}},"content":[]}"#,
        r#"{"structuredContent":{"celsius":8},"structuredContent":{"celsius":"warm"},"content":[]}"#,
        r#"{"structuredContent":{"celsius":8,"celsius":"warm"},"content":[]}"#,
    ] {
        let body = answer("frames", &frame(result), 1).await;
        assert_eq!(body["error"]["code"], -32603, "{result}: {body}");
        assert_eq!(body["error"]["data"], json!({ "reason": "contract" }), "{result}");
        assert!(!body.to_string().contains("warm"), "{body}");
    }
}

#[tokio::test]
async fn a_result_that_keeps_the_promise_passes_however_it_is_cut_and_spelled() {
    let text = frame(r#"{"content":[],"structured\u0043ontent" : { "celsius" :	8.50 } ,"isError" : false }"#);
    for cut in 0..text.len() {
        let body = answer("frames", &text, cut).await;
        assert_eq!(body["result"]["structuredContent"], json!({ "celsius": 8.5 }), "cut at {cut}: {body}");
    }
}

#[tokio::test]
async fn a_tool_that_failed_owes_no_structured_content() {
    for result in [r#"{"content":[],"isError":true}"#, r#"{"isError": true ,"structuredContent":{},"content":[]}"#] {
        let body = answer("frames", &frame(result), 1).await;
        assert_eq!(body["result"]["isError"], true, "{body}");
    }
}

#[tokio::test]
async fn functions_that_return_one_value_are_held_to_the_schema_too() {
    for (text, conforms) in [
        (r#"{"celsius":8}"#, true),
        (r#"{"celsius":"warm"}"#, false),
        ("[8]", false),
        (r#"{"content":[],"structuredContent":{"celsius":8}}"#, true),
        (r#"{"content":[]}"#, false),
    ] {
        let body = answer("event", text, 1).await;
        assert_eq!(body.get("result").is_some(), conforms, "{text}: {body}");
    }
}

/// L-10: a handshake client never sees content that is no object, and it is an error all the same.
#[tokio::test]
async fn handshake_clients_are_told_as_well() {
    let (gateway, worker) = gateway(&[tool("frames")]);
    worker.says(frame(r#"{"content":[],"structuredContent":[8]}"#)).await;
    drop(worker);
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": { "name": "tool" } });
    let (_, body) = post(&body.to_string()).header("mcp-protocol-version", "2025-11-25").json(&gateway).await;
    assert_eq!(body["error"]["data"]["reason"], "contract", "{body}");
}

/// Part of the result has left by the time the rest turns out wrong: the client is told to skip it.
#[tokio::test]
async fn half_a_result_that_has_left_is_taken_back() {
    let (gateway, worker) = gateway(&[tool("frames")]);
    let filler = "x".repeat(200_000);
    tokio::spawn(async move {
        worker.says("{\"progress\":{\"progress\":1}}\n").await;
        worker.says(format!(r#"{{"result":{{"content":[{{"type":"text","text":"{filler}"#)).await;
        worker.says("\"}],\"structuredContent\":{\"celsius\":\"warm\"}}}\n").await;
    });
    let response = call().send(&gateway).await;
    let stream = rest(response.into_body()).await;
    assert!(stream.contains("xxx"), "nothing had left");
    let last = messages(&stream).pop().expect("a response");
    assert_eq!((&last["error"]["code"], &last["error"]["data"]["reason"]), (&json!(-32603), &json!("contract")));
}

/// S-7: what is kept for checking is bounded; more passes unchecked.
#[tokio::test]
async fn content_beyond_the_bound_passes_unchecked() {
    for (length, conforms) in [(MEGABYTE - 100, false), (MEGABYTE, true)] {
        let (gateway, worker) = gateway(&[tool("frames")]);
        let result = json!({ "content": [], "structuredContent": { "filler": "x".repeat(length) } });
        let text = frame(&result.to_string());
        tokio::spawn(async move { worker.says(text).await });
        let (_, body) = call().json(&gateway).await;
        assert_eq!(body.get("result").is_some(), conforms, "{length}");
    }
}

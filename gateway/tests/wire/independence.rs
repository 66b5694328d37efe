//! Requests of 2026-07-28 stand alone: nothing one of them says or does shows in the next.

use serde_json::{Value, json};

use crate::answering;
use crate::support::{call, entry, meta, request, rest};

const ASKS: &str = r#"{"inputRequired":{"inputRequests":{"k":{"method":"roots/list"}}}}"#;
const RESULT: &str = r#"{"result":{"content":[]}}"#;

/// M-3: capabilities, log level and progress token hold for the request that states them.
#[tokio::test]
async fn what_one_request_declares_the_next_has_not_declared() {
    let (gateway, calls) = answering::gateway(&[entry("tool")], |_| ASKS.to_owned(), |services| services);
    let mut declared = meta();
    declared["io.modelcontextprotocol/clientCapabilities"] = json!({ "roots": {} });
    declared["io.modelcontextprotocol/logLevel"] = json!("debug");
    declared["progressToken"] = json!("token");
    let params = json!({ "name": "tool", "_meta": declared });
    let (_, first) = request("tools/call", params).json(&gateway).await;
    assert_eq!(first["result"]["resultType"], "input_required");
    let undeclared = request("tools/call", json!({ "name": "tool" }));
    assert_eq!(undeclared.refusal(&gateway).await, (400, -32021));
    let context = &calls.last()["context"];
    assert_eq!((&context["progress"], &context["logLevel"]), (&json!(false), &Value::Null));
}

/// R-4: calls have no side effects on lists, and who asked before does not matter.
#[tokio::test]
async fn a_list_is_the_same_bytes_before_and_after_a_call() {
    let entries = [entry("tool"), entry("other")];
    let (gateway, _calls) = answering::gateway(&entries, |_| RESULT.to_owned(), |services| services);
    let list = request("tools/list", json!({}));
    let before = rest(list.send(&gateway).await.into_body()).await;
    call().send(&gateway).await;
    assert_eq!(rest(list.send(&gateway).await.into_body()).await, before);
}

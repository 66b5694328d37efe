//! `Mcp-Method` and `Mcp-Name`: what a proxy saw is what runs.

use crate::support::{call, one_tool, post, request, scripted};
use bytes::Bytes;
use serde_json::json;

const MISMATCH: (u16, i64) = (400, -32020);

/// H-12: the value has a case, the name has none, and only names and arguments may be encoded.
#[tokio::test]
async fn the_method_header_must_say_what_the_body_says() {
    let (gateway, _worker) = one_tool();
    let list = request("tools/list", json!({}));
    assert_eq!(list.clone().without("mcp-method").refusal(&gateway).await, MISMATCH);
    for value in ["tools/call", "Tools/List", "tools/list, tools/list", "", "=?base64?dG9vbHMvbGlzdA==?="] {
        assert_eq!(list.clone().header("mcp-method", value).refusal(&gateway).await, MISMATCH, "{value:?}");
    }
    assert_eq!(list.clone().also("mcp-method", "tools/list").refusal(&gateway).await, MISMATCH, "sent twice");
    let renamed = list.clone().without("mcp-method").also("MCP-Method", "tools/list");
    assert_eq!(renamed.json(&gateway).await.0, 200);
    assert_eq!(list.header("mcp-method", " \ttools/list ").json(&gateway).await.0, 200);
}

/// H-13, H-15, H-17.
#[tokio::test]
async fn the_name_header_must_say_what_the_body_says() {
    let (gateway, worker) = one_tool();
    assert_eq!(call().without("mcp-name").refusal(&gateway).await, MISMATCH);
    for value in
        ["other", "TOOL", "=?base64?dG9vbA=?=", "=?base64?dG9v bA==?=", "=?base64?/////w==?=", "=?base64?dG9vbA=="]
    {
        assert_eq!(call().header("mcp-name", value).refusal(&gateway).await, MISMATCH, "{value:?}");
    }
    assert_eq!(call().header("mcp-name", "t\u{f6}ol".as_bytes()).refusal(&gateway).await, MISMATCH);
    assert!(worker.invocations().is_empty(), "policy by header must hold");
}

#[tokio::test]
async fn a_name_in_base64_is_the_same_name() {
    let result = Bytes::from_static(b"{\"result\":{\"content\":[]}}\n");
    let (status, _) = call().header("mcp-name", "=?base64?dG9vbA==?=").json(&scripted([Ok(result)])).await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn a_version_header_sent_twice_is_refused() {
    let (gateway, _worker) = one_tool();
    let list = request("tools/list", json!({}));
    assert_eq!(list.also("mcp-protocol-version", "2026-07-28").refusal(&gateway).await, MISMATCH);
}

#[tokio::test]
async fn handshake_clients_need_no_routing_headers_but_may_not_lie_in_them() {
    let (gateway, worker) = one_tool();
    let body = r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"tool"}}"#;
    let call = post(body).header("mcp-protocol-version", "2025-11-25");
    assert_eq!(call.clone().header("mcp-name", "other").refusal(&gateway).await, MISMATCH);
    assert_eq!(call.header("mcp-method", "tools/list").refusal(&gateway).await, MISMATCH);
    assert!(worker.invocations().is_empty());
}

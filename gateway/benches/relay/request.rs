//! What clients send.

use bytes::Bytes;
use http::Request;
use http::request::Builder;
use serde_json::{Value, json};

/// `tools/list` of 2026-07-28.
pub(crate) fn list() -> Request<Bytes> {
    stateless("tools/list", json!({}))
}

/// A call of `tool_0` in 2026-07-28.
pub(crate) fn call(arguments: &Value) -> Request<Bytes> {
    stateless("tools/call", json!({ "name": "tool_0", "arguments": arguments }))
}

/// The same call, with the answer to what it asked for.
pub(crate) fn retry(arguments: &Value, state: &str) -> Request<Bytes> {
    let answers = json!({ "who": { "action": "accept", "content": { "age": 7 } } });
    let params = json!({ "name": "tool_0", "arguments": arguments, "requestState": state, "inputResponses": answers });
    stateless("tools/call", params)
}

/// Opens a session of 2025-11-25.
pub(crate) fn initialize() -> Request<Bytes> {
    let client = json!({ "name": "client", "version": "1" });
    let params = json!({ "protocolVersion": "2025-11-25", "capabilities": { "roots": {} }, "clientInfo": client });
    body(post(), "initialize", &params)
}

/// A call of `tool_0` in a session.
pub(crate) fn call_in(session: &str, arguments: &Value) -> Request<Bytes> {
    let request = post().header("mcp-session-id", session).header("mcp-protocol-version", "2025-11-25");
    body(request, "tools/call", &json!({ "name": "tool_0", "arguments": arguments }))
}

fn stateless(method: &str, mut params: Value) -> Request<Bytes> {
    let mut request = post().header("mcp-protocol-version", "2026-07-28").header("mcp-method", method);
    if let Some(name) = params["name"].as_str() {
        request = request.header("mcp-name", name);
    }
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": { "elicitation": { "form": {} } },
        "progressToken": 1,
    });
    body(request, method, &params)
}

fn post() -> Builder {
    Request::post("/mcp")
        .header("host", "127.0.0.1:3000")
        .header("content-type", "application/json")
        .header("accept", "application/json, text/event-stream")
}

fn body(request: Builder, method: &str, params: &Value) -> Request<Bytes> {
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    request.body(Bytes::from(body.to_string())).expect("a sound request")
}

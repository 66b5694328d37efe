//! The MCP of a site: one tool, three revisions.

use serde_json::{Value, json};

use super::server::{Answer, Asked};

/// Answers as a good server does.
pub(crate) fn speak(asked: &Asked) -> Answer {
    let modern = asked.header("mcp-protocol-version") == "2026-07-28";
    match asked.body["method"].as_str().unwrap_or_default() {
        "initialize" => initialize(asked),
        "notifications/initialized" => Answer::new(202),
        "server/discover" => result(&json!({ "resultType": "complete", "supportedVersions": [], "capabilities": {} })),
        "tools/list" if modern => result(&list()),
        "tools/list" => {
            result(&json!({ "tools": [{ "name": "long_operation", "inputSchema": { "type": "object" } }] }))
        }
        "tools/call" => call(300),
        _ => Answer::new(404),
    }
}

pub(crate) fn list() -> Value {
    let tools = json!([{ "name": "long_operation", "inputSchema": { "type": "object" } }]);
    json!({ "resultType": "complete", "ttlMs": 60_000, "cacheScope": "private", "tools": tools })
}

pub(crate) fn result(result: &Value) -> Answer {
    Answer::json(200, &json!({ "jsonrpc": "2.0", "id": 1, "result": result }))
}

pub(crate) fn error(status: u16, code: i64, message: &str) -> Answer {
    Answer::json(status, &json!({ "jsonrpc": "2.0", "id": 1, "error": { "code": code, "message": message } }))
}

fn initialize(asked: &Asked) -> Answer {
    let version = &asked.body["params"]["protocolVersion"];
    result(&json!({ "protocolVersion": version, "capabilities": {}, "serverInfo": { "name": "site", "version": "1" } }))
        .header("mcp-session-id", "one")
}

/// Four steps, each after a pause of so many milliseconds, and the result.
pub(crate) fn call(pause: u64) -> Answer {
    let steps = (1..=4).fold(stream(), |answer, step| answer.part(pause, progress(step)));
    steps.part(pause, done())
}

pub(crate) fn stream() -> Answer {
    Answer::new(200)
        .header("content-type", "text/event-stream")
        .header("cache-control", "no-cache, no-transform")
        .header("x-accel-buffering", "no")
}

pub(crate) fn progress(step: u32) -> String {
    let params = json!({ "progressToken": 1, "progress": step });
    format!("data: {}\n\n", json!({ "jsonrpc": "2.0", "method": "notifications/progress", "params": params }))
}

pub(crate) fn done() -> String {
    let result = json!({ "resultType": "complete", "content": [] });
    format!("data: {}\n\n", json!({ "jsonrpc": "2.0", "id": 1, "result": result }))
}

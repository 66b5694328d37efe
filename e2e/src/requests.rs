//! MCP requests as a 2026-07-28 client writes them.

use serde_json::{Value, json};

/// The revision these requests are written in.
pub const REVISION: &str = "2026-07-28";

/// `_meta` with what the revision wants on every request.
pub fn meta() -> Value {
    json!({
        "io.modelcontextprotocol/protocolVersion": REVISION,
        "io.modelcontextprotocol/clientCapabilities": {},
    })
}

/// The body of a call of `tool`, asking for progress.
pub fn call(id: u64, tool: &str, arguments: &Value) -> Value {
    let mut meta = meta();
    meta["progressToken"] = json!(id);
    json!({
        "jsonrpc": "2.0",
        "id": id,
        "method": "tools/call",
        "params": { "name": tool, "arguments": arguments, "_meta": meta },
    })
}

/// The body of any other request.
pub fn request(id: u64, method: &str) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": { "_meta": meta() } })
}

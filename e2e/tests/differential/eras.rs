//! Requests that mix the revisions.

use serde_json::{Value, json};

use crate::headers::request;
use crate::peer::TOOL;
use crate::wire::{Case, Raw};

const VERSION: &str = "mcp-protocol-version";

const HANDSHAKE: [&str; 3] = ["2025-03-26", "2025-06-18", "2025-11-25"];

/// A request without any header of a revision.
fn bare(method: &str, params: &Value) -> Raw {
    Raw::post(json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }).to_string())
}

/// `_meta` of this protocol version.
fn meta(version: &Value) -> Value {
    json!({ "_meta": {
        "io.modelcontextprotocol/protocolVersion": version,
        "io.modelcontextprotocol/clientCapabilities": {},
    } })
}

fn initialize(version: &str) -> Raw {
    let client = json!({ "name": "c", "version": "1" });
    bare("initialize", &json!({ "protocolVersion": version, "capabilities": {}, "clientInfo": client }))
}

/// Every case of this file.
pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    let mut add = |name: &str, request: Raw| cases.push(Case { name: format!("eras: {name}"), request });
    after_a_handshake(&mut add);
    without_one(&mut add);
    cases
}

fn after_a_handshake(add: &mut impl FnMut(&str, Raw)) {
    for version in HANDSHAKE {
        add(&format!("initialize {version}"), initialize(version));
        add(&format!("list {version}"), bare("tools/list", &json!({})).header(VERSION, version));
        add(&format!("unknown method {version}"), bare("nobody/knows", &json!({})).header(VERSION, version));
        add(&format!("discover {version}"), bare("server/discover", &json!({})).header(VERSION, version));
        let both = bare("tools/list", &meta(&json!(version))).header(VERSION, version);
        add(&format!("_meta {version}"), both);
        let batch = r#"[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","id":2,"method":"tools/list"}]"#;
        add(&format!("batch {version}"), Raw::post(batch).header(VERSION, version));
        let call = json!({ "name": TOOL, "arguments": { "value": "a" } });
        add(&format!("call {version}"), bare("tools/call", &call).header(VERSION, version));
        let liar = bare("tools/call", &call).header(VERSION, version).header("mcp-name", "other");
        add(&format!("call with another name {version}"), liar);
        let response = Raw::post(r#"{"jsonrpc":"2.0","id":1,"result":{}}"#).header(VERSION, version);
        add(&format!("response {version}"), response);
        let notification = Raw::post(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#);
        add(&format!("notification {version}"), notification.header(VERSION, version));
    }
    for version in ["2026-07-28", "2024-11-05", "1999-01-01", ""] {
        add(&format!("initialize {version:?}"), initialize(version));
    }
    add("initialize without params", bare("initialize", &json!({})));
    add("initialize without a version", bare("initialize", &json!({ "capabilities": {} })));
    add("list without a version", bare("tools/list", &json!({})));
    add("unknown header version", bare("tools/list", &json!({})).header(VERSION, "2099-01-01"));
    add("2024-11-05 by header", bare("tools/list", &json!({})).header(VERSION, "2024-11-05"));
}

fn without_one(add: &mut impl FnMut(&str, Raw)) {
    for method in ["initialize", "ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe"] {
        add(&format!("modern {method}"), request(method, json!({})));
    }
    for method in
        ["nobody/knows", "prompts/list", "resources/list", "resources/templates/list", "tasks/result", "tasks/list", ""]
    {
        add(&format!("modern {method:?}"), request(method, json!({})));
    }
    add("modern discover", request("server/discover", json!({})));
    let modern =
        |params: &Value| bare("tools/list", params).header(VERSION, "2026-07-28").header("mcp-method", "tools/list");
    add("modern header without _meta", modern(&json!({})));
    add("modern header with empty _meta", modern(&json!({ "_meta": {} })));
    add("modern header with _meta that is no object", modern(&json!({ "_meta": 5 })));
    add("modern _meta without a header", bare("tools/list", &meta(&json!("2026-07-28"))));
    add("modern _meta with an older header", modern(&meta(&json!("2026-07-28"))).header(VERSION, "2025-11-25"));
    add("older _meta with a modern header", modern(&meta(&json!("2025-11-25"))));
    add("version in _meta that is a number", modern(&meta(&json!(20_260_728))));
    add("unknown version everywhere", modern(&meta(&json!("2099-01-01"))).header(VERSION, "2099-01-01"));
    add("unknown version in _meta", modern(&meta(&json!("2099-01-01"))));
    let mut incapable = meta(&json!("2026-07-28"));
    incapable["_meta"].as_object_mut().expect("an object").remove("io.modelcontextprotocol/clientCapabilities");
    add("_meta without capabilities", modern(&incapable));
    incapable["_meta"]["io.modelcontextprotocol/clientCapabilities"] = json!([]);
    add("_meta with capabilities that are no object", modern(&incapable));
    let mut client = meta(&json!("2026-07-28"));
    client["_meta"]["io.modelcontextprotocol/clientInfo"] = json!(5);
    add("_meta with client info that is no object", modern(&client));
    let mut loud = meta(&json!("2026-07-28"));
    loud["_meta"]["io.modelcontextprotocol/logLevel"] = json!("loud");
    add("_meta with an unknown log level", modern(&loud));
    add("modern response", Raw::post(r#"{"jsonrpc":"2.0","id":1,"result":{}}"#).header(VERSION, "2026-07-28"));
    let notification = Raw::post(r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#);
    add("modern notification", notification.clone().header(VERSION, "2026-07-28"));
    add("notification of an unknown version", notification.header(VERSION, "2099-01-01"));
    let batch = r#"[{"jsonrpc":"2.0","id":1,"method":"ping"}]"#;
    add("modern batch", Raw::post(batch).header(VERSION, "2026-07-28"));
}

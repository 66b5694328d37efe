//! Requests of 2026-07-28 whose headers say too little, too much or something else.

use http::Method;
use serde_json::{Value, json};

use crate::peer::TOOL;
use crate::wire::{Case, Raw};

const VERSION: &str = "mcp-protocol-version";
const METHOD: &str = "mcp-method";
const NAME: &str = "mcp-name";
const VALUE: &str = "mcp-param-value";

/// A sound request of 2026-07-28.
pub(crate) fn request(method: &str, params: Value) -> Raw {
    let mut params = params;
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    Raw::post(body.to_string()).header(VERSION, "2026-07-28").header(METHOD, method)
}

/// A sound call with `value`, which `header` repeats.
fn call(value: &str, header: &str) -> Raw {
    request("tools/call", json!({ "name": TOOL, "arguments": { "value": value } }))
        .header(NAME, TOOL)
        .header(VALUE, header)
}

fn list() -> Raw {
    request("tools/list", json!({}))
}

/// Values of a header that all mean something else than the body, or nothing, by name.
const METHODS: [(&str, &[u8]); 7] = [
    ("other", b"tools/call"),
    ("upper case", b"Tools/List"),
    ("empty", b""),
    ("joined", b"tools/list, tools/list"),
    ("padded", b" \ttools/list\t "),
    ("Base64", b"=?base64?dG9vbHMvbGlzdA==?="),
    ("beyond ASCII", b"tools/list\xe9"),
];

const NAMES: [(&str, &[u8]); 10] = [
    ("other", b"other"),
    ("upper case", b"TEST_CUSTOM_HEADER"),
    ("empty", b""),
    ("padded", b"\t test_custom_header "),
    ("Base64", b"=?base64?dGVzdF9jdXN0b21faGVhZGVy?="),
    ("Base64 of another", b"=?base64?b3RoZXI=?="),
    ("Base64 unpadded", b"=?base64?dGVzdF9jdXN0b21faGVhZGV?="),
    ("Base64 of another alphabet", b"=?base64?_-__?="),
    ("Base64 in upper case", b"=?BASE64?dGVzdF9jdXN0b21faGVhZGVy?="),
    ("Base64 without an end", b"=?base64?dGVzdF9jdXN0b21faGVhZGVy"),
];

/// The value in the body, and the header.
const VALUES: [(&str, &str, &str); 12] = [
    ("equal", "eu", "eu"),
    ("other", "eu", "us"),
    ("upper case", "eu", "EU"),
    ("padded", "eu", "  eu "),
    ("padded in the body", " eu ", "eu"),
    ("padded in the body and encoded", " eu ", "=?base64?IGV1IA==?="),
    ("Base64", "Hello", "=?base64?SGVsbG8=?="),
    ("Base64 unpadded", "Hello", "=?base64?SGVsbG8?="),
    ("Base64 with trailing bits", "Hello", "=?base64?SGVsbG9=?="),
    ("Base64 of no UTF-8", "Hello", "=?base64?/////w==?="),
    ("no beginning", "SGVsbG8=?=", "SGVsbG8=?="),
    ("no end", "=?base64?SGVsbG8=", "=?base64?SGVsbG8="),
];

/// Every case of this file.
pub(crate) fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut add = |name: &str, request: Raw| cases.push(Case { name: name.to_owned(), request });
    add("modern: list", list());
    add("modern: call", call("eu", "eu"));
    add("version missing", list().without(VERSION));
    add("version twice", list().also(VERSION, "2026-07-28"));
    add("version twice and different", list().also(VERSION, "2025-11-25"));
    add("version joined", list().header(VERSION, "2026-07-28, 2026-07-28"));
    add("version empty", list().header(VERSION, ""));
    add("version padded", list().header(VERSION, " 2026-07-28\t"));
    add("version different", list().header(VERSION, "2025-11-25"));
    add("version unknown in the header", list().header(VERSION, "2099-01-01"));
    add("method missing", list().without(METHOD));
    add("method twice", list().also(METHOD, "tools/list"));
    for (name, value) in METHODS {
        add(&format!("method {name}"), list().header(METHOD, value));
    }
    add("name missing", call("eu", "eu").without(NAME));
    add("name twice", call("eu", "eu").also(NAME, TOOL));
    add("name where none belongs", list().header(NAME, "x"));
    for (name, value) in NAMES {
        add(&format!("name {name}"), call("eu", "eu").header(NAME, value));
    }
    add("value missing", call("eu", "eu").without(VALUE));
    add("value twice", call("eu", "eu").also(VALUE, "eu"));
    add("value beyond ASCII", call("é", "é"));
    add("value of no argument", request("tools/call", json!({ "name": TOOL })).header(NAME, TOOL).header(VALUE, "eu"));
    add(
        "value of null",
        request("tools/call", json!({ "name": TOOL, "arguments": { "value": null } })).header(NAME, TOOL),
    );
    add("value nobody asked for", call("eu", "eu").header("mcp-param-other", "x"));
    for (name, body, header) in VALUES {
        add(&format!("value {name}"), call(body, header));
    }
    cases.extend(http());
    // Names are unique across headers: each says which it is about.
    for case in &mut cases {
        case.name.insert_str(0, "headers: ");
    }
    cases
}

/// What HTTP itself says: methods, media types, hosts.
fn http() -> Vec<Case> {
    let mut cases = Vec::new();
    let mut add = |name: String, request: Raw| cases.push(Case { name, request });
    for method in [Method::GET, Method::DELETE, Method::PUT, Method::PATCH] {
        add(format!("{method}"), list().method(method.clone()));
        let older =
            Raw::post("").method(method.clone()).header(VERSION, "2025-11-25").header("accept", "text/event-stream");
        add(format!("{method} with a session"), older.header("mcp-session-id", "s").header("last-event-id", "1"));
    }
    for kind in
        ["application/json; charset=utf-8", "APPLICATION/JSON", "text/plain", "application/jsonx", "text/json", ""]
    {
        add(format!("content type {kind:?}"), list().header("content-type", kind));
    }
    add("content type missing".to_owned(), list().without("content-type"));
    for accept in [
        "*/*",
        "application/json",
        "text/event-stream",
        "application/*",
        "text/html",
        "",
        "application/json;q=0, text/event-stream",
    ] {
        add(format!("accept {accept:?}"), list().header("accept", accept));
    }
    add("accept missing".to_owned(), list().without("accept"));
    add(
        "accept in two headers".to_owned(),
        list().header("accept", "application/json").also("accept", "text/event-stream"),
    );
    for host in ["evil.example.com", "localhost", "127.0.0.1.evil.example.com", "[::1]:80"] {
        add(format!("host {host}"), list().header("host", host));
    }
    for origin in
        ["http://localhost:1234", "https://evil.example.com", "null", "http://127.0.0.1.evil.example.com", "localhost"]
    {
        add(format!("origin {origin}"), list().header("origin", origin));
    }
    add("session".to_owned(), list().header("mcp-session-id", "s").header("last-event-id", "1"));
    cases
}

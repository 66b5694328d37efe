//! Arguments repeated as `Mcp-Param-*` headers.

use crate::support::{Draft, entry, gateway, request};
use bytes::Bytes;
use serde_json::{Value, json};

fn annotated(properties: &Value) -> Value {
    let mut entry = entry("tool");
    entry["definition"]["inputSchema"]["properties"] = properties.clone();
    entry
}

fn tool() -> Value {
    annotated(&json!({
        "region": { "type": "string", "x-mcp-header": "Region" },
        "page": { "type": "integer", "x-mcp-header": "Page" },
        "deep": { "type": "object", "properties": { "dry": { "type": "boolean", "x-mcp-header": "Dry-Run" } } },
    }))
}

fn call(arguments: &Value, headers: &[(&str, &str)]) -> Draft {
    let draft = request("tools/call", json!({ "name": "tool", "arguments": arguments }));
    headers.iter().fold(draft, |draft, (name, value)| draft.also(name, value))
}

async fn status(arguments: Value, headers: &[(&str, &str)]) -> u16 {
    let (gateway, worker) = gateway(&[tool()]);
    let result = worker.chunks.try_send(Ok(Bytes::from_static(b"{\"result\":{\"content\":[]}}\n")));
    result.expect("room for one");
    drop(worker);
    let (status, body) = call(&arguments, headers).json(&gateway).await;
    assert_eq!(body["error"]["code"].as_i64(), (status != 200).then_some(-32020), "{body}");
    status.as_u16()
}

/// H-14: the four rows of "Server Behavior for Custom Headers".
#[tokio::test]
async fn a_header_must_be_there_exactly_if_its_argument_is() {
    assert_eq!(status(json!({}), &[]).await, 200);
    assert_eq!(status(json!({ "region": null }), &[]).await, 200);
    assert_eq!(status(json!({ "region": "eu" }), &[("mcp-param-region", "eu")]).await, 200);
    assert_eq!(status(json!({ "region": "eu" }), &[]).await, 400);
    assert_eq!(status(json!({}), &[("mcp-param-region", "eu")]).await, 400);
    assert_eq!(status(json!({}), &[("mcp-param-unknown", "eu")]).await, 200, "no tool asked for it");
}

/// H-14: strings as they are, integers as numbers, `true` and `false`.
#[tokio::test]
async fn a_header_must_say_what_its_argument_says() {
    assert_eq!(status(json!({ "region": "eu" }), &[("mcp-param-region", "us")]).await, 400);
    assert_eq!(status(json!({ "region": "é" }), &[("mcp-param-region", "=?base64?w6k=?=")]).await, 200);
    assert_eq!(status(json!({ "region": "Hello" }), &[("mcp-param-region", "=?base64?SGVsbG8?=")]).await, 400);
    assert_eq!(status(json!({ "region": "eu" }), &[("mcp-param-region", "eu"), ("mcp-param-region", "eu")]).await, 400);
    for (page, stated, expected) in [
        (json!(42), "42", 200),
        (json!(42), "42.0", 200),
        (serde_json::from_str("42.0").expect("a number"), "42", 200),
        (json!(42), "43", 400),
        (json!(42), "42.5", 400),
        (json!(42), "4.2e1", 200),
        (json!(42), "+42", 400),
        (json!(42), "042", 400),
        (json!(42), "", 400),
        (json!(0), "-0", 200),
        (json!(9_007_199_254_740_993_u64), "9007199254740992", 400),
        (json!("42"), "42", 200),
        (json!("42"), "42.0", 400),
        (json!([42]), "42", 400),
    ] {
        assert_eq!(
            status(json!({ "page": page }), &[("mcp-param-page", stated)]).await,
            expected,
            "{page} as {stated}"
        );
    }
    assert_eq!(status(json!({ "deep": { "dry": true } }), &[("mcp-param-dry-run", "true")]).await, 200);
    assert_eq!(status(json!({ "deep": { "dry": true } }), &[("mcp-param-dry-run", "True")]).await, 400);
}

/// H-14: a number is compared as it is spelled, not as far as 64 bits go.
#[tokio::test]
async fn integers_of_any_length_are_told_apart() {
    let call = |page: &str, stated: &str| {
        let meta = crate::support::meta();
        let params = format!(r#"{{"name":"tool","arguments":{{"page":{page}}},"_meta":{meta}}}"#);
        let body = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{params}}}"#);
        let draft = request("tools/call", json!({ "name": "tool" })).body(body);
        draft.header("mcp-param-page", stated)
    };
    let long = "123456789012345678901234567890123456789012";
    let (gateway, worker) = gateway(&[tool()]);
    assert_eq!(call(long, &long.replace("9012", "9013")).refusal(&gateway).await, (400, -32020));
    assert_eq!(call("1e2", "101").refusal(&gateway).await, (400, -32020));
    worker.chunks.try_send(Ok(Bytes::from_static(b"{\"result\":{\"content\":[]}}\n"))).expect("room for one");
    assert_eq!(call(long, &format!("{long}.0")).json(&gateway).await.0, 200);
}

/// H-15, H-16: the tables "Value Encoding Edge Cases" and "Base64 Decoding" of SEP-2243.
#[tokio::test]
async fn encoded_values_stand_for_what_they_encode() {
    for (argument, stated, expected) in [
        ("us-west1", "us-west1", 200),
        ("us-west1", "  us-west1\t", 200),
        (" us-west1", "=?base64?IHVzLXdlc3Qx?=", 200),
        ("us-west1 ", "=?base64?dXMtd2VzdDEg?=", 200),
        (" us-west1 ", "=?base64?IHVzLXdlc3QxIA==?=", 200),
        (" us-west1", " us-west1", 400),
        ("us west 1", "us west 1", 200),
        ("a, b", "a, b", 200),
        ("日本語", "=?base64?5pel5pys6Kqe?=", 200),
        ("line1\nline2", "=?base64?bGluZTEKbGluZTI=?=", 200),
        ("line1\r\nline2", "=?base64?bGluZTENCmxpbmUy?=", 200),
        ("\tindented", "=?base64?CWluZGVudGVk?=", 200),
        ("=?base64?literal?=", "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?=", 200),
        ("=?base64?literal?=", "=?base64?literal?=", 400),
        ("", "", 200),
        ("", "=?base64??=", 200),
        ("Hello", "=?base64?SGVsbG8=?=", 200),
        ("Hello", "=?base64?SGVsbG8?=", 400),
        ("Hello", "=?base64?SGVsbG9=?=", 400),
        ("Hello", "=?base64?SGVs!!!bG8=?=", 400),
        ("Hello", "=?base64? SGVsbG8=?=", 400),
        ("Hello", "SGVsbG8=", 400),
        ("SGVsbG8=", "SGVsbG8=", 200),
        ("=?base64?SGVsbG8=", "=?base64?SGVsbG8=", 200),
        ("=?BASE64?SGVsbG8=?=", "=?BASE64?SGVsbG8=?=", 200),
        ("Hello", "=?BASE64?SGVsbG8=?=", 400),
        ("\u{fffd}", "=?base64?/w==?=", 400),
    ] {
        let result = status(json!({ "region": argument }), &[("mcp-param-region", stated)]).await;
        assert_eq!(result, expected, "{argument:?} as {stated:?}");
    }
}

/// H-17: a value that a proxy has joined from two headers is neither.
#[tokio::test]
async fn joined_and_repeated_headers_are_refused() {
    assert_eq!(status(json!({ "region": "eu" }), &[("mcp-param-region", "eu, eu")]).await, 400);
    assert_eq!(status(json!({ "page": 1 }), &[("mcp-param-page", "1,1")]).await, 400);
    assert_eq!(status(json!({ "region": "eu" }), &[("Mcp-Param-Region", "eu"), ("mcp-param-region", "eu")]).await, 400);
    assert_eq!(status(json!({ "region": "eu" }), &[("MCP-PARAM-REGION", "eu")]).await, 200, "names have no case");
}

/// H-14: the argument is the one at the property's own path.
#[tokio::test]
async fn nested_arguments_are_looked_up_by_their_path() {
    let dry = [("mcp-param-dry-run", "true")];
    assert_eq!(status(json!({ "deep": { "dry": true } }), &dry).await, 200);
    assert_eq!(status(json!({ "deep": { "dry": true } }), &[]).await, 400);
    assert_eq!(status(json!({ "dry": true }), &[]).await, 200);
    for absent in [json!({}), json!({ "deep": null }), json!({ "deep": {} }), json!({ "deep": { "dry": null } })] {
        assert_eq!(status(absent.clone(), &[]).await, 200, "{absent}");
        assert_eq!(status(absent.clone(), &dry).await, 400, "{absent}");
    }
    assert_eq!(status(json!({ "deep": [{ "dry": true }] }), &dry).await, 400);
}

/// S-6: a body that cannot be read is not a body without the argument.
#[tokio::test]
async fn arguments_that_cannot_be_read_hide_nothing() {
    let (gateway, worker) = gateway(&[tool()]);
    let params =
        format!(r#"{{"name":"tool","arguments":{{"region":"eu","\ud800":1}},"_meta":{}}}"#, crate::support::meta());
    let body = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{params}}}"#);
    let draft = request("tools/call", json!({ "name": "tool" })).body(body);
    assert_eq!(draft.refusal(&gateway).await, (200, -32602));
    assert!(worker.invocations().is_empty());
}

/// Handshake revisions have no such headers.
#[tokio::test]
async fn handshake_clients_repeat_no_arguments() {
    let (gateway, worker) = gateway(&[tool()]);
    worker.chunks.try_send(Ok(Bytes::from_static(b"{\"result\":{\"content\":[]}}\n"))).expect("room for one");
    let params = json!({ "name": "tool", "arguments": { "region": "eu" } });
    let (_, body) = crate::support::handshake("2025-11-25", "tools/call", &params).json(&gateway).await;
    assert_eq!(body["result"], json!({ "content": [] }));
}

/// H-18: the tables "Name Conflicts", "Invalid Values" and "Type Restriction Violations" of SEP-2243,
/// and the specification's own list of places.
#[tokio::test]
async fn annotations_clients_would_refuse_keep_the_tool_out_of_the_catalog() {
    for property in [
        json!({ "a": { "type": "string", "x-mcp-header": "" } }),
        json!({ "a": { "type": "string", "x-mcp-header": "two words" } }),
        json!({ "a": { "type": "number", "x-mcp-header": "A" } }),
        json!({ "a": { "type": "string", "x-mcp-header": 5 } }),
        json!({ "a": { "type": "string", "x-mcp-header": null } }),
        json!({ "a": { "type": "string", "x-mcp-header": "Region:Primary" } }),
        json!({ "a": { "type": "string", "x-mcp-header": "R\u{e9}gion" } }),
        json!({ "a": { "type": "string", "x-mcp-header": "Region\t1" } }),
        json!({ "a": { "type": "array", "x-mcp-header": "A" } }),
        json!({ "a": { "type": "object", "x-mcp-header": "A" } }),
        json!({ "a": { "type": "null", "x-mcp-header": "A" } }),
        json!({ "a": { "type": ["string", "null"], "x-mcp-header": "A" } }),
        json!({ "a": { "x-mcp-header": "A" } }),
        json!({ "a": { "type": "array", "items": { "type": "string", "x-mcp-header": "A" } } }),
        json!({ "a": { "anyOf": [{ "type": "string", "x-mcp-header": "A" }] } }),
        json!({ "a": { "if": { "properties": { "b": { "type": "string", "x-mcp-header": "A" } } } } }),
        json!({ "a": { "$defs": { "b": { "type": "string", "x-mcp-header": "A" } } } }),
        json!({ "a": { "additionalProperties": { "type": "string", "x-mcp-header": "A" } } }),
        json!({ "a": { "type": "string", "x-mcp-header": "X" }, "b": { "type": "string", "x-mcp-header": "x" } }),
    ] {
        let (gateway, _worker) = gateway(&[annotated(&property), entry("sound")]);
        let (_, body) = request("tools/list", json!({})).json(&gateway).await;
        let names: Vec<_> =
            body["result"]["tools"].as_array().expect("tools").iter().map(|tool| &tool["name"]).collect();
        assert_eq!(names, ["sound"], "{property}");
    }
}

/// H-18: only annotations count, not words that look like one.
#[tokio::test]
async fn sound_annotations_are_taken() {
    for property in [
        json!({ "a": { "type": "string", "x-mcp-header": "Method" } }),
        json!({ "x-mcp-header": { "type": "string" } }),
        json!({ "a": { "type": "object", "default": { "x-mcp-header": "A" }, "examples": [{ "x-mcp-header": "A" }] } }),
        json!({ "a": { "type": "object", "properties": { "b": { "type": "integer", "x-mcp-header": "B" } } } }),
    ] {
        let (gateway, _worker) = gateway(&[annotated(&property)]);
        let (_, body) = request("tools/list", json!({})).json(&gateway).await;
        assert_eq!(body["result"]["tools"].as_array().map(Vec::len), Some(1), "{property}");
    }
}

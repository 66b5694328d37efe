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

#[tokio::test]
async fn a_header_must_be_there_exactly_if_its_argument_is() {
    assert_eq!(status(json!({}), &[]).await, 200);
    assert_eq!(status(json!({ "region": null }), &[]).await, 200);
    assert_eq!(status(json!({ "region": "eu" }), &[("mcp-param-region", "eu")]).await, 200);
    assert_eq!(status(json!({ "region": "eu" }), &[]).await, 400);
    assert_eq!(status(json!({}), &[("mcp-param-region", "eu")]).await, 400);
    assert_eq!(status(json!({}), &[("mcp-param-unknown", "eu")]).await, 200, "no tool asked for it");
}

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
        (json!(9_007_199_254_740_993_u64), "9007199254740992", 400),
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

#[tokio::test]
async fn annotations_clients_would_refuse_keep_the_tool_out_of_the_catalog() {
    for property in [
        json!({ "a": { "type": "string", "x-mcp-header": "" } }),
        json!({ "a": { "type": "string", "x-mcp-header": "two words" } }),
        json!({ "a": { "type": "number", "x-mcp-header": "A" } }),
        json!({ "a": { "type": "string", "x-mcp-header": 5 } }),
        json!({ "a": { "type": "string", "x-mcp-header": "X" }, "b": { "type": "string", "x-mcp-header": "x" } }),
    ] {
        let (gateway, _worker) = gateway(&[annotated(&property), entry("sound")]);
        let (_, body) = request("tools/list", json!({})).json(&gateway).await;
        let names: Vec<_> =
            body["result"]["tools"].as_array().expect("tools").iter().map(|tool| &tool["name"]).collect();
        assert_eq!(names, ["sound"], "{property}");
    }
}

//! One endpoint, two eras: stateless requests and the handshake revisions.

use crate::support::{gateway, handshake, messages, one_tool, post, request, rest, scripted};
use bytes::Bytes;
use serde_json::{Value, json};

const RESULT: &str = r#"{"result":{"content":[],"structuredContent":{"a":1},"resultType":"complete"}}"#;

/// D-1, D-2, D-3: what is listed is served.
#[tokio::test]
async fn discover_says_what_is_really_served() {
    let (gateway, _worker) = one_tool();
    let (status, body) = request("server/discover", json!({})).json(&gateway).await;
    assert_eq!(status, 200);
    let result = &body["result"];
    assert_eq!(result["supportedVersions"], json!(["2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26"]));
    assert_eq!(result["capabilities"], json!({ "logging": {}, "tools": {} }));
    assert_eq!((&result["resultType"], &result["cacheScope"]), (&json!("complete"), &json!("public")));
    assert!(result["ttlMs"].as_u64().is_some());
    assert_eq!(result["_meta"]["io.modelcontextprotocol/serverInfo"]["name"], "penstock-gateway");
    for method in ["resources/list", "prompts/list", "completion/complete", "subscriptions/listen", "tasks/get"] {
        assert_eq!(request(method, json!({})).refusal(&gateway).await, (404, -32601), "{method}");
    }
}

/// L-1, E-2: a request that describes itself gets 404 and -32601 for them.
#[tokio::test]
async fn methods_of_the_handshake_do_not_exist_without_one() {
    let (gateway, _worker) = one_tool();
    for method in ["initialize", "ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe"] {
        assert_eq!(request(method, json!({})).refusal(&gateway).await, (404, -32601), "{method}");
    }
}

/// H-10, H-11, M-1, M-2: header, `_meta`, agreement, support; `clientInfo` is never missed.
#[tokio::test]
async fn versions_are_checked_in_their_order() {
    let (gateway, _worker) = one_tool();
    let plain = |meta: Value| request("tools/list", json!({ "_meta": meta }));
    let of = |version: &str| {
        json!({
            "io.modelcontextprotocol/protocolVersion": version,
            "io.modelcontextprotocol/clientCapabilities": {},
        })
    };
    let header = "mcp-protocol-version";
    assert_eq!(plain(json!({})).refusal(&gateway).await, (400, -32602), "header without _meta");
    assert_eq!(plain(of("2026-07-28")).without(header).refusal(&gateway).await, (400, -32020), "_meta without header");
    assert_eq!(plain(of("2099-01-01")).refusal(&gateway).await, (400, -32020), "header and _meta differ");
    let (status, body) = plain(of("2099-01-01")).header(header, "2099-01-01").json(&gateway).await;
    assert_eq!((status.as_u16(), &body["error"]["code"]), (400, &json!(-32022)));
    assert_eq!(body["error"]["data"]["requested"], "2099-01-01");
    assert_eq!(body["error"]["data"]["supported"][0], "2026-07-28");
    assert_eq!(body["id"], 1);
    for (key, value) in
        [("protocolVersion", json!(1)), ("clientCapabilities", json!([])), ("clientCapabilities", Value::Null)]
    {
        let mut meta = of("2026-07-28");
        meta[format!("io.modelcontextprotocol/{key}")] = value;
        assert_eq!(plain(meta).refusal(&gateway).await, (400, -32602), "{key}");
    }
    assert_eq!(plain(json!(5)).refusal(&gateway).await, (400, -32602), "_meta must be an object");
    assert_eq!(handshake("2099-01-01", "tools/list", &json!({})).refusal(&gateway).await, (400, -32022));
}

/// L-2: the version asked for, else the latest with a handshake.
#[tokio::test]
async fn initialize_agrees_on_the_revision_asked_for_or_the_latest_with_a_handshake() {
    let (gateway, _worker) = one_tool();
    for (asked, agreed) in [
        ("2025-03-26", "2025-03-26"),
        ("2025-06-18", "2025-06-18"),
        ("2025-11-25", "2025-11-25"),
        ("2026-07-28", "2025-11-25"),
        ("1999-01-01", "2025-11-25"),
    ] {
        let params =
            json!({ "protocolVersion": asked, "capabilities": {}, "clientInfo": { "name": "c", "version": "1" } });
        let body = json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params });
        let (status, body) = post(&body.to_string()).json(&gateway).await;
        assert_eq!((status.as_u16(), &body["result"]["protocolVersion"]), (200, &json!(agreed)), "{asked}");
        assert_eq!(body["result"]["capabilities"], json!({ "logging": {}, "tools": {} }));
        assert_eq!(body["result"]["serverInfo"]["name"], "penstock-gateway");
        assert_eq!(body["result"].get("resultType"), None);
    }
}

/// L-10, R-1: no `resultType` for them.
#[tokio::test]
async fn handshake_clients_get_the_shapes_of_their_revision() {
    for revision in ["2025-03-26", "2025-06-18", "2025-11-25"] {
        let (gateway, _worker) = one_tool();
        let (_, list) = handshake(revision, "tools/list", &json!({})).json(&gateway).await;
        assert_eq!(
            list["result"].as_object().map(|result| result.keys().cloned().collect()),
            Some(vec!["tools".to_owned()])
        );
        let (_, pong) = handshake(revision, "ping", &json!({})).json(&gateway).await;
        assert_eq!(pong, json!({ "jsonrpc": "2.0", "id": "a", "result": {} }));
        assert_eq!(handshake(revision, "resources/list", &json!({})).refusal(&gateway).await, (200, -32601));
        let gateway = scripted([Ok(Bytes::from_static(RESULT.as_bytes()))]);
        let call = handshake(revision, "tools/call", &json!({ "name": "tool" }));
        let (_, body) = call.json(&gateway).await;
        assert_eq!(body["result"], json!({ "content": [], "structuredContent": { "a": 1 } }), "{revision}");
    }
}

/// L-10: only objects before 2026-07-28.
#[tokio::test]
async fn handshake_clients_get_no_structured_content_that_is_no_object() {
    let result = br#"{"result":{"structuredContent":[1,{"a":"]"}],"content":[]}}"#;
    let call = handshake("2025-11-25", "tools/call", &json!({ "name": "tool" }));
    let (_, body) = call.json(&scripted([Ok(Bytes::from_static(result))])).await;
    assert_eq!(body["result"], json!({ "content": [] }));
}

/// L-13: absent means 2025-03-26.
#[tokio::test]
async fn a_request_without_a_version_is_read_as_the_first_handshake_revision() {
    let (gateway, _worker) = one_tool();
    let (status, body) = post(r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#).json(&gateway).await;
    assert_eq!((status.as_u16(), body["result"].get("ttlMs")), (200, None));
}

/// L-12: in that revision's shapes.
#[tokio::test]
async fn meta_that_names_a_handshake_revision_is_served_without_a_handshake() {
    let (gateway, _worker) = gateway(&[crate::support::entry("tool")]);
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2025-11-25",
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let draft = request("tools/list", json!({ "_meta": meta })).header("mcp-protocol-version", "2025-11-25");
    let (status, body) = draft.without("mcp-method").json(&gateway).await;
    assert_eq!((status.as_u16(), body["result"].get("resultType")), (200, None));
}

#[tokio::test]
async fn handshake_clients_receive_progress_too() {
    let chunks = ["{\"progress\":{\"progress\":1}}\n", RESULT].map(|chunk| Ok(Bytes::from_static(chunk.as_bytes())));
    let params = json!({ "name": "tool", "_meta": { "progressToken": "t" } });
    let response = handshake("2025-06-18", "tools/call", &params).send(&scripted(chunks)).await;
    let messages = messages(&rest(response.into_body()).await);
    assert_eq!(messages[0]["params"], json!({ "progressToken": "t", "progress": 1 }));
    assert_eq!(messages[1]["id"], "a");
}

#[tokio::test]
async fn answers_to_requests_never_made_are_taken_from_handshake_clients_only() {
    let (gateway, _worker) = one_tool();
    let response = r#"{"jsonrpc":"2.0","id":1,"result":{}}"#;
    assert_eq!(post(response).send(&gateway).await.status(), 202);
    let stateless = post(response).header("mcp-protocol-version", "2026-07-28");
    assert_eq!(stateless.refusal(&gateway).await, (400, -32600));
}

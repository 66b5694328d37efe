//! HTTP before MCP: paths, methods, hosts, origins, media types, sizes.

use crate::support::{Draft, call, one_tool, post, request, rest};
use serde_json::json;

#[tokio::test]
async fn health_and_the_landing_page_answer_without_mcp() {
    let (gateway, _worker) = one_tool();
    assert_eq!(Draft::new("GET", "/health").json(&gateway).await, (http::StatusCode::OK, json!({ "status": "ok" })));
    let (status, page) = Draft::new("GET", "/").json(&gateway).await;
    assert_eq!((status.as_u16(), &page["mcp"], &page["tools"]), (200, &json!("/mcp"), &json!(1)));
    assert_eq!(page["authentication"], "none; this machine only");
}

/// H-1, H-4: one path, and POST is its method.
#[tokio::test]
async fn other_paths_and_methods_are_refused() {
    let (gateway, _worker) = one_tool();
    for (method, path, status) in [
        ("GET", "/mcp", 405),
        ("DELETE", "/mcp", 400),
        ("PUT", "/mcp", 405),
        ("POST", "/", 405),
        ("POST", "/other", 404),
    ] {
        let response = Draft::new(method, path).send(&gateway).await;
        assert_eq!(response.status().as_u16(), status, "{method} {path}");
        assert_eq!(response.headers().contains_key("allow"), status == 405, "{method} {path}");
    }
}

/// S-2: DNS rebinding finds nobody at home.
#[tokio::test]
async fn hosts_other_than_this_machine_are_refused_while_there_is_no_authentication() {
    let (gateway, _worker) = one_tool();
    for (host, status) in [
        ("localhost:3000", 200),
        ("LOCALHOST", 200),
        ("127.0.0.1", 200),
        ("[::1]:3000", 200),
        ("evil.example.com", 403),
        ("127.0.0.1.evil.example.com", 403),
        ("abc.lambda-url.eu-west-1.on.aws", 403),
        ("", 403),
    ] {
        let response = Draft::new("GET", "/health").header("host", host).send(&gateway).await;
        assert_eq!(response.status().as_u16(), status, "{host:?}");
    }
}

/// S-1: an `Origin` that is not allowed is refused in every era.
#[tokio::test]
async fn origins_are_checked_on_every_request_and_told_what_they_may_do() {
    let (gateway, _worker) = one_tool();
    for (origin, status) in [
        ("https://app.example.com", 200),
        ("http://localhost:6274", 200),
        ("http://127.0.0.1", 200),
        ("https://evil.example.com", 403),
        ("https://app.example.com.evil.com", 403),
        ("null", 403),
        ("localhost", 403),
    ] {
        let response = request("tools/list", json!({})).header("origin", origin).send(&gateway).await;
        assert_eq!(response.status().as_u16(), status, "{origin}");
        let allowed = response.headers().get("access-control-allow-origin").map(http::HeaderValue::as_bytes);
        assert_eq!(allowed, (status == 200).then_some(origin.as_bytes()), "{origin}");
    }
}

#[tokio::test]
async fn a_browser_may_ask_first() {
    let (gateway, _worker) = one_tool();
    let response = Draft::new("OPTIONS", "/mcp").header("origin", "https://app.example.com").send(&gateway).await;
    assert_eq!(response.status(), 204);
    assert_eq!(response.headers()["access-control-allow-methods"], "GET, POST, DELETE, OPTIONS");
    assert!(
        response.headers()["access-control-allow-headers"].to_str().is_ok_and(|value| value.contains("Authorization"))
    );
}

/// H-6, H-7: what is taken and what is given.
#[tokio::test]
async fn media_types_are_checked_before_the_body() {
    let (gateway, _worker) = one_tool();
    let list = request("tools/list", json!({}));
    for (content_type, status) in
        [("application/json; charset=utf-8", 200), ("APPLICATION/JSON", 200), ("text/plain", 415)]
    {
        let response = list.clone().header("content-type", content_type).send(&gateway).await;
        assert_eq!(response.status().as_u16(), status, "{content_type}");
    }
    for (accept, status) in [
        ("*/*", 200),
        ("text/html, application/*;q=0.5", 200),
        ("text/html", 406),
        ("application/json;q=0, text/event-stream;q=0.0", 406),
    ] {
        let response = list.clone().header("accept", accept).send(&gateway).await;
        assert_eq!(response.status().as_u16(), status, "{accept}");
    }
    assert_eq!(list.without("accept").send(&gateway).await.status(), 200);
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused() {
    let (gateway, _worker) = one_tool();
    let response = post("").body(vec![b' '; penstock_gateway::MAX_BODY + 1]).send(&gateway).await;
    assert_eq!(response.status(), 413);
}

/// E-1, H-2: one message a body; the id is echoed, or left out where it cannot be read.
#[tokio::test]
async fn what_is_no_message_is_named_and_harms_nothing() {
    let (gateway, _worker) = one_tool();
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    for (body, code) in [
        ("{", -32700),
        ("", -32700),
        ("\u{feff}{}", -32700),
        ("[]", -32600),
        ("5", -32600),
        (r#"{"jsonrpc":"1.0","id":1,"method":"tools/list"}"#, -32600),
        (r#"{"jsonrpc":"2.0","id":null,"method":"tools/list"}"#, -32600),
        (r#"{"jsonrpc":"2.0","id":1,"id":2,"method":"tools/list"}"#, -32600),
        (&*deep, -32600),
    ] {
        assert_eq!(post(body).refusal(&gateway).await, (400, code), "{}", &body[..body.len().min(40)]);
    }
    let (status, _) = request("tools/list", json!({})).json(&gateway).await;
    assert_eq!(status, 200);
}

/// H-3: 202 and no body.
#[tokio::test]
async fn a_notification_is_taken_without_a_word() {
    let (gateway, worker) = one_tool();
    let response = post(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#).send(&gateway).await;
    assert_eq!(response.status(), 202);
    assert_eq!(rest(response.into_body()).await, "");
    assert!(worker.invocations().is_empty());
}

/// H-5: neither is known to 2026-07-28.
#[tokio::test]
async fn sessions_and_resumption_are_ignored() {
    let (gateway, _worker) = one_tool();
    let draft = request("tools/list", json!({})).header("mcp-session-id", "x").header("last-event-id", "1");
    let response = draft.send(&gateway).await;
    assert_eq!(response.status(), 200);
    assert!(!response.headers().contains_key("mcp-session-id"));
}

#[tokio::test]
async fn an_unknown_tool_is_named() {
    let (gateway, worker) = one_tool();
    let (status, body) = request("tools/call", json!({ "name": "nope" })).json(&gateway).await;
    assert_eq!((status.as_u16(), &body["error"]["code"]), (200, &json!(-32602)));
    assert_eq!(body["error"]["message"], "unknown tool: nope");
    assert!(worker.invocations().is_empty());
}

/// E-1: with the id of the request.
#[tokio::test]
async fn parameters_of_the_wrong_shape_are_refused() {
    let (gateway, worker) = one_tool();
    for params in [
        json!({}),
        json!({ "name": 5 }),
        json!({ "name": "tool", "arguments": [] }),
        json!({ "name": "tool", "arguments": "x" }),
    ] {
        let draft = request("tools/call", params.clone()).header("mcp-name", "tool");
        assert_eq!(draft.refusal(&gateway).await, (200, -32602), "{params}");
    }
    let twice = String::from_utf8(
        br#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"tool","name":"other"}}"#.to_vec(),
    );
    assert_eq!(post(&twice.expect("text")).refusal(&gateway).await, (200, -32602));
    let mut bad_token = call();
    bad_token = bad_token.body(
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"tool","_meta":{"progressToken":1.5}}}"#,
    );
    assert_eq!(bad_token.without("mcp-protocol-version").refusal(&gateway).await, (200, -32602));
    assert_eq!(request("tools/list", json!({ "cursor": "x" })).refusal(&gateway).await, (200, -32602));
    assert!(worker.invocations().is_empty());
}

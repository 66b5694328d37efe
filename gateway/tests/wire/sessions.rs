//! Sessions of the handshake revisions: opened by `initialize`, known to every instance, ended by DELETE.

use std::time::{Duration, SystemTime};

use penstock_gateway::{Gateway, Services};
use serde_json::{Value, json};

use crate::answering::gateway;
use crate::client::{Client, Shared, initialize};
use crate::support::{Draft, entry, post, request};
use crate::unreachable::Unreachable;

const RESULT: &str = "{\"result\":{\"content\":[]}}\n";

fn instance(shared: &Shared) -> Gateway {
    gateway(&[entry("tool")], |_| RESULT.to_owned(), |services| shared.by(services)).0
}

/// L-5: the id is visible ASCII and unlike any other; clients of 2026-07-28 get none (H-5).
#[tokio::test]
async fn initialize_opens_a_session() {
    let gateway = instance(&Shared::new());
    let first = Client::open(&gateway, "2025-06-18", &json!({})).await;
    let second = Client::open(&gateway, "2025-06-18", &json!({})).await;
    assert_ne!(first.session, second.session);
    assert!(first.session.bytes().all(|byte| matches!(byte, 0x21..=0x7e)), "{}", first.session);
    let stateless = request("tools/list", json!({})).header("mcp-session-id", "whatever").send(&gateway).await;
    assert_eq!(stateless.status(), 200, "the header means nothing in 2026-07-28");
    assert!(!stateless.headers().contains_key("mcp-session-id"));
}

/// L-5: what `initialize` said is in the id, so an instance that never saw it knows.
#[tokio::test]
async fn another_instance_knows_revision_and_capabilities() {
    let shared = Shared::new();
    let capabilities = json!({ "elicitation": { "form": {} }, "roots": {}, "experimental": { "x": {} } });
    let client = Client::open(&instance(&shared), "2025-06-18", &capabilities).await;
    let (second, calls) = gateway(&[entry("tool")], |_| RESULT.to_owned(), |services| shared.by(services));
    let (status, _) = client.call(&json!(1)).without("mcp-protocol-version").json(&second).await;
    assert_eq!(status, 200);
    let context = &calls.last()["context"];
    assert_eq!(context["protocolVersion"], "2025-06-18", "the session's revision, where no header names one");
    assert_eq!(context["clientCapabilities"], json!({ "elicitation": { "form": {} }, "roots": {} }));
}

#[tokio::test]
async fn the_header_must_name_the_revision_of_the_session() {
    let gateway = instance(&Shared::new());
    let client = Client::open(&gateway, "2025-06-18", &json!({})).await;
    let ping = client.request(&json!(1), "ping", &json!({}));
    assert_eq!(ping.send(&gateway).await.status(), 200);
    assert_eq!(ping.clone().header("mcp-protocol-version", "2025-11-25").refusal(&gateway).await, (400, -32020));
    assert_eq!(ping.header("mcp-protocol-version", "1999-01-01").refusal(&gateway).await, (400, -32022));
}

/// L-5, S-4: whatever is no session of this gateway's is not found, for requests and for everything else.
#[tokio::test]
async fn sessions_that_are_unknown_foreign_or_expired_are_not_found() {
    let shared = Shared::new();
    let gateway = instance(&shared);
    let client = Client::latest(&gateway, &json!({})).await;
    let changed = format!("{}A", client.session);
    let foreign = Client::latest(&instance(&Shared::new()), &json!({})).await.session;
    for session in ["x", "own.", &*changed, &*foreign] {
        let ping = client.request(&json!(1), "ping", &json!({})).header("mcp-session-id", session);
        assert_eq!(ping.refusal(&gateway).await, (404, -32600), "{session}");
        let note = client.notification("notifications/initialized", &json!({})).header("mcp-session-id", session);
        assert_eq!(note.send(&gateway).await.status(), 404, "{session}");
        let end = Draft::new("DELETE", "/mcp").header("mcp-session-id", session);
        assert_eq!(end.send(&gateway).await.status(), 404, "{session}");
    }
    let twice = client.request(&json!(1), "ping", &json!({})).also("mcp-session-id", &client.session);
    assert_eq!(twice.refusal(&gateway).await, (400, -32020), "two proxies must not see two sessions");
    let change = |services| Services { clock: || SystemTime::now() + Duration::from_hours(24), ..shared.by(services) };
    let (tomorrow, _) = crate::answering::gateway(&[entry("tool")], |_| RESULT.to_owned(), change);
    assert_eq!(client.request(&json!(1), "ping", &json!({})).refusal(&tomorrow).await, (404, -32600));
}

/// L-6: ended at one instance, a session is ended at all, for whatever names it.
#[tokio::test]
async fn delete_ends_a_session_everywhere() {
    let shared = Shared::new();
    let (one, other) = (instance(&shared), instance(&shared));
    let client = Client::latest(&one, &json!({})).await;
    let bystander = Client::latest(&one, &json!({})).await;
    let stateless = Draft::new("DELETE", "/mcp").header("mcp-session-id", &client.session);
    let stateless = stateless.header("mcp-protocol-version", "2026-07-28").send(&one).await;
    assert_eq!(stateless.status(), 405, "H-4: 2026-07-28 has no DELETE");
    assert_eq!(client.request(&json!(1), "ping", &json!({})).send(&other).await.status(), 200);
    assert_eq!(client.ends(&one).await.status(), 204);
    assert_eq!(client.request(&json!(2), "ping", &json!({})).refusal(&other).await, (404, -32600));
    assert_eq!(client.call(&json!(3)).refusal(&other).await, (404, -32600));
    assert_eq!(client.request(&json!(4), "logging/setLevel", &json!({ "level": "info" })).refusal(&one).await.0, 404);
    assert_eq!(client.notification("notifications/initialized", &json!({})).send(&other).await.status(), 404);
    assert_eq!(client.ends(&other).await.status(), 404);
    assert_eq!(Draft::new("DELETE", "/mcp").send(&one).await.status(), 400);
    assert_eq!(bystander.request(&json!(5), "ping", &json!({})).send(&other).await.status(), 200);
}

#[tokio::test]
async fn a_client_may_initialize_again_with_the_id_of_a_session_that_is_gone() {
    let gateway = instance(&Shared::new());
    let response = initialize("2025-11-25", &json!({})).header("mcp-session-id", "gone").send(&gateway).await;
    assert_eq!((response.status().as_u16(), response.headers().contains_key("mcp-session-id")), (200, true));
    assert_eq!(initialize("2025-11-25", &json!([])).refusal(&gateway).await, (200, -32602));
}

/// nothing about a request is decided by the session alone; without one, requests are served as ever.
#[tokio::test]
async fn requests_without_a_session_are_served() {
    let gateway = instance(&Shared::new());
    let call = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": { "name": "tool" } });
    let draft = post(&call.to_string()).header("mcp-protocol-version", "2025-11-25");
    assert_eq!(draft.json(&gateway).await.1["result"], json!({ "content": [] }));
}

#[tokio::test]
async fn without_its_store_a_gateway_serves_everything_but_sessions() {
    let change = |services| Services { store: std::sync::Arc::new(Unreachable), ..services };
    let (gateway, _) = gateway(&[entry("tool")], |_| RESULT.to_owned(), change);
    assert_eq!(crate::support::call().json(&gateway).await.1["result"]["content"], json!([]));
    let client = Client::latest(&gateway, &json!({})).await;
    let (status, body): (_, Value) = client.call(&json!(1)).json(&gateway).await;
    assert_eq!((status.as_u16(), &body["error"]["code"]), (200, &json!(-32603)));
    assert!(!body.to_string().contains("secret"), "{body}");
    assert_eq!(client.notification("notifications/initialized", &json!({})).send(&gateway).await.status(), 503);
    assert_eq!(client.ends(&gateway).await.status(), 503);
}

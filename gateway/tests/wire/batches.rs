//! Batches: an array of messages, in 2025-03-26 and no other revision (rule L-3).

use http_body_util::BodyExt as _;
use penstock_gateway::Gateway;
use serde_json::{Value, json};

use crate::answering::gateway;
use crate::client::{Client, Shared};
use crate::support::{Draft, entry, post};

fn instance(shared: &Shared) -> Gateway {
    let answer = |event: &Value| {
        let id = &event["context"]["requestId"];
        format!(
            "{{\"log\":{{\"level\":\"error\",\"data\":1}}}}\n{}\n",
            json!({ "result": { "content": [], "id": id } })
        )
    };
    gateway(&[entry("tool")], answer, |services| shared.by(services)).0
}

fn ping(id: &Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "method": "ping" })
}

fn call(id: &Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": { "name": "tool" } })
}

fn batch(messages: &Value) -> Draft {
    post(&messages.to_string()).header("mcp-protocol-version", "2025-03-26")
}

/// The entry of an array with this id.
fn with_id<'a>(entries: &'a Value, id: &Value) -> &'a Value {
    let entries = entries.as_array().expect("an array");
    let mut found = entries.iter().filter(|entry| &entry["id"] == id);
    let entry = found.next().unwrap_or_else(|| panic!("no {id} in {entries:?}"));
    assert!(found.next().is_none(), "two answers to {id}");
    entry
}

/// L-3: one response a request, none for the rest, in one array.
#[tokio::test]
async fn every_request_of_a_batch_is_answered_in_one_array() {
    let gateway = instance(&Shared::new());
    let note = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
    let answer = json!({ "jsonrpc": "2.0", "id": 3, "result": {} });
    let unknown = json!({ "jsonrpc": "2.0", "id": "u", "method": "no/such" });
    let messages = json!([ping(&json!(1)), note, call(&json!("1")), answer, unknown, call(&json!(2))]);
    for draft in [batch(&messages), batch(&messages).without("mcp-protocol-version")] {
        let (status, entries) = draft.json(&gateway).await;
        assert_eq!((status.as_u16(), entries.as_array().map(Vec::len)), (200, Some(4)), "{entries}");
        assert_eq!(with_id(&entries, &json!(1))["result"], json!({}));
        assert_eq!(with_id(&entries, &json!("1"))["result"]["id"], "1");
        assert_eq!(with_id(&entries, &json!(2))["result"]["id"], 2);
        assert_eq!(with_id(&entries, &json!("u"))["error"]["code"], -32601);
    }
}

#[tokio::test]
async fn a_batch_without_requests_is_taken_without_an_answer() {
    let gateway = instance(&Shared::new());
    let note = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
    let answer = json!({ "jsonrpc": "2.0", "id": 3, "result": {} });
    let response = batch(&json!([note, answer, note])).send(&gateway).await;
    assert_eq!(response.status(), 202);
    assert!(response.into_body().collect().await.expect("a body").to_bytes().is_empty());
}

/// JSON-RPC 2.0 section 6: what is wrong with one message is wrong with that one alone.
#[tokio::test]
async fn a_message_that_is_none_gets_an_error_of_its_own() {
    let gateway = instance(&Shared::new());
    let initialize = json!({ "jsonrpc": "2.0", "id": "i", "method": "initialize", "params": {} });
    let nested = json!([ping(&json!(5))]);
    let messages = json!([1, { "id": 7, "method": 1 }, initialize, ping(&json!(1)), nested]);
    let (status, entries) = batch(&messages).json(&gateway).await;
    assert_eq!(status, 200);
    assert_eq!(with_id(&entries, &json!(7))["error"]["code"], -32600);
    assert_eq!(with_id(&entries, &json!("i"))["error"]["code"], -32600, "it must be sent alone");
    assert_eq!(with_id(&entries, &json!(1))["result"], json!({}));
    let nameless = entries.as_array().expect("an array").iter().filter(|entry| entry.get("id").is_none());
    assert!(nameless.clone().all(|entry| entry["error"]["code"] == -32600), "{entries}");
    assert_eq!(nameless.count(), 2);
}

#[tokio::test]
async fn batches_have_one_to_sixty_four_messages() {
    let gateway = instance(&Shared::new());
    assert_eq!(batch(&json!([])).refusal(&gateway).await, (400, -32600));
    let pings = |count: usize| Value::Array((0..count).map(|id| ping(&json!(id))).collect());
    let (status, entries) = batch(&pings(64)).json(&gateway).await;
    assert_eq!((status.as_u16(), entries.as_array().map(Vec::len)), (200, Some(64)));
    assert_eq!(batch(&pings(65)).refusal(&gateway).await, (400, -32600));
    assert_eq!(post("[{]").refusal(&gateway).await, (400, -32700));
    let positional = batch(&json!(["2.0", 1, "ping"])).json(&gateway).await.1;
    assert_eq!(positional.as_array().map(Vec::len), Some(3), "three messages that are none: {positional}");
}

/// L-3: arrays are invalid from 2025-06-18 on.
#[tokio::test]
async fn later_revisions_take_no_batches() {
    let gateway = instance(&Shared::new());
    for revision in ["2025-06-18", "2025-11-25", "2026-07-28"] {
        let draft = batch(&json!([ping(&json!(1))])).header("mcp-protocol-version", revision);
        assert_eq!(draft.refusal(&gateway).await, (400, -32600), "{revision}");
    }
    let client = Client::open(&gateway, "2025-06-18", &json!({})).await;
    let draft = client.post(&json!([ping(&json!(1))])).without("mcp-protocol-version");
    assert_eq!(draft.refusal(&gateway).await, (400, -32600), "the session's revision counts");
}

#[tokio::test]
async fn a_batch_belongs_to_its_session() {
    let shared = Shared::new();
    let (one, other) = (instance(&shared), instance(&shared));
    let client = Client::open(&one, "2025-03-26", &json!({})).await;
    let set = json!({ "jsonrpc": "2.0", "id": 1, "method": "logging/setLevel", "params": { "level": "info" } });
    let (_, entries) = client.post(&json!([set, ping(&json!(2))])).json(&other).await;
    assert_eq!(with_id(&entries, &json!(1))["result"], json!({}));
    let logs = client.call(&json!(3)).send(&one).await;
    assert_eq!(logs.headers()["content-type"], "text/event-stream", "it has a level now");
    client.ends(&one).await;
    assert_eq!(client.post(&json!([ping(&json!(1))])).refusal(&other).await, (404, -32600));
}

/// Answers stream through: what the array holds is never in memory at once.
#[tokio::test]
async fn large_results_pass_through_a_batch() {
    let answer = |event: &Value| {
        let text = event["context"]["requestId"].to_string().repeat(300_000);
        format!("{}\n", json!({ "result": { "content": [{ "type": "text", "text": text }] } }))
    };
    let (gateway, _) = gateway(&[entry("tool")], answer, |services| services);
    let mut body = batch(&json!([call(&json!(1)), call(&json!(2))])).send(&gateway).await.into_body();
    let mut whole = Vec::new();
    while let Some(frame) = body.frame().await {
        whole.extend_from_slice(&frame.expect("the body goes on").into_data().expect("no trailers"));
    }
    let entries: Value = serde_json::from_slice(&whole).expect("one array");
    for id in [1, 2] {
        let text = with_id(&entries, &json!(id))["result"]["content"][0]["text"].as_str().expect("text");
        assert_eq!(text.len(), 300_000);
    }
}

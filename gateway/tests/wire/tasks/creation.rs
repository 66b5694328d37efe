//! When a call becomes a task, and what the client is told of it.

use http::StatusCode;
use serde_json::{Value, json};

use super::{about, call, create, deliver, entry, get, instances, meta, result, text, until, with_tickets};
use crate::support::{self, Draft, post, request};

fn plain_call(meta: &Value) -> Draft {
    request("tools/call", json!({ "name": "tool", "arguments": {}, "_meta": meta }))
}

/// K-1: the request itself decides, whatever was said before it.
#[tokio::test(start_paused = true)]
async fn a_call_becomes_a_task_if_its_own_request_declares_the_extension() {
    let mut gateways = instances(&entry("optional"));
    create(&gateways.one).await;
    let mut odd = support::meta();
    odd["io.modelcontextprotocol/clientCapabilities"] =
        json!({ "extensions": { "io.modelcontextprotocol/tasks": true, "other": {} } });
    drop(gateways.called().await);
    for meta in [support::meta(), odd] {
        let draft = plain_call(&meta);
        let (answer, ()) = tokio::join!(result(&gateways.one, draft), async {
            gateways.calls.recv().await.expect("a call").ends(&json!({ "result": text("now") })).await;
        });
        assert_eq!(answer["resultType"], "complete");
        assert_eq!(answer["content"][0]["text"], "now");
    }
}

/// K-5: the hint of the older feature means nothing, and no other tool becomes a task by it.
#[tokio::test(start_paused = true)]
async fn the_legacy_task_parameter_is_ignored() {
    let mut gateways = instances(&support::entry("tool"));
    let params = json!({ "name": "tool", "arguments": {}, "task": { "ttl": 1 }, "_meta": meta(&json!({})) });
    let (answer, ()) = tokio::join!(result(&gateways.one, request("tools/call", params)), async {
        gateways.calls.recv().await.expect("a call").ends(&json!({ "result": text("now") })).await;
    });
    assert_eq!(answer["resultType"], "complete");
}

/// K-1, E-3: what is missing is named.
#[tokio::test]
async fn a_tool_that_must_be_a_task_refuses_clients_that_take_none() {
    let mut gateways = instances(&entry("required"));
    let (status, body) = plain_call(&support::meta()).json(&gateways.one).await;
    assert_eq!((status, &body["error"]["code"]), (StatusCode::BAD_REQUEST, &json!(-32021)));
    let required = json!({ "extensions": { "io.modelcontextprotocol/tasks": {} } });
    assert_eq!(body["error"]["data"]["requiredCapabilities"], required);
    assert!(gateways.is_quiet(), "the worker is not called");
}

/// K-8: handshake revisions have no such tasks, even where the client names the extension.
#[tokio::test]
async fn clients_of_a_handshake_get_no_task() {
    let mut gateways = instances(&entry("required"));
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": { "name": "tool", "arguments": {}, "task": {} } });
    let handshake = |body: &Value| post(&body.to_string()).header("mcp-protocol-version", "2025-11-25");
    assert_eq!(handshake(&body).refusal(&gateways.one).await, (200, -32603));
    let mut meta = meta(&json!({}));
    meta["io.modelcontextprotocol/protocolVersion"] = json!("2025-11-25");
    let named = plain_call(&meta).header("mcp-protocol-version", "2025-11-25");
    assert_eq!(named.refusal(&gateways.one).await, (200, -32603));
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": "tasks/get", "params": { "taskId": "x" } });
    assert_eq!(handshake(&body).refusal(&gateways.one).await, (200, -32601));
    assert!(gateways.is_quiet(), "the worker is not called");
}

/// K-2: a flat task, which any instance finds before anyone has begun it.
#[tokio::test]
async fn a_task_can_be_read_everywhere_as_soon_as_the_client_knows_of_it() {
    let (gateways, mut tickets) = with_tickets(&entry("optional"));
    let created = result(&gateways.one, call()).await;
    let id = created["taskId"].as_str().expect("an id");
    let read = get(&gateways.other, id).await;
    for task in [&created, &read] {
        assert_eq!(task["status"], "working");
        assert_eq!((&task["ttlMs"], &task["pollIntervalMs"]), (&json!(86_400_000), &json!(1000)));
        for date in ["createdAt", "lastUpdatedAt"] {
            let date = task[date].as_str().expect("a date");
            assert!(date.parse::<jiff::Timestamp>().is_ok() && date.ends_with('Z'), "{date}");
        }
        for absent in ["task", "result", "error", "inputRequests", "requestState", "ttl", "pollInterval"] {
            assert!(task.get(absent).is_none(), "{absent} in {task}");
        }
    }
    assert_eq!(created["resultType"], "task");
    assert!(tickets.try_recv().is_ok(), "it is to be run");
}

/// K-7: 144 random bits, each task its own.
#[tokio::test]
async fn ids_are_long_and_never_the_same() {
    let (gateways, _tickets) = with_tickets(&entry("optional"));
    let ids = [create(&gateways.one).await, create(&gateways.one).await];
    assert_ne!(ids[0], ids[1]);
    assert!(ids.iter().all(|id| id.len() == 24), "{ids:?}");
}

/// K-3: another instance runs it, a third could read it.
#[tokio::test(start_paused = true)]
async fn a_task_is_run_by_whichever_instance_gets_the_ticket() {
    let (mut gateways, mut tickets) = with_tickets(&entry("optional"));
    let id = create(&gateways.one).await;
    let ticket = tickets.recv().await.expect("a ticket");
    assert!(!ticket.contains(&id), "tickets are sealed");
    let (status, ()) = tokio::join!(deliver(&gateways.other, &ticket), async {
        let called = gateways.calls.recv().await.expect("a call");
        assert_eq!(called.event["method"], "tools/call");
        assert_eq!(called.event["params"]["arguments"], json!({ "a": 1 }));
        assert_eq!(called.event["context"]["taskId"], json!(id));
        assert_eq!(called.event["context"]["progress"], true);
        called.ends(&json!({ "result": text("done") })).await;
    });
    assert_eq!(status, StatusCode::ACCEPTED);
    let task = until(&gateways.one, &id, "completed").await;
    assert_eq!(task["result"]["content"][0]["text"], "done");
    assert_eq!(task["result"]["resultType"], "complete");
}

/// D-3: what is advertised is what there is.
#[tokio::test]
async fn the_extension_is_advertised_if_some_tool_can_be_a_task() {
    let discover = || request("server/discover", json!({}));
    let with = result(&instances(&entry("optional")).one, discover()).await;
    assert_eq!(with["capabilities"]["extensions"], json!({ "io.modelcontextprotocol/tasks": {} }));
    assert!(with["capabilities"].get("tasks").is_none());
    let without = instances(&support::entry("tool"));
    let capabilities = result(&without.one, discover()).await;
    assert!(capabilities["capabilities"].get("extensions").is_none());
    let method = about("tasks/get", "aaaaaaaaaaaaaaaaaaaaaaaa", json!({}));
    assert_eq!(method.refusal(&without.one).await, (404, -32601));
}

//! Who runs a task: one runner a round, and what happens if there is none.

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use http::StatusCode;
use penstock_gateway::Gateway;
use penstock_gateway::background::Background;
use penstock_gateway::invoke::InvokeError;
use serde_json::json;

use super::{call, create, deliver, entry, get, instances, text, until, with_background, with_tickets};
use crate::support::{Draft, post};

/// Lambda delivers asynchronous calls at least once, and repeats those that failed.
#[tokio::test(start_paused = true)]
async fn a_ticket_that_comes_twice_runs_the_tool_once() {
    let (mut gateways, mut tickets) = with_tickets(&entry("optional"));
    let id = create(&gateways.one).await;
    let ticket = tickets.recv().await.expect("a ticket");
    let (one, other, ()) = tokio::join!(deliver(&gateways.one, &ticket), deliver(&gateways.other, &ticket), async {
        gateways.calls.recv().await.expect("a call").ends(&json!({ "result": text("done") })).await;
    });
    assert_eq!((one, other), (StatusCode::ACCEPTED, StatusCode::ACCEPTED));
    assert_eq!(deliver(&gateways.one, &ticket).await, StatusCode::ACCEPTED);
    assert!(gateways.is_quiet(), "the tool ran once");
    assert_eq!(get(&gateways.one, &id).await["status"], "completed");
}

/// Nobody but the gateway writes tickets, and nobody learns what is there.
#[tokio::test]
async fn only_a_ticket_runs_a_task() {
    let (mut gateways, mut tickets) = with_tickets(&entry("optional"));
    let id = create(&gateways.one).await;
    let ticket = tickets.recv().await.expect("a ticket");
    let nothing = Draft::new("POST", "/internal/tasks/else").send(&gateways.one).await.status();
    for wrong in ["", &id, "1.AAAA", &ticket[1..], &format!("{ticket}A"), &"a".repeat(4096)] {
        assert_eq!(deliver(&gateways.one, wrong).await, nothing);
    }
    let (_, body) = call().json(&gateways.one).await;
    assert_eq!(body["result"]["status"], "working");
    assert!(gateways.is_quiet(), "no worker was called");
}

/// A runner that died leaves a task that nobody ends: it is given up when its time is over, for good.
#[tokio::test(start_paused = true)]
async fn a_task_whose_runner_died_has_failed_once_its_time_is_over() {
    let mut gateways = instances(&entry("optional"));
    let id = create(&gateways.one).await;
    let called = gateways.called().await;
    assert_eq!(get(&gateways.other, &id).await["status"], "working");
    let task = get(&gateways.later, &id).await;
    assert_eq!((&task["status"], &task["error"]["data"]["reason"]), (&json!("failed"), &json!("lost")));
    called.ends(&json!({ "result": text("not dead after all") })).await;
    tokio::time::sleep(std::time::Duration::from_secs(5)).await;
    assert_eq!(get(&gateways.one, &id).await, task);
}

/// A ticket that was held up is not begun behind the back of a client that was told otherwise.
#[tokio::test(start_paused = true)]
async fn a_task_nobody_began_in_time_is_not_begun_later() {
    let (mut gateways, mut tickets) = with_tickets(&entry("optional"));
    let id = create(&gateways.one).await;
    let ticket = tickets.recv().await.expect("a ticket");
    assert_eq!(deliver(&gateways.later, &ticket).await, StatusCode::NOT_FOUND);
    assert_eq!(get(&gateways.later, &id).await["status"], "failed");
    assert_eq!(deliver(&gateways.one, &ticket).await, StatusCode::ACCEPTED);
    assert!(gateways.is_quiet(), "the tool was not called");
    assert_eq!(get(&gateways.one, &id).await["status"], "failed");
}

struct Refused;

impl Background for Refused {
    fn start(&self, _: &Gateway, _: String) -> BoxFuture<'static, Result<(), InvokeError>> {
        let refusal = InvokeError::Throttled { reason: "secret".to_owned(), retry_after: None };
        async { Err(refusal) }.boxed()
    }
}

/// K-2: no task is promised that cannot be begun.
#[tokio::test]
async fn a_task_that_cannot_be_begun_is_refused() {
    let gateways = with_background(&entry("optional"), || Box::new(Refused));
    let (status, body) = call().json(&gateways.one).await;
    assert_eq!((status, &body["error"]["code"]), (StatusCode::OK, &json!(-32603)));
    assert_eq!(body["error"]["data"]["reason"], "throttled");
    assert!(!body.to_string().contains("secret"));
}

/// K-3: what the worker says of its progress is the status message.
#[tokio::test(start_paused = true)]
async fn progress_is_the_status_message() {
    let mut gateways = instances(&entry("optional"));
    let id = create(&gateways.one).await;
    let called = gateways.called().await;
    called.says(&json!({ "progress": { "progress": 1, "total": 3 } })).await;
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    assert_eq!(get(&gateways.other, &id).await["statusMessage"], "1 of 3");
    called.says(&json!({ "log": { "level": "info", "data": "x" } })).await;
    called.says(&json!({ "progress": { "progress": 2, "message": "ü".repeat(2000) } })).await;
    called.says(&json!({ "progress": { "progress": 3, "message": "nearly there" } })).await;
    called.ends(&json!({ "result": text("done") })).await;
    assert_eq!(until(&gateways.other, &id, "completed").await["statusMessage"], "nearly there");
}

/// A gateway on a socket is asked the same way, and has no other door to a task.
#[tokio::test]
async fn the_internal_path_is_no_endpoint() {
    let (gateways, _tickets) = with_tickets(&entry("optional"));
    let draft = Draft::new("GET", "/internal/tasks/run");
    assert_eq!(draft.send(&gateways.one).await.status(), StatusCode::NOT_FOUND);
    let message = post(r#"{"jsonrpc":"2.0","id":1,"method":"tasks/run"}"#).header("mcp-protocol-version", "2025-11-25");
    assert_eq!(message.refusal(&gateways.one).await, (200, -32601));
}

//! What a tool does before its call becomes a task, if its manifest says that it asks first.

use http::StatusCode;
use serde_json::{Value, json};

use super::{call, entry, get, instances, result, text, until};
use crate::support;

fn asks_first() -> Value {
    let mut entry = entry("required");
    entry["asksFirst"] = json!(true);
    entry
}

/// K-9: without a question the task begins where the round ended.
#[tokio::test(start_paused = true)]
async fn a_round_without_questions_becomes_the_task() {
    let mut gateways = instances(&asks_first());
    let (created, ()) = tokio::join!(result(&gateways.one, call()), async {
        let called = gateways.calls.recv().await.expect("a call");
        assert!(called.event["context"].get("taskId").is_none());
        called.ends(&json!({ "inputRequired": { "requestState": "nothing to ask" } })).await;
    });
    assert_eq!(created["resultType"], "task", "{created}");
    assert!(created.get("requestState").is_none());
    let id = created["taskId"].as_str().expect("an id");
    let called = gateways.called().await;
    assert_eq!(called.event["context"]["input"], json!({ "responses": {}, "state": "nothing to ask" }));
    assert_eq!(called.event["context"]["taskId"], json!(id));
    called.ends(&json!({ "result": text("done") })).await;
    until(&gateways.one, id, "completed").await;
}

/// K-1: a tool that has its answer at once needs no task.
#[tokio::test(start_paused = true)]
async fn a_result_at_once_is_the_answer() {
    let mut gateways = instances(&asks_first());
    let (answer, ()) = tokio::join!(result(&gateways.one, call()), async {
        let called = gateways.calls.recv().await.expect("a call");
        called.says(&json!({ "progress": { "progress": 1 } })).await;
        called.ends(&json!({ "result": text("at once") })).await;
    });
    assert_eq!((&answer["resultType"], &answer["content"][0]["text"]), (&json!("complete"), &json!("at once")));
    assert!(gateways.is_quiet());
}

/// E-4: what goes wrong before the task is the answer to the call, with its status.
#[tokio::test(start_paused = true)]
async fn an_error_before_the_task_is_the_answer() {
    let mut gateways = instances(&asks_first());
    for (said, status, code) in [
        (json!({ "error": { "code": 7, "message": "no" } }), StatusCode::OK, 7),
        (json!({ "error": { "code": -32021, "message": "no" } }), StatusCode::BAD_REQUEST, -32021),
        (json!({ "strange": {} }), StatusCode::OK, -32603),
    ] {
        let draft = call();
        let ((answered, body), ()) = tokio::join!(draft.json(&gateways.one), async {
            gateways.calls.recv().await.expect("a call").ends(&said).await;
        });
        assert_eq!((answered, &body["error"]["code"]), (status, &json!(code)));
    }
}

/// T-9: nobody waits long for a question.
#[tokio::test(start_paused = true)]
async fn a_tool_has_twenty_seconds_to_ask() {
    let mut gateways = instances(&asks_first());
    let draft = call();
    let ((_, body), _called) = tokio::join!(draft.json(&gateways.one), gateways.calls.recv());
    assert_eq!(body["error"]["data"]["reason"], "deadline");
}

/// K-9 is for tools that say so: all others are tasks from the start.
#[tokio::test(start_paused = true)]
async fn a_tool_that_does_not_ask_first_asks_in_its_task() {
    let mut gateways = instances(&entry("optional"));
    let id = super::create(&gateways.one).await;
    assert!(gateways.called().await.event["context"].get("taskId").is_some());
    assert_eq!(get(&gateways.one, &id).await["status"], "working");
}

/// `asksFirst` means nothing without `task`: an entry that says so is left out.
#[tokio::test]
async fn a_tool_that_is_no_task_cannot_ask_before_it() {
    let mut entry = support::entry("tool");
    entry["asksFirst"] = json!(true);
    assert!(super::catalog(&entry).is_empty());
}

//! What a tool does before its call becomes a task, if its manifest says that it asks first.

use http::StatusCode;
use serde_json::{Value, json};

use super::{call, entry, form, get, instances, meta, result, text, until};
use crate::support::{self, request};

fn asks_first() -> Value {
    let mut entry = entry("required");
    entry["asksFirst"] = json!(true);
    entry
}

/// K-9: what a tool has to ask first is asked of the call; the answered call becomes the task.
#[tokio::test(start_paused = true)]
async fn questions_before_the_task_are_a_result_and_their_answers_make_the_task() {
    let mut gateways = instances(&asks_first());
    let (asked, ()) = tokio::join!(result(&gateways.one, call()), async {
        let called = gateways.calls.recv().await.expect("a call");
        let question = json!({ "inputRequests": { "name": form("Who?") }, "requestState": "asked" });
        called.ends(&json!({ "inputRequired": question })).await;
    });
    assert_eq!(asked["resultType"], "input_required");
    assert_eq!(asked["inputRequests"], json!({ "name": form("Who?") }));
    assert!(asked.get("taskId").is_none());

    let name = json!({ "action": "accept", "content": { "name": "Alice" } });
    let retry = request(
        "tools/call",
        json!({
            "name": "tool",
            "arguments": { "a": 1 },
            "requestState": asked["requestState"],
            "inputResponses": { "name": name },
            "_meta": meta(&json!({ "elicitation": {} })),
        }),
    );
    let created = result(&gateways.other, retry).await;
    assert_eq!(created["resultType"], "task");
    for absent in ["requestState", "inputRequests"] {
        assert!(created.get(absent).is_none(), "{absent}");
    }
    let called = gateways.called().await;
    let input = json!({ "responses": { "name": name }, "state": "asked" });
    assert_eq!(called.event["context"]["input"], input);
    assert_eq!(called.event["context"]["taskId"], created["taskId"]);
    called.ends(&json!({ "result": text("Alice") })).await;
    until(&gateways.one, created["taskId"].as_str().expect("an id"), "completed").await;
}

/// Q-3, K-9: a client that cannot be asked is told what it lacks, and there is no task.
#[tokio::test(start_paused = true)]
async fn a_question_before_the_task_needs_its_capability() {
    let mut gateways = instances(&asks_first());
    let draft = request("tools/call", json!({ "name": "tool", "arguments": {}, "_meta": meta(&json!({})) }));
    let (refusal, ()) = tokio::join!(draft.refusal(&gateways.one), async {
        let called = gateways.calls.recv().await.expect("a call");
        called.ends(&json!({ "inputRequired": { "inputRequests": { "name": form("Who?") } } })).await;
    });
    assert_eq!(refusal, (400, -32021));
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
    let data = json!({ "requiredCapabilities": { "roots": {} } });
    let lacking = json!({ "code": -32021, "message": "no", "data": data });
    for (said, status, code) in [
        (json!({ "error": { "code": 7, "message": "no" } }), StatusCode::OK, 7),
        (json!({ "error": lacking }), StatusCode::BAD_REQUEST, -32021),
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

/// `asksFirst` means nothing without `task`, or where there is no way to ask: such an entry is left out.
#[tokio::test]
async fn a_tool_that_cannot_ask_before_a_task_is_not_served() {
    let mut plain = asks_first();
    plain["contract"] = json!("arguments");
    let mut no_task = support::entry("tool");
    no_task["asksFirst"] = json!(true);
    for entry in [plain, no_task] {
        assert_eq!(call().refusal(&instances(&entry).one).await, (200, -32602));
    }
}

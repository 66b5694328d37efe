//! Questions in the course of a task, and their answers.

use serde_json::{Value, json};

use super::{about, answer, call, cancel, create, entry, form, get, instances, meta, result, text, until};
use crate::support::request;

fn accepted(name: &str) -> Value {
    json!({ "action": "accept", "content": { "name": name } })
}

fn question(state: &str, keys: &[&str]) -> Value {
    let requests: serde_json::Map<String, Value> = keys.iter().map(|key| ((*key).to_owned(), form(key))).collect();
    json!({ "inputRequired": { "inputRequests": requests, "requestState": state } })
}

/// K-3, K-4: what is open is shown until it is answered; the worker gets its own keys and its state.
#[tokio::test(start_paused = true)]
async fn a_task_waits_for_every_answer_and_then_goes_on() {
    let mut gateways = instances(&entry("optional"));
    let id = create(&gateways.one).await;
    gateways.called().await.ends(&question("half way", &["first", "second"])).await;
    let task = until(&gateways.other, &id, "input_required").await;
    assert_eq!(task["inputRequests"], json!({ "1.first": form("first"), "1.second": form("second") }));

    answer(&gateways.one, &id, json!({ "1.first": accepted("a"), "first": accepted("b"), "unknown": 7 })).await;
    let task = get(&gateways.other, &id).await;
    assert_eq!(task["status"], "input_required");
    assert_eq!(task["inputRequests"], json!({ "1.second": form("second") }));

    answer(&gateways.other, &id, json!({ "1.second": { "action": "decline" }, "1.first": accepted("late") })).await;
    let called = gateways.called().await;
    let input =
        json!({ "responses": { "first": accepted("a"), "second": { "action": "decline" } }, "state": "half way" });
    assert_eq!(called.event["context"]["input"], input);
    assert_eq!(called.event["context"]["taskId"], json!(id));
    assert_eq!(get(&gateways.one, &id).await["status"], "working");

    // The same key again is another question.
    called.ends(&question("nearly", &["first"])).await;
    let task = until(&gateways.one, &id, "input_required").await;
    assert_eq!(task["inputRequests"], json!({ "2.first": form("first") }));
    answer(&gateways.one, &id, json!({ "1.first": accepted("old") })).await;
    assert_eq!(get(&gateways.one, &id).await["status"], "input_required");
    answer(&gateways.one, &id, json!({ "2.first": accepted("c") })).await;
    let called = gateways.called().await;
    assert_eq!(called.event["context"]["input"]["responses"], json!({ "first": accepted("c") }));
    called.ends(&json!({ "result": text("done") })).await;
    until(&gateways.other, &id, "completed").await;
}

/// K-4: of two answers to one question one counts, and the worker goes on once.
#[tokio::test(start_paused = true)]
async fn two_answers_at_once_are_one() {
    let mut gateways = instances(&entry("optional"));
    let id = create(&gateways.one).await;
    gateways.called().await.ends(&question("", &["key"])).await;
    until(&gateways.one, &id, "input_required").await;
    tokio::join!(
        answer(&gateways.one, &id, json!({ "1.key": accepted("a") })),
        answer(&gateways.other, &id, json!({ "1.key": accepted("b") })),
    );
    let called = gateways.called().await;
    let given = &called.event["context"]["input"]["responses"]["key"]["content"]["name"];
    assert!(given == "a" || given == "b", "{given}");
    called.ends(&json!({ "result": text("done") })).await;
    until(&gateways.one, &id, "completed").await;
    assert!(gateways.is_quiet(), "the worker went on once");
}

/// an answer of the wrong kind is refused whole, by the name of its key.
#[tokio::test(start_paused = true)]
async fn an_answer_must_answer_the_question() {
    let mut gateways = instances(&entry("optional"));
    let id = create(&gateways.one).await;
    gateways.called().await.ends(&question("", &["one", "two"])).await;
    until(&gateways.one, &id, "input_required").await;
    for wrong in [json!(7), json!(null), json!({ "action": "maybe" }), json!({ "action": "accept", "content": 1 })] {
        let responses = json!({ "inputResponses": { "1.one": accepted("a"), "1.two": wrong } });
        let (status, body) = about("tasks/update", &id, responses).json(&gateways.one).await;
        assert_eq!((status.as_u16(), &body["error"]["code"]), (200, &json!(-32602)));
        assert!(body["error"]["message"].as_str().is_some_and(|text| text.contains("1.two")), "{body}");
    }
    for wrong in [json!({}), json!({ "inputResponses": null }), json!({ "inputResponses": [] })] {
        assert_eq!(about("tasks/update", &id, wrong).refusal(&gateways.one).await, (200, -32602));
    }
    let task = get(&gateways.one, &id).await;
    assert_eq!(task["inputRequests"].as_object().map(serde_json::Map::len), Some(2), "nothing was taken");
}

/// K-4: answers to a task that does not ask, or has ended, are acknowledged and mean nothing.
#[tokio::test(start_paused = true)]
async fn answers_nobody_asked_for_are_ignored() {
    let mut gateways = instances(&entry("optional"));
    let id = create(&gateways.one).await;
    answer(&gateways.one, &id, json!({ "1.key": accepted("early") })).await;
    gateways.called().await.ends(&question("", &["key"])).await;
    until(&gateways.one, &id, "input_required").await;
    cancel(&gateways.other, &id).await;
    answer(&gateways.one, &id, json!({ "1.key": accepted("late") })).await;
    assert_eq!(get(&gateways.one, &id).await["status"], "cancelled");
    assert!(gateways.is_quiet(), "nobody is called for a cancelled task");
}

/// a task asks what the client that made it can answer, and nothing else.
#[tokio::test(start_paused = true)]
async fn a_question_the_client_cannot_answer_fails_the_task() {
    let mut gateways = instances(&entry("optional"));
    let params = json!({ "name": "tool", "arguments": {}, "_meta": meta(&json!({})) });
    let created = result(&gateways.one, request("tools/call", params)).await;
    let id = created["taskId"].as_str().expect("an id");
    gateways.called().await.ends(&question("", &["key"])).await;
    let task = until(&gateways.one, id, "failed").await;
    assert_eq!(task["error"]["code"], -32021);
    assert_eq!(task["error"]["data"]["requiredCapabilities"], json!({ "elicitation": { "form": {} } }));
}

/// A round without questions is followed by the next one at once.
#[tokio::test(start_paused = true)]
async fn a_worker_can_ask_to_be_called_again() {
    let mut gateways = instances(&entry("optional"));
    let id = create(&gateways.one).await;
    gateways.called().await.ends(&json!({ "inputRequired": { "requestState": "again" } })).await;
    let called = gateways.called().await;
    assert_eq!(called.event["context"]["input"], json!({ "responses": {}, "state": "again" }));
    called.ends(&json!({ "result": text("done") })).await;
    until(&gateways.one, &id, "completed").await;
}

/// Rounds are counted: a tool that never stops asking is stopped.
#[tokio::test(start_paused = true)]
async fn a_task_has_twelve_rounds() {
    let mut gateways = instances(&entry("optional"));
    let created = result(&gateways.one, call()).await;
    for _ in 0..12 {
        gateways.called().await.ends(&json!({ "inputRequired": { "requestState": "again" } })).await;
    }
    let id = created["taskId"].as_str().expect("an id");
    assert_eq!(until(&gateways.one, id, "failed").await["error"]["code"], -32603);
    assert!(gateways.is_quiet());
}

//! Questions to clients of the handshake revisions: requests on the call's stream, answered by POST at
//! any instance (rule L-9).

use futures_util::FutureExt as _;
use http_body_util::BodyExt as _;
use penstock_gateway::{Gateway, PlatformDeadline};
use serde_json::{Value, json};

use crate::answering::{Calls, gateway};
use crate::checked::Body;
use crate::client::{Client, Shared};
use crate::support::{entry, messages, next, rest};

const FORM: &str = r#"{"message":"Who?","requestedSchema":{"type":"object","properties":{}}}"#;

/// A worker that asks `requests` and then repeats what it was told.
fn asks_once(shared: &Shared, requests: &'static str) -> (Gateway, Calls) {
    let answer = move |event: &Value| match event["context"].get("input") {
        None => format!("{{\"inputRequired\":{{\"inputRequests\":{requests},\"requestState\":\"s 1\"}}}}\n"),
        Some(input) => {
            let result = json!({ "content": [], "structuredContent": input });
            format!("{}\n", json!({ "result": result }))
        }
    };
    gateway(&[entry("tool")], answer, |services| shared.by(services))
}

fn asks_a_name(shared: &Shared) -> (Gateway, Calls) {
    asks_once(
        shared,
        r#"{"name":{"method":"elicitation/create","params":{"message":"Who?","requestedSchema":{"type":"object","properties":{}}}}}"#,
    )
}

fn can_ask() -> Value {
    json!({ "elicitation": {}, "sampling": {}, "roots": {} })
}

/// The question at the head of a stream.
async fn question(body: &mut Body) -> Value {
    let mut questions = messages(&next(body).await.expect("an event"));
    assert_eq!(questions.len(), 1, "{questions:?}");
    questions.remove(0)
}

/// The text of a result with `isError`.
fn told(response: &Value) -> &str {
    assert_eq!(response["result"]["isError"], true, "{response}");
    response["result"]["content"][0]["text"].as_str().expect("text")
}

/// L-9: the answer arrives at another instance than the one that asks, and the worker gets it verbatim.
#[tokio::test]
async fn an_answer_given_to_any_instance_reaches_the_worker() {
    let shared = Shared::new();
    let (one, calls) = asks_a_name(&shared);
    let (other, _) = asks_a_name(&shared);
    let client = Client::latest(&other, &can_ask()).await;
    let response = client.call(&json!("c")).send(&one).await;
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut body = response.into_body();
    let question = question(&mut body).await;
    assert_eq!((&question["method"], &question["jsonrpc"]), (&json!("elicitation/create"), &json!("2.0")));
    assert_eq!(question["params"], serde_json::from_str::<Value>(FORM).expect("JSON"));
    assert!(question["id"].as_str().is_some_and(|id| id.len() > 40), "{question}");
    let answer = json!({ "action": "accept", "content": { "name": "Ann" } });
    assert_eq!(client.answers(&other, &question["id"], &answer).await, 202);
    let messages = messages(&rest(body).await);
    assert_eq!(messages.len(), 1, "{messages:?}");
    assert_eq!(messages[0]["id"], "c");
    let input = &messages[0]["result"]["structuredContent"];
    assert_eq!(input, &json!({ "responses": { "name": answer }, "state": "s 1" }));
    assert_eq!(calls.count(), 2);
}

#[tokio::test]
async fn several_questions_are_asked_at_once_and_answered_in_any_order() {
    let shared = Shared::new();
    let (gateway, _) = asks_once(
        &shared,
        r#"{"a":{"method":"roots/list"},"b":{"method":"sampling/createMessage","params":{"messages":[],"maxTokens":9}}}"#,
    );
    let client = Client::open(&gateway, "2025-03-26", &can_ask()).await;
    let mut body = client.call(&json!(1)).send(&gateway).await.into_body();
    let questions = messages(&next(&mut body).await.expect("events"));
    let ids: Vec<&Value> = questions.iter().map(|question| &question["id"]).collect();
    assert_eq!(ids.len(), 2);
    assert_ne!(ids[0], ids[1]);
    assert_eq!(questions[0].get("params"), None, "roots/list has none, and none are made up");
    let sampled = json!({ "role": "assistant", "content": { "type": "text", "text": "hm" }, "model": "m" });
    assert_eq!(client.answers(&gateway, ids[1], &sampled).await, 202);
    assert_eq!(client.answers(&gateway, ids[0], &json!({ "roots": [] })).await, 202);
    let messages = messages(&rest(body).await);
    let responses = &messages[0]["result"]["structuredContent"]["responses"];
    assert_eq!(responses, &json!({ "a": { "roots": [] }, "b": sampled }));
}

/// L-9: an answer counts once, and only for a question of the same session.
#[tokio::test]
async fn the_first_answer_to_a_question_of_the_session_counts() {
    let shared = Shared::new();
    let (gateway, _) = asks_a_name(&shared);
    let client = Client::latest(&gateway, &can_ask()).await;
    let stranger = Client::latest(&gateway, &can_ask()).await;
    let mut body = client.call(&json!(1)).send(&gateway).await.into_body();
    let id = question(&mut body).await["id"].clone();
    let decline = json!({ "action": "decline" });
    assert_eq!(stranger.answers(&gateway, &id, &decline).await, 400, "another session");
    for made_up in [json!(1), json!("x"), json!(format!("{}A", id.as_str().expect("text")))] {
        assert_eq!(client.answers(&gateway, &made_up, &decline).await, 400, "{made_up}");
    }
    let large = json!({ "action": "accept", "content": { "a": "x".repeat(400_000) } });
    assert_eq!(client.answers(&gateway, &id, &large).await, 413);
    assert_eq!(client.answers(&gateway, &id, &decline).await, 202);
    assert_eq!(client.answers(&gateway, &id, &json!({ "action": "cancel" })).await, 202, "taken, too late to count");
    let messages = messages(&rest(body).await);
    assert_eq!(messages[0]["result"]["structuredContent"]["responses"]["name"], decline);
}

/// L-9: a tool that cannot be given what it needs has failed in a way the model can read.
#[tokio::test]
async fn a_client_that_cannot_be_asked_gets_a_result_that_says_why() {
    let shared = Shared::new();
    let (gateway, calls) = asks_a_name(&shared);
    let undeclared = Client::latest(&gateway, &json!({ "sampling": {} })).await;
    let (status, body) = undeclared.call(&json!(1)).json(&gateway).await;
    assert_eq!(status, 200);
    assert!(told(&body).contains(r#"{"elicitation":{"form":{}}}"#), "{body}");
    let able = Client::latest(&gateway, &can_ask()).await;
    let json_only = able.call(&json!(1)).header("accept", "application/json");
    assert!(told(&json_only.json(&gateway).await.1).contains("event stream"));
    let first_revision = Client::open(&gateway, "2025-03-26", &can_ask()).await;
    assert!(told(&first_revision.call(&json!(1)).json(&gateway).await.1).contains("elicitation"), "it has none");
    let no_session = able.call(&json!(1)).without("mcp-session-id");
    assert!(told(&no_session.json(&gateway).await.1).contains("no session"));
    assert_eq!(calls.count(), 4, "no worker was called a second time");
}

#[tokio::test]
async fn an_error_or_a_malformed_answer_ends_the_call_without_the_clients_words() {
    let shared = Shared::new();
    let (gateway, _) = asks_a_name(&shared);
    let client = Client::latest(&gateway, &can_ask()).await;
    let mut body = client.call(&json!(1)).send(&gateway).await.into_body();
    let id = question(&mut body).await["id"].clone();
    let error = json!({ "jsonrpc": "2.0", "id": id, "error": { "code": -1, "message": "confidential" } });
    assert_eq!(client.post(&error).send(&gateway).await.status(), 202);
    let text = rest(body).await;
    assert!(told(&messages(&text)[0]).contains("refused the question \"name\""), "{text}");
    assert!(!text.contains("confidential"), "{text}");
    let mut body = client.call(&json!(2)).send(&gateway).await.into_body();
    let id = question(&mut body).await["id"].clone();
    assert_eq!(client.answers(&gateway, &id, &json!({ "action": "confidential" })).await, 202);
    let text = rest(body).await;
    assert!(told(&messages(&text)[0]).contains("malformed"), "{text}");
    assert!(!text.contains("confidential"), "{text}");
}

/// T-7, T-9: the stream is kept open for five minutes, no longer.
#[tokio::test(start_paused = true)]
async fn a_question_nobody_answers_ends_the_call_in_time() {
    let shared = Shared::new();
    let (gateway, _) = asks_a_name(&shared);
    let client = Client::latest(&gateway, &can_ask()).await;
    let begun = tokio::time::Instant::now();
    let response = client.call(&json!(1)).send(&gateway).await;
    let text = rest(response.into_body()).await;
    assert_eq!(begun.elapsed().as_secs(), 300);
    assert!(text.contains("\n:\n\n"), "comments keep it open: {text}");
    let messages = messages(&text);
    assert!(told(&messages[1]).contains("did not answer the question \"name\" in time"), "{text}");
}

/// T-9: the last words come before the platform's.
#[tokio::test(start_paused = true)]
async fn a_client_has_no_longer_than_the_platform_leaves() {
    let shared = Shared::new();
    let (gateway, _) = asks_a_name(&shared);
    let client = Client::latest(&gateway, &can_ask()).await;
    let ends = std::time::SystemTime::now() + std::time::Duration::from_secs(33);
    let begun = tokio::time::Instant::now();
    let response = client.call(&json!(1)).extension(PlatformDeadline(ends)).send(&gateway).await;
    let text = rest(response.into_body()).await;
    assert!((29..=30).contains(&begun.elapsed().as_secs()), "{:?}", begun.elapsed());
    assert!(told(&messages(&text)[1]).contains("in time"), "{text}");
}

/// Q-2: state alone means "call me again"; a worker that never stops is stopped.
#[tokio::test]
async fn rounds_of_one_call_are_bounded() {
    let shared = Shared::new();
    let answer = |_: &Value| "{\"inputRequired\":{\"requestState\":\"again\"}}\n".to_owned();
    let (gateway, calls) = gateway(&[entry("tool")], answer, |services| shared.by(services));
    let client = Client::latest(&gateway, &can_ask()).await;
    let (_, body) = client.call(&json!(1)).json(&gateway).await;
    assert!(told(&body).contains("too often"), "{body}");
    assert_eq!(calls.count(), 17);
    assert_eq!(calls.last()["context"]["input"], json!({ "responses": {}, "state": "again" }));
}

/// Q-1: a worker that breaks its contract is no failure of the client's.
#[tokio::test]
async fn a_question_no_client_could_be_asked_is_the_workers_failure() {
    let shared = Shared::new();
    let (gateway, _) = asks_once(&shared, r#"{"a":{"method":"tools/call"}}"#);
    let client = Client::latest(&gateway, &can_ask()).await;
    let (_, body) = client.call(&json!(1)).json(&gateway).await;
    assert_eq!((&body["error"]["code"], &body["error"]["data"]["reason"]), (&json!(-32603), &json!("contract")));
}

/// L-9: questions come from plain functions too, and progress goes on in the next round.
#[tokio::test]
async fn a_function_that_does_not_stream_may_ask() {
    let shared = Shared::new();
    let answer = |event: &Value| match event["context"].get("input") {
        None => {
            json!({ "resultType": "input_required", "inputRequests": { "r": { "method": "roots/list" } } }).to_string()
        }
        Some(input) => json!({ "content": [], "structuredContent": input["responses"]["r"] }).to_string(),
    };
    let mut tool = entry("tool");
    tool["contract"] = json!("event");
    let (gateway, _) = gateway(&[tool], answer, |services| shared.by(services));
    let client = Client::latest(&gateway, &can_ask()).await;
    let mut body = client.call(&json!(1)).send(&gateway).await.into_body();
    let id = question(&mut body).await["id"].clone();
    assert_eq!(client.answers(&gateway, &id, &json!({ "roots": [{ "uri": "file:///a" }] })).await, 202);
    let messages = messages(&rest(body).await);
    assert_eq!(messages[0]["result"]["structuredContent"], json!({ "roots": [{ "uri": "file:///a" }] }));
    let unable = Client::latest(&gateway, &json!({})).await;
    assert!(told(&unable.call(&json!(2)).json(&gateway).await.1).contains("roots"));
}

/// A client that leaves while it is asked takes everything with it.
#[tokio::test]
async fn a_question_to_a_client_that_has_left_is_given_up() {
    let shared = Shared::new();
    let (gateway, calls) = asks_a_name(&shared);
    let client = Client::latest(&gateway, &can_ask()).await;
    let mut body = client.call(&json!(1)).send(&gateway).await.into_body();
    let id = question(&mut body).await["id"].clone();
    assert!(body.frame().now_or_never().is_none(), "it waits for the answer");
    drop(body);
    assert_eq!(client.answers(&gateway, &id, &json!({ "action": "cancel" })).await, 202);
    assert_eq!(calls.count(), 1);
}

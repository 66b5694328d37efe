//! `prompts/get`.

use crate::support::{Draft, Worker, entry_of, gateway, handshake, request};
use bytes::Bytes;
use penstock_gateway::Gateway;
use serde_json::{Value, json};

fn served() -> (Gateway, Worker) {
    let arguments = json!([{ "name": "code", "required": true }, { "name": "style" }]);
    let review = json!({ "name": "review", "description": "Reviews code.", "arguments": arguments });
    gateway(&[entry_of("prompt", &review)])
}

fn get(arguments: &Value) -> Draft {
    request("prompts/get", json!({ "name": "review", "arguments": arguments }))
}

fn says(worker: &Worker, line: &'static str) {
    worker.chunks.try_send(Ok(Bytes::from_static(line.as_bytes()))).expect("room for one");
}

#[tokio::test]
async fn a_prompt_is_filled_in_by_its_worker() {
    let (gateway, worker) = served();
    says(&worker, "{\"result\":{\"description\":\"d\",\"messages\":[],\"x\":1.0}}\n");
    let (status, body) = get(&json!({ "code": "1+1", "own": "kept" })).json(&gateway).await;
    let invocation = worker.invocations().remove(0);
    assert_eq!((status.as_u16(), &*invocation.function), (200, "review:7"));
    assert_eq!(invocation.payload["method"], "prompts/get");
    assert_eq!(invocation.payload["params"]["arguments"], json!({ "code": "1+1", "own": "kept" }));
    let result = &body["result"];
    assert_eq!(
        (&result["resultType"], &result["messages"], &result["x"]),
        (&json!("complete"), &json!([]), &json!(1.0))
    );
    assert_eq!(result.get("ttlMs"), None, "what a prompt says is not kept");
}

/// D: an argument that is missing is named before a worker is billed for it.
#[tokio::test]
async fn arguments_are_strings_and_the_required_ones_are_there() {
    let (gateway, worker) = served();
    for (arguments, named) in [
        (json!({}), "code"),
        (json!({ "style": "terse" }), "code"),
        (json!({ "code": 1 }), "code"),
        (json!({ "code": null }), "code"),
        (json!({ "code": "x", "other": ["a"] }), "other"),
        (json!(["code"]), "params"),
    ] {
        let (status, body) = get(&arguments).json(&gateway).await;
        assert_eq!((status.as_u16(), &body["error"]["code"]), (200, &json!(-32602)), "{arguments}");
        let message = body["error"]["message"].as_str().expect("a message");
        assert!(named == "params" || message.contains(named), "{arguments}: {message}");
    }
    assert_eq!(request("prompts/get", json!({ "name": "review" })).refusal(&gateway).await, (200, -32602));
    assert_eq!(request("prompts/get", json!({ "name": "other" })).refusal(&gateway).await, (200, -32602));
    assert_eq!(request("prompts/get", json!({ "name": 7 })).refusal(&gateway).await, (200, -32602));
    assert!(worker.invocations().is_empty());
}

/// H-13: `Mcp-Name` is the prompt's name.
#[tokio::test]
async fn the_name_header_is_checked_before_the_prompt_is_looked_for() {
    let (gateway, worker) = served();
    let other = request("prompts/get", json!({ "name": "other" }));
    assert_eq!(other.clone().without("mcp-name").refusal(&gateway).await, (400, -32020));
    assert_eq!(other.header("mcp-name", "review").refusal(&gateway).await, (400, -32020));
    assert!(worker.invocations().is_empty());
}

#[tokio::test]
async fn errors_speak_of_the_prompt() {
    let (gateway, worker) = served();
    drop(worker);
    let (_, body) = get(&json!({ "code": "x" })).json(&gateway).await;
    assert_eq!(body["error"]["message"], "the prompt broke off before it gave a result");
}

#[tokio::test]
async fn handshake_clients_get_prompts_in_their_shape() {
    let (gateway, worker) = served();
    says(&worker, "{\"result\":{\"messages\":[],\"resultType\":\"complete\"}}\n");
    let params = json!({ "name": "review", "arguments": { "code": "x" } });
    let (_, body) = handshake("2025-06-18", "prompts/get", &params).json(&gateway).await;
    assert_eq!(body["result"], json!({ "messages": [] }));
}

#[tokio::test]
async fn the_object_a_plain_function_returns_is_the_result() {
    for (written, reason) in [("{\"messages\":[]}", None), ("[1]", Some("contract")), ("\"text\"", Some("contract"))] {
        let mut plain = entry_of("prompt", &json!({ "name": "review" }));
        plain["contract"] = json!("event");
        let (gateway, worker) = gateway(&[plain]);
        says(&worker, written);
        drop(worker);
        let (_, body) = get(&json!({})).json(&gateway).await;
        match reason {
            None => assert_eq!(body["result"]["messages"], json!([])),
            Some(reason) => assert_eq!(body["error"]["data"]["reason"], reason, "{written}"),
        }
        assert_eq!(body["result"].get("structuredContent"), None);
    }
}

/// A prompt has no `isError`: a function that threw has crashed.
#[tokio::test]
async fn a_plain_function_that_threw_is_an_error() {
    let mut plain = entry_of("prompt", &json!({ "name": "review" }));
    plain["contract"] = json!("event");
    let (gateway, worker) = gateway(&[plain]);
    tokio::spawn(async move {
        worker.says("{\"errorMessage\":\"secret\"}").await;
        let code = "Unhandled".to_owned();
        worker.fails(penstock_gateway::invoke::InvokeError::Function { code, details: String::new() }).await;
    });
    let (_, body) = get(&json!({})).json(&gateway).await;
    assert_eq!(body["error"]["data"]["reason"], "crashed");
    assert!(!body.to_string().contains("secret"));
}

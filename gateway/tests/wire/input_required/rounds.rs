//! The question, the request sent again, and the worker called again.

use super::{FORM, accepted, asks, call, form, instance, meta, retry, state_of};
use crate::answering;
use crate::support::{entry, entry_of, members, messages, request, rest};
use serde_json::{Value, json};

/// Q-2, R-1, R-2: at least one of both members, no caching, the questions byte for byte.
#[tokio::test]
async fn a_question_is_the_whole_result() {
    let (gateway, _) = instance(&form());
    let response = call("tool", json!({})).send(&gateway).await;
    assert_eq!(
        (response.status().as_u16(), &response.headers()["content-type"]),
        (200, &"application/json".parse().expect("a value"))
    );
    let body = rest(response.into_body()).await;
    assert!(
        body.contains(&format!(r#""inputRequests":{{"who":{{"method":"elicitation/create","params":{FORM}}}}}"#)),
        "{body}"
    );
    let body: Value = serde_json::from_str(&body).expect("JSON");
    let result = &body["result"];
    assert_eq!(members(result), ["_meta", "inputRequests", "requestState", "resultType"]);
    assert_eq!(result["resultType"], "input_required");
    assert_eq!(result["_meta"]["io.modelcontextprotocol/serverInfo"]["name"], "penstock-gateway");
    assert!(!result["requestState"].as_str().expect("a string").contains("step 1"), "clients cannot read it");
}

/// Q-4: the retry stands alone; any instance serves it.
#[tokio::test]
async fn another_instance_calls_the_worker_with_what_was_answered() {
    let ((first, _), (second, calls)) = (instance(&form()), instance(&form()));
    let draft = retry(&state_of(&first).await, &accepted());
    let (_, body) = draft.json(&second).await;
    let given = json!({ "responses": accepted(), "state": "step 1" });
    assert_eq!(body["result"]["structuredContent"], given);
    assert_eq!(body["result"]["resultType"], "complete");
    let event = calls.last();
    assert_eq!(event["context"]["input"], given);
    assert!(event["params"]["requestState"].is_string(), "the client's parameters are left as they are");
}

/// Q-4, Q-6: what belongs to the round may differ, and so may the layout.
#[tokio::test]
async fn a_retry_may_be_laid_out_anew() {
    let (gateway, _) = instance(&form());
    let state = state_of(&gateway).await;
    let mut other_meta = meta(&json!({}));
    other_meta["progressToken"] = json!("another");
    let body = format!(
        r#"{{"params":{{ "requestState":"{state}","_meta":{other_meta},"arguments":{{ "b" : [2,3],"\u0061":1}},"name":"tool"}},"id":"2","method":"tools/call","jsonrpc":"2.0"}}"#
    );
    let (_, body) = call("tool", json!({})).body(body).json(&gateway).await;
    assert_eq!(body["result"]["structuredContent"], json!({ "responses": {}, "state": "step 1" }), "{body}");
}

/// Q-2: a worker that sheds load asks nothing and is called again with its state.
#[tokio::test]
async fn state_alone_is_a_question_too() {
    let (gateway, _) = instance(r#"{"requestState":"later"}"#);
    let state = state_of(&gateway).await;
    let (_, body) = call("tool", json!({ "requestState": state })).json(&gateway).await;
    assert_eq!(body["result"]["structuredContent"], json!({ "responses": {}, "state": "later" }));
}

/// Q-4: a worker may ask again; each round's state is its own.
#[tokio::test]
async fn a_worker_may_ask_as_often_as_it_needs() {
    let question = |state: &str| format!("{{\"inputRequired\":{}}}\n", form().replace("step 1", state));
    let worker = move |event: &Value| match event["context"]["input"]["state"].as_str() {
        None => question("step 1"),
        Some("step 1") => question("step 2"),
        Some(state) => format!("{{\"result\":{{\"content\":[],\"structuredContent\":{{\"last\":\"{state}\"}}}}}}\n"),
    };
    let (gateway, _) = answering::gateway(&[entry("tool")], worker, |services| services);
    let first = state_of(&gateway).await;
    let (_, body) = retry(&first, &accepted()).json(&gateway).await;
    let second = body["result"]["requestState"].as_str().expect("a second question").to_owned();
    let (_, body) = retry(&second, &accepted()).json(&gateway).await;
    assert_eq!(body["result"]["structuredContent"]["last"], "step 2");
}

/// A function that returns one JSON value asks with the result MCP has for it. White space in it ends no event.
#[tokio::test]
async fn a_plain_function_asks_with_a_result() {
    let mut plain = entry("tool");
    plain["contract"] = json!("event");
    let worker = |event: &Value| match event["context"].get("input") {
        None => format!(
            "{{\"resultType\":\"input_required\",\r\n\"inputRequests\":{{\r\n\"who\":{{\"method\":\"elicitation/create\",\"params\":{{\r\n{}}}}}}}",
            &FORM[1..]
        ),
        Some(input) => input.to_string(),
    };
    let (gateway, _) = answering::gateway(&[plain], worker, |services| services);
    let response = call("tool", json!({})).header("accept", "text/event-stream").send(&gateway).await;
    let messages = messages(&rest(response.into_body()).await);
    let result = &messages[0]["result"];
    assert_eq!(result["inputRequests"]["who"]["method"], "elicitation/create");
    let state = result["requestState"].as_str().expect("sealed, though the function keeps none");
    let (_, body) = retry(state, &accepted()).json(&gateway).await;
    assert_eq!(body["result"]["structuredContent"], json!({ "responses": accepted() }));
}

/// Q-1, Q-9: prompts and resources ask as tools do; what came of answers is not kept.
#[tokio::test]
async fn prompts_and_resources_ask_as_well() {
    let entries =
        [entry_of("prompt", &json!({ "name": "p" })), entry_of("resource", &json!({ "name": "r", "uri": "test://r" }))];
    let worker = |event: &Value| match (event["context"].get("input"), &event["method"]) {
        (None, _) => format!("{{\"inputRequired\":{}}}\n", form()),
        (_, method) if method == "prompts/get" => "{\"result\":{\"messages\":[]}}\n".to_owned(),
        _ => "{\"result\":{\"contents\":[],\"ttlMs\":9000,\"cacheScope\":\"public\"}}\n".to_owned(),
    };
    let (gateway, _) = answering::gateway(&entries, worker, |services| services);
    let meta = meta(&json!({ "elicitation": {} }));
    for (method, of) in [("prompts/get", json!({ "name": "p" })), ("resources/read", json!({ "uri": "test://r" }))] {
        let mut params = of;
        params["_meta"] = meta.clone();
        let (_, body) = request(method, params.clone()).json(&gateway).await;
        assert_eq!(members(&body["result"]), ["_meta", "inputRequests", "requestState", "resultType"], "{method}");
        params["requestState"] = body["result"]["requestState"].clone();
        params["inputResponses"] = accepted();
        let (_, body) = request(method, params).json(&gateway).await;
        assert_eq!(body["result"]["resultType"], "complete", "{method}: {body}");
        let hints = [&body["result"]["ttlMs"], &body["result"]["cacheScope"]];
        let uncached =
            if method == "resources/read" { [json!(0), json!("private")] } else { [json!(null), json!(null)] };
        assert_eq!(hints, [&uncached[0], &uncached[1]]);
    }
}

/// Q-1: nothing else may ask.
#[tokio::test]
async fn completion_does_not_ask() {
    let mut prompt = entry_of("prompt", &json!({ "name": "p", "arguments": [{ "name": "a" }] }));
    prompt["completes"] = json!(true);
    let (gateway, _) = answering::gateway(&[prompt], asks(form()), |services| services);
    let params = json!({
        "ref": { "type": "ref/prompt", "name": "p" },
        "argument": { "name": "a", "value": "" },
        "_meta": meta(&json!({ "elicitation": {} })),
    });
    let (status, body) = request("completion/complete", params).json(&gateway).await;
    let told = (status.as_u16(), &body["error"]["code"], &body["error"]["data"]["reason"]);
    assert_eq!(told, (200, &json!(-32603), &json!("contract")));
}

//! A worker asks the client: the question is a result, the answers come with the request sent again.

mod answers;
mod questions;
mod rounds;
mod state;

use crate::answering::{self, Calls};
use crate::support::{Draft, entry, request};
use penstock_gateway::seal::Keys;
use penstock_gateway::{Gateway, Services};
use serde_json::{Value, json};

const OLD: &str = "old:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

/// A form, spelled so that a copy that was parsed and written again would differ.
const FORM: &str = r#"{ "message":"Who \u0061re you?","requestedSchema":{"type":"object","properties":{"age":{"type":"number","maximum":1.50e2}}}}"#;

fn form() -> String {
    format!(
        r#"{{"inputRequests":{{"who":{{"method":"elicitation/create","params":{FORM}}}}},"requestState":"step 1"}}"#
    )
}

/// A worker that asks `question` until it is given input, and then answers with what it was given.
fn asks(question: String) -> impl Fn(&Value) -> String {
    move |event| match event["context"].get("input") {
        None => format!("{{\"inputRequired\":{question}}}\n"),
        Some(input) => format!("{{\"result\":{{\"content\":[],\"structuredContent\":{input}}}}}\n"),
    }
}

fn keys(text: &str) -> Keys {
    text.parse().expect("keys")
}

/// An instance of a gateway with two tools; all instances have the same keys.
fn instance(question: &str) -> (Gateway, Calls) {
    let share = |services: Services| Services { keys: keys(OLD), ..services };
    answering::gateway(&[entry("tool"), entry("other")], asks(question.to_owned()), share)
}

fn meta(capabilities: &Value) -> Value {
    json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": capabilities,
    })
}

/// A call of `name` by a client that can do everything.
fn call(name: &str, params: Value) -> Draft {
    let capabilities = json!({ "elicitation": { "form": {}, "url": {} }, "sampling": { "tools": {} }, "roots": {} });
    let mut all = json!({ "name": name, "arguments": { "a": 1, "b": [2, 3] }, "_meta": meta(&capabilities) });
    let (Value::Object(all_of_it), Value::Object(more)) = (&mut all, params) else { panic!("params are an object") };
    all_of_it.extend(more);
    request("tools/call", all)
}

fn retry(state: &str, responses: &Value) -> Draft {
    call("tool", json!({ "requestState": state, "inputResponses": responses }))
}

fn accepted() -> Value {
    json!({ "who": { "action": "accept", "content": { "age": 7 } } })
}

/// What a tool asks a client for with `question`: the state to bring back.
async fn state_of(gateway: &Gateway) -> String {
    let (status, body) = call("tool", json!({})).json(gateway).await;
    assert_eq!((status.as_u16(), &body["result"]["resultType"]), (200, &json!("input_required")), "{body}");
    body["result"]["requestState"].as_str().expect("a string").to_owned()
}

/// Sends a request that has to be refused before a worker is called, and answers why.
async fn refused(draft: &Draft, gateway: &Gateway, calls: &Calls) -> String {
    let before = calls.count();
    let (status, body) = draft.json(gateway).await;
    assert_eq!((status.as_u16(), &body["error"]["code"]), (200, &json!(-32602)), "{body}");
    assert_eq!(calls.count(), before, "no worker was called");
    body["error"]["message"].as_str().expect("a message").to_owned()
}

//! Prompts and resources a worker lists itself.

mod renewal;

use std::sync::{Arc, Mutex};

use penstock_gateway::Gateway;
use serde_json::{Value, json};

use crate::answering::{self, Calls};
use crate::support::{entry, entry_of, handshake, request};

/// What the worker lists at this moment.
#[derive(Clone, Default)]
struct Shelf(Arc<Mutex<Value>>);

impl Shelf {
    fn holds(&self, listing: Value) {
        *self.0.lock().expect("not poisoned") = listing;
    }

    /// Answers a listing with what is there, anything else with what it was asked.
    fn answer(&self, event: &Value) -> String {
        let held = self.0.lock().expect("not poisoned").clone();
        let text = json!({ "type": "text", "text": event["params"]["name"] });
        let result = match event["method"].as_str() {
            Some("prompts/list" | "resources/list") => held.clone(),
            Some("prompts/get") => json!({ "messages": [{ "role": "user", "content": text }] }),
            Some("resources/read") => json!({ "contents": [{ "uri": event["params"]["uri"], "text": "read" }] }),
            Some("completion/complete") => json!({ "completion": { "values": ["one"] } }),
            _ => json!({ "content": [] }),
        };
        if held["broken"] == true { "{}\n".to_owned() } else { format!("{}\n", json!({ "result": result })) }
    }
}

fn prompts(name: &str) -> Value {
    entry_of("promptLibrary", &json!({ "name": name, "description": "Prompts of ours." }))
}

fn resources(name: &str) -> Value {
    entry_of("resourceLibrary", &json!({ "name": name }))
}

fn gateway(entries: &[Value]) -> (Gateway, Calls, Shelf) {
    let shelf = Shelf::default();
    let worker = shelf.clone();
    let (gateway, calls) = answering::gateway(entries, move |event| worker.answer(event), |services| services);
    (gateway, calls, shelf)
}

async fn names(gateway: &Gateway, method: &str, member: &str) -> Vec<String> {
    let (status, body) = request(method, json!({})).json(gateway).await;
    assert_eq!(status, 200, "{body}");
    let entries = body["result"][member].as_array().expect("a list").iter();
    entries.map(|entry| entry["name"].as_str().expect("a name").to_owned()).collect()
}

async fn prompt_names(gateway: &Gateway) -> Vec<String> {
    names(gateway, "prompts/list", "prompts").await
}

/// The text a prompt is filled in with, or the error code.
async fn get(gateway: &Gateway, name: &str) -> Result<Value, Value> {
    let (_, body) = request("prompts/get", json!({ "name": name })).json(gateway).await;
    let text = body["result"]["messages"][0]["content"]["text"].clone();
    if text.is_null() { Err(body["error"]["code"].clone()) } else { Ok(text) }
}

#[tokio::test]
async fn what_a_library_lists_is_listed_and_used_like_anything_else() {
    let (gateway, calls, shelf) =
        gateway(&[entry("tool"), prompts("ours"), entry_of("prompt", &json!({ "name": "b" }))]);
    shelf.holds(json!({ "prompts": [{ "name": "c", "title": "C" }, { "name": "a", "arguments": [{ "name": "x", "required": true }] }] }));
    let (_, body) = request("prompts/list", json!({})).json(&gateway).await;
    let listed = json!([{ "name": "a", "arguments": [{ "name": "x", "required": true }] }, { "name": "b" }, { "name": "c", "title": "C" }]);
    assert_eq!(body["result"]["prompts"], listed);
    let event = calls.last();
    assert_eq!((&event["method"], &event["params"]), (&json!("prompts/list"), &json!({})));
    assert!(event["context"].get("caller").is_none(), "a listing is for nobody in particular: {event}");
    assert_eq!(get(&gateway, "c").await, Ok(json!("c")));
    // What it declares is held against requests.
    assert_eq!(get(&gateway, "a").await, Err(json!(-32602)));
    assert_eq!(calls.count(), 2);
}

/// D-4: a capability is there exactly if its methods work, and nobody is asked for that.
#[tokio::test]
async fn a_library_is_a_capability_before_it_has_listed_anything() {
    let mut ours = prompts("ours");
    ours["completes"] = json!(true);
    let (gateway, calls, _) = gateway(&[ours, resources("guides")]);
    let (_, body) = request("server/discover", json!({})).json(&gateway).await;
    let capabilities = &body["result"]["capabilities"];
    for capability in ["prompts", "resources", "completions"] {
        assert!(capabilities[capability].is_object(), "{capability} is not in {capabilities}");
    }
    let (_, tools) = request("tools/list", json!({})).json(&gateway).await;
    assert_eq!(tools["result"]["tools"], json!([]));
    assert_eq!(calls.count(), 0, "neither asks a library");
}

#[tokio::test]
async fn resources_of_a_library_are_read_at_what_it_lists() {
    let (gateway, calls, shelf) = gateway(&[resources("guides")]);
    shelf.holds(json!({ "resources": [{ "uri": "guide://start", "name": "start", "mimeType": "text/markdown" }] }));
    let (_, body) = request("resources/read", json!({ "uri": "guide://start" })).json(&gateway).await;
    assert_eq!(body["result"]["contents"][0]["text"], "read", "{body}");
    assert_eq!(calls.last()["method"], "resources/read");
    let unknown = request("resources/read", json!({ "uri": "guide://end" })).refusal(&gateway).await;
    assert_eq!(unknown.1, -32602);
    assert_eq!(names(&gateway, "resources/list", "resources").await, ["start"]);
    assert_eq!(calls.count(), 2);
}

#[tokio::test]
async fn handshake_revisions_have_libraries_too() {
    let (gateway, _, shelf) = gateway(&[prompts("ours")]);
    shelf.holds(json!({ "prompts": [{ "name": "a" }] }));
    let (_, body) = handshake("2025-06-18", "prompts/list", &json!({})).json(&gateway).await;
    assert_eq!(body["result"], json!({ "prompts": [{ "name": "a" }] }));
}

#[tokio::test]
async fn a_completion_reaches_the_library_of_its_prompt() {
    let mut ours = prompts("ours");
    ours["completes"] = json!(true);
    let (gateway, calls, shelf) = gateway(&[ours]);
    shelf.holds(json!({ "prompts": [{ "name": "a", "arguments": [{ "name": "x" }] }] }));
    let params = json!({ "ref": { "type": "ref/prompt", "name": "a" }, "argument": { "name": "x", "value": "o" } });
    let (_, body) = request("completion/complete", params).json(&gateway).await;
    assert_eq!(body["result"]["completion"]["values"], json!(["one"]), "{body}");
    assert_eq!(calls.last()["params"]["ref"]["name"], "a");
}

#[tokio::test]
async fn what_has_a_document_comes_first_and_bad_entries_hurt_nobody() {
    let pinned = [
        entry_of("prompt", &json!({ "name": "same", "title": "Pinned" })),
        entry_of("resource", &json!({ "name": "same", "uri": "x:same" })),
        entry_of("resourceTemplate", &json!({ "name": "t", "uriTemplate": "t:{a}" })),
    ];
    let (gateway, calls, shelf) = gateway(&[&pinned[..], &[prompts("ours"), resources("guides")]].concat());
    shelf.holds(json!({
        "prompts": [
            { "name": "same", "title": "Listed" }, { "name": "two words" }, { "title": "nameless" }, 7,
            { "name": "good" }, { "name": "good", "title": "again" },
        ],
        "resources": [
            { "name": "other", "uri": "x:same" }, { "name": "same", "uri": "x:other" }, { "name": "u", "uri": "none" },
            { "name": "matched", "uri": "t:1" }, { "name": "good", "uri": "x:good" },
        ],
    }));
    let (_, body) = request("prompts/list", json!({})).json(&gateway).await;
    let listed = json!([{ "name": "good" }, { "name": "same", "title": "Pinned" }]);
    assert_eq!(body["result"]["prompts"], listed);
    assert_eq!(names(&gateway, "resources/list", "resources").await, ["good", "same"]);
    assert_eq!(calls.count(), 2);
}

#[tokio::test]
async fn nobody_waits_for_a_library_who_asks_for_what_has_a_document() {
    let pinned = [
        entry_of("prompt", &json!({ "name": "p" })),
        entry_of("resourceTemplate", &json!({ "name": "t", "uriTemplate": "t:{a}" })),
    ];
    let (gateway, calls, _) = gateway(&[&pinned[..], &[prompts("ours"), resources("guides")]].concat());
    assert_eq!(get(&gateway, "p").await, Ok(json!("p")));
    let (_, body) = request("resources/read", json!({ "uri": "t:1" })).json(&gateway).await;
    assert_eq!(body["result"]["contents"][0]["uri"], "t:1");
    request("tools/list", json!({})).json(&gateway).await;
    assert_eq!(calls.count(), 2, "the prompt and the resource, and no listing");
}

#[tokio::test]
async fn of_two_libraries_the_first_by_name_has_a_prompt() {
    let (gateway, _) = answering::gateway(
        &[prompts("b"), prompts("a")],
        |_| format!("{}\n", json!({ "result": { "prompts": [{ "name": "same" }] } })),
        |services| services,
    );
    assert_eq!(prompt_names(&gateway).await, ["same"]);
}

#[tokio::test]
async fn a_function_that_returns_its_listing_is_a_library_too() {
    let mut ours = prompts("ours");
    ours["contract"] = json!("event");
    let answer = |_: &Value| json!({ "prompts": [{ "name": "a" }] }).to_string();
    let (gateway, _) = answering::gateway(&[ours], answer, |services| services);
    assert_eq!(prompt_names(&gateway).await, ["a"]);
}

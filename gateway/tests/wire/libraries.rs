//! Prompts and resources a worker lists itself.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use penstock_gateway::Gateway;
use serde_json::{Value, json};

use crate::answering::{self, Calls};
use crate::support::{self, entry, entry_of, handshake, request};

/// Longer than an unknown name must wait before its library is asked again.
const A_MOMENT: Duration = Duration::from_secs(3);

/// Longer than listings are good unless a manifest says something else.
const A_WHILE: Duration = Duration::from_secs(61);

/// Longer than a library that failed is left alone.
const RECOVERY: Duration = Duration::from_secs(11);

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

#[tokio::test(start_paused = true)]
async fn a_listing_is_asked_for_again_when_it_is_no_longer_good() {
    let mut ours = prompts("ours");
    ours["cache"] = json!({ "ttlMs": 20_000 });
    let (gateway, calls, shelf) = gateway(&[ours]);
    shelf.holds(json!({ "prompts": [{ "name": "a" }] }));
    let (_, body) = request("prompts/list", json!({})).json(&gateway).await;
    assert_eq!(body["result"]["ttlMs"], 20_000, "nobody keeps a list for longer than its listings are good");
    shelf.holds(json!({ "prompts": [{ "name": "b" }] }));
    tokio::time::advance(Duration::from_secs(19)).await;
    assert_eq!(prompt_names(&gateway).await, ["a"]);
    tokio::time::advance(Duration::from_secs(2)).await;
    assert_eq!(prompt_names(&gateway).await, ["b"]);
    assert_eq!(calls.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_new_prompt_is_found_without_a_wait_and_made_up_names_do_not_make_the_worker_run() {
    let (gateway, calls, shelf) = gateway(&[prompts("ours")]);
    shelf.holds(json!({ "prompts": [{ "name": "a" }] }));
    assert_eq!(get(&gateway, "b").await, Err(json!(-32602)));
    for _ in 0..20 {
        assert_eq!(get(&gateway, "b").await, Err(json!(-32602)));
    }
    assert_eq!(calls.count(), 1);
    shelf.holds(json!({ "prompts": [{ "name": "a" }, { "name": "b" }] }));
    tokio::time::advance(A_MOMENT).await;
    assert_eq!(get(&gateway, "b").await, Ok(json!("b")));
    assert_eq!(calls.count(), 3, "one more listing and the prompt itself");
}

#[tokio::test(start_paused = true)]
async fn a_library_that_fails_keeps_what_it_listed_and_is_left_alone_for_a_while() {
    let (gateway, calls, shelf) = gateway(&[prompts("ours"), entry_of("prompt", &json!({ "name": "z" }))]);
    shelf.holds(json!({ "broken": true }));
    assert_eq!(prompt_names(&gateway).await, ["z"], "the list is there without it");
    shelf.holds(json!({ "prompts": [{ "name": "a" }] }));
    assert_eq!(prompt_names(&gateway).await, ["z"]);
    assert_eq!(calls.count(), 1);
    tokio::time::advance(RECOVERY).await;
    assert_eq!(prompt_names(&gateway).await, ["a", "z"]);
    for bad in [json!({ "broken": true }), json!({}), json!({ "prompts": 1 }), json!({ "resources": [] })] {
        shelf.holds(bad.clone());
        tokio::time::advance(A_WHILE).await;
        assert_eq!(prompt_names(&gateway).await, ["a", "z"], "{bad}");
    }
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

/// R-6: cursors are bound to one version of their list.
#[tokio::test(start_paused = true)]
async fn a_long_listing_has_pages_and_cursors_that_end_with_it() {
    let (gateway, _, shelf) = gateway(&[prompts("ours")]);
    let listing = |count: u32| json!({ "prompts": (0..count).map(|n| json!({ "name": format!("p{n:05}") })).collect::<Vec<_>>() });
    shelf.holds(listing(1001));
    let (_, first) = request("prompts/list", json!({})).json(&gateway).await;
    let cursor = first["result"]["nextCursor"].clone();
    let (_, second) = request("prompts/list", json!({ "cursor": cursor })).json(&gateway).await;
    assert_eq!(second["result"]["prompts"], json!([{ "name": "p01000" }]));
    shelf.holds(listing(1002));
    tokio::time::advance(A_WHILE).await;
    let refused = request("prompts/list", json!({ "cursor": cursor })).refusal(&gateway).await;
    assert_eq!(refused.1, -32602);
}

#[tokio::test]
async fn requests_that_come_together_share_one_listing() {
    let (gateway, calls, shelf) = gateway(&[prompts("ours")]);
    shelf.holds(json!({ "prompts": [{ "name": "a" }] }));
    let (one, two, three) = tokio::join!(prompt_names(&gateway), prompt_names(&gateway), get(&gateway, "a"));
    assert_eq!((one, two, three), (vec!["a".to_owned()], vec!["a".to_owned()], Ok(json!("a"))));
    assert_eq!(calls.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_slow_library_is_not_waited_for_long_and_goes_on_with_the_next_request() {
    let (gateway, worker) = support::gateway(&[prompts("ours"), entry_of("prompt", &json!({ "name": "z" }))]);
    assert_eq!(prompt_names(&gateway).await, ["z"]);
    worker.says(r#"{"result":{"prompts":[{"name":"a"}]}}"#.to_owned() + "\n").await;
    assert_eq!(prompt_names(&gateway).await, ["a", "z"]);
    assert_eq!(worker.invocations().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_library_that_never_answers_is_given_up() {
    let (gateway, worker) = support::gateway(&[prompts("ours"), entry_of("prompt", &json!({ "name": "z" }))]);
    for _ in 0..3 {
        assert_eq!(prompt_names(&gateway).await, ["z"]);
    }
    assert!(worker.chunks.is_closed(), "nobody reads it any more");
    assert_eq!(worker.invocations().len(), 1);
}

#[tokio::test]
async fn a_function_that_returns_its_listing_is_a_library_too() {
    let mut ours = prompts("ours");
    ours["contract"] = json!("event");
    let answer = |_: &Value| json!({ "prompts": [{ "name": "a" }] }).to_string();
    let (gateway, _) = answering::gateway(&[ours], answer, |services| services);
    assert_eq!(prompt_names(&gateway).await, ["a"]);
}

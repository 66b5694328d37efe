//! `resources/read`: resources and templates.

use crate::support::{Worker, entry_of, gateway, handshake, members, meta, request};
use bytes::Bytes;
use penstock_gateway::Gateway;
use serde_json::{Value, json};

fn resource(name: &str, uri: &str) -> Value {
    entry_of("resource", &json!({ "name": name, "uri": uri }))
}

fn template(name: &str, uri: &str) -> Value {
    entry_of("resourceTemplate", &json!({ "name": name, "uriTemplate": uri }))
}

fn served() -> (Gateway, Worker) {
    gateway(&[
        resource("readme", "file:///readme.md"),
        template("files", "file:///{+path}"),
        template("notes", "file:///notes/{name}"),
        template("a-notes", "file:///notes/{title}"),
        template("search", "find:all{?q,limit}"),
    ])
}

fn says(worker: &Worker, line: &str) {
    worker.chunks.try_send(Ok(Bytes::from(format!("{line}\n")))).expect("room for one");
}

const RESULT: &str = r#"{"result":{"contents":[{"uri":"file:///readme.md","text":"hi"}]}}"#;

/// What the worker was invoked with for a URI.
async fn read(uri: &str) -> Value {
    let (gateway, worker) = served();
    says(&worker, RESULT);
    let (status, body) = request("resources/read", json!({ "uri": uri })).json(&gateway).await;
    assert_eq!((status.as_u16(), &body["result"]["contents"][0]["text"]), (200, &json!("hi")), "{uri}: {body}");
    let invocation = worker.invocations().remove(0);
    let variables = &invocation.payload["context"]["uriVariables"];
    json!([invocation.function, variables])
}

/// Deterministic: a resource before a template, the longest text before others, then the name.
#[tokio::test]
async fn the_entry_that_says_most_about_a_uri_answers_for_it() {
    assert_eq!(read("file:///readme.md").await, json!(["readme:7", null]));
    assert_eq!(read("file:///notes/a%20b").await, json!(["a-notes:7", { "title": "a b" }]));
    assert_eq!(read("file:///notes/a/b").await, json!(["files:7", { "path": "notes/a/b" }]));
    assert_eq!(read("find:all?limit=5&q=%C3%A9").await, json!(["search:7", { "limit": "5", "q": "é" }]));
    assert_eq!(read("find:all").await, json!(["search:7", null]));
}

/// R-12, L-10: the code is the revision's; nobody is billed.
#[tokio::test]
async fn a_uri_that_nothing_is_served_at_is_not_found() {
    let (gateway, worker) = served();
    for uri in ["test://nothing", "file:///../etc/passwd", "file:///a/%2e%2e/b", "find:all?other=1", "x"] {
        let (status, body) = request("resources/read", json!({ "uri": uri })).json(&gateway).await;
        assert_eq!((status.as_u16(), &body["error"]["code"]), (200, &json!(-32602)), "{uri}");
        assert_eq!(body["error"]["data"], json!({ "uri": uri }));
        for revision in ["2025-03-26", "2025-06-18", "2025-11-25"] {
            let (_, body) = handshake(revision, "resources/read", &json!({ "uri": uri })).json(&gateway).await;
            assert_eq!(body["error"]["code"], -32002, "{revision}");
            assert_eq!(body["error"]["data"], json!({ "uri": uri }));
        }
    }
    assert!(worker.invocations().is_empty());
}

#[tokio::test]
async fn a_uri_that_is_none_or_too_long_is_refused() {
    let (gateway, worker) = served();
    let long = format!("file:///{}", "a".repeat(8192));
    for params in [json!({}), json!({ "uri": 7 }), json!({ "uri": long })] {
        let draft = request("resources/read", params);
        assert_eq!(draft.refusal(&gateway).await, (200, -32602));
    }
    assert!(worker.invocations().is_empty());
}

/// H-13: `Mcp-Name` is the URI, in Base64 where HTTP could not carry it.
#[tokio::test]
async fn the_name_header_is_the_uri() {
    let (gateway, worker) = served();
    let draft = request("resources/read", json!({ "uri": "file:///readme.md" }));
    assert_eq!(draft.clone().without("mcp-name").refusal(&gateway).await, (400, -32020));
    assert_eq!(draft.clone().header("mcp-name", "file:///other").refusal(&gateway).await, (400, -32020));
    says(&worker, RESULT);
    let encoded = draft.header("mcp-name", "=?base64?ZmlsZTovLy9yZWFkbWUubWQ=?=");
    assert_eq!(encoded.json(&gateway).await.0, 200);
}

/// R-12: a template's worker knows better what is there.
#[tokio::test]
async fn a_worker_that_finds_nothing_is_heard_in_every_revision() {
    let not_found = r#"{"error":{"code":-32602,"message":"no such file","data":{"uri":"file:///x"}}}"#;
    let other = r#"{"error":{"code":-32602,"message":"a number is missing","data":{"field":"n"}}}"#;
    let uri = json!({ "uri": "file:///x" });
    for (written, stateless, in_handshake) in [(not_found, -32602, -32002), (other, -32602, -32602)] {
        let (gateway, worker) = served();
        says(&worker, written);
        assert_eq!(request("resources/read", uri.clone()).refusal(&gateway).await, (200, stateless));
        let (gateway, worker) = served();
        says(&worker, written);
        assert_eq!(handshake("2025-11-25", "resources/read", &uri).refusal(&gateway).await, (200, in_handshake));
    }
}

#[tokio::test]
async fn errors_speak_of_the_resource() {
    let (gateway, worker) = served();
    drop(worker);
    let (_, body) = request("resources/read", json!({ "uri": "file:///readme.md" })).json(&gateway).await;
    assert_eq!(body["error"]["message"], "the resource broke off before it gave a result");
}

/// What a client reads of a result, by what the manifest and the worker say about keeping it.
async fn hints(cache: &Value, written: &str, params: &Value) -> Value {
    let mut entry = resource("readme", "file:///readme.md");
    if !cache.is_null() {
        entry["cache"] = cache.clone();
    }
    let (gateway, worker) = gateway(&[entry]);
    says(&worker, &format!(r#"{{"result":{{"contents":[]{written}}}}}"#));
    let mut all = json!({ "uri": "file:///readme.md", "_meta": meta() });
    all.as_object_mut().expect("an object").extend(params.as_object().cloned().expect("an object"));
    let (status, body) = request("resources/read", all).json(&gateway).await;
    assert_eq!((status.as_u16(), &body["result"]["resultType"]), (200, &json!("complete")), "{body}");
    json!([body["result"]["ttlMs"], body["result"]["cacheScope"]])
}

/// R-2: the worker's own word, else the manifest's, else none may be kept.
#[tokio::test]
async fn a_result_says_how_long_it_may_be_kept() {
    let (silent, once) = (Value::Null, json!({}));
    let cache = json!({ "ttlMs": 9000, "scope": "public" });
    assert_eq!(hints(&silent, "", &once).await, json!([0, "private"]));
    assert_eq!(hints(&cache, "", &once).await, json!([9000, "public"]));
    assert_eq!(hints(&cache, r#","ttlMs":5,"cacheScope":"private""#, &once).await, json!([5, "private"]));
    assert_eq!(hints(&cache, r#","ttlMs":5"#, &once).await, json!([5, "public"]));
    assert_eq!(hints(&silent, r#","cacheScope":"public","ttlMs":7"#, &once).await, json!([7, "public"]));
    assert_eq!(hints(&cache, r#","ttlMs":-1,"cacheScope":null"#, &once).await, json!([9000, "public"]));
    assert_eq!(hints(&cache, r#","ttlMs":1,"ttlMs":2"#, &once).await, json!([1, "public"]));
}

/// Q-9: what came of answers is not in the cache's key.
#[tokio::test]
async fn a_retried_result_is_never_kept() {
    let cache = json!({ "ttlMs": 9000, "scope": "public" });
    let retry = json!({ "inputResponses": {} });
    assert_eq!(hints(&cache, "", &retry).await, json!([0, "private"]));
    assert_eq!(hints(&cache, r#","ttlMs":5,"cacheScope":"public""#, &retry).await, json!([0, "private"]));
}

/// L-10: handshake revisions know no such members.
#[tokio::test]
async fn handshake_clients_read_nothing_about_keeping_results() {
    let mut entry = resource("readme", "file:///readme.md");
    entry["cache"] = json!({ "ttlMs": 9000, "scope": "public" });
    let (gateway, worker) = gateway(&[entry]);
    says(&worker, r#"{"result":{"ttlMs":5,"contents":[],"cacheScope":"public"}}"#);
    let params = json!({ "uri": "file:///readme.md" });
    let (_, body) = handshake("2025-11-25", "resources/read", &params).json(&gateway).await;
    assert_eq!(body["result"], json!({ "contents": [] }));
}

/// R-14: the hints are added to what a plain function returns, too; nothing else is.
#[tokio::test]
async fn the_object_a_plain_function_returns_is_the_result() {
    let mut entry = resource("readme", "file:///readme.md");
    entry["contract"] = json!("event");
    let (gateway, worker) = gateway(&[entry]);
    says(&worker, r#"{"contents":[{"uri":"file:///readme.md","text":"hi"}]}"#);
    drop(worker);
    let (_, body) = request("resources/read", json!({ "uri": "file:///readme.md" })).json(&gateway).await;
    assert_eq!(members(&body["result"]), ["_meta", "cacheScope", "contents", "resultType", "ttlMs"]);
}

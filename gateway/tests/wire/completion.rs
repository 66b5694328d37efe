//! `completion/complete`.

use crate::support::{Worker, entry_of, gateway, handshake, request};
use bytes::Bytes;
use penstock_gateway::Gateway;
use serde_json::{Value, json};

fn served() -> (Gateway, Worker) {
    let prompt = |name: &str| entry_of("prompt", &json!({ "name": name, "arguments": [{ "name": "language" }] }));
    let mut completing = prompt("review");
    completing["completes"] = json!(true);
    let template = json!({ "name": "file", "uriTemplate": "repo:{owner}/{+path}{?rev}" });
    let mut template = entry_of("resourceTemplate", &template);
    template["completes"] = json!(true);
    let readme = entry_of("resource", &json!({ "name": "readme", "uri": "file:///readme.md" }));
    gateway(&[completing, prompt("silent"), template, readme])
}

fn complete(reference: &Value, argument: &str) -> Value {
    json!({ "ref": reference, "argument": { "name": argument, "value": "p" } })
}

fn prompt(name: &str) -> Value {
    json!({ "type": "ref/prompt", "name": name })
}

fn resource(uri: &str) -> Value {
    json!({ "type": "ref/resource", "uri": uri })
}

#[tokio::test]
async fn the_worker_of_the_prompt_or_template_completes() {
    let template = resource("repo:{owner}/{+path}{?rev}");
    for (reference, argument, function) in [
        (prompt("review"), "language", "review:7"),
        (template.clone(), "owner", "file:7"),
        (template.clone(), "path", "file:7"),
        (template, "rev", "file:7"),
    ] {
        let (gateway, worker) = served();
        let result = Bytes::from_static(b"{\"result\":{\"completion\":{\"values\":[\"python\"]}}}\n");
        worker.chunks.try_send(Ok(result)).expect("room for one");
        let mut params = complete(&reference, argument);
        params["context"] = json!({ "arguments": { "other": "x" } });
        let (_, body) = request("completion/complete", params.clone()).json(&gateway).await;
        assert_eq!(body["result"]["completion"], json!({ "values": ["python"] }));
        assert_eq!((&body["result"]["resultType"], body["result"].get("ttlMs")), (&json!("complete"), None));
        let invocation = worker.invocations().remove(0);
        assert_eq!((&*invocation.function, &invocation.payload["method"]), (function, &json!("completion/complete")));
        assert_eq!(invocation.payload["params"]["context"], params["context"]);
    }
}

#[tokio::test]
async fn a_worker_that_does_not_complete_is_not_invoked() {
    let (gateway, worker) = served();
    let params = complete(&prompt("silent"), "language");
    let (status, body) = request("completion/complete", params.clone()).json(&gateway).await;
    let nothing = json!({ "values": [], "total": 0, "hasMore": false });
    assert_eq!((status.as_u16(), &body["result"]["completion"]), (200, &nothing));
    assert_eq!(body["result"]["resultType"], "complete");
    assert_eq!(body["result"]["_meta"]["io.modelcontextprotocol/serverInfo"]["name"], "penstock-gateway");
    let (_, body) = handshake("2025-03-26", "completion/complete", &params).json(&gateway).await;
    assert_eq!(body["result"], json!({ "completion": nothing }));
    assert!(worker.invocations().is_empty());
}

#[tokio::test]
async fn what_cannot_be_completed_is_refused() {
    let (gateway, worker) = served();
    let with = |key: &str, value: Value| {
        let mut params = complete(&prompt("review"), "language");
        params[key] = value;
        params
    };
    for params in [
        complete(&prompt("unknown"), "language"),
        complete(&prompt("review"), "unknown"),
        complete(&prompt("silent"), "unknown"),
        complete(&resource("repo:{owner}"), "owner"),
        complete(&resource("repo:{owner}/{+path}{?rev}"), "unknown"),
        complete(&resource("file:///readme.md"), "owner"),
        complete(&json!({ "type": "ref/tool", "name": "review" }), "language"),
        complete(&json!({ "type": "ref/prompt" }), "language"),
        with("argument", json!({ "name": "language" })),
        with("argument", json!({ "name": "language", "value": 5 })),
        with("context", json!({ "arguments": { "a": 1 } })),
        json!({}),
    ] {
        assert_eq!(request("completion/complete", params.clone()).refusal(&gateway).await, (200, -32602), "{params}");
    }
    assert!(worker.invocations().is_empty());
}

//! What a worker is invoked with.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::support::{Draft, Invocation, entry, gateway, meta, one_tool, post, request};
use penstock_gateway::PlatformDeadline;
use serde_json::{Value, json};

const TRACE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// Sends a call and answers what the worker was invoked with.
async fn invoked(draft: &Draft) -> Invocation {
    let (gateway, worker) = one_tool();
    let answered = draft.send(&gateway);
    worker.says("{\"result\":{\"content\":[]}}\n").await;
    assert_eq!(answered.await.status(), 200);
    worker.invocations().pop().expect("one call")
}

fn call_with(extra: &[(&str, Value)]) -> Draft {
    let mut meta = meta();
    for (key, value) in extra {
        meta[*key] = value.clone();
    }
    request("tools/call", json!({ "name": "tool", "_meta": meta }))
}

/// M-7: unknown members of `_meta` pass through.
#[tokio::test]
async fn the_clients_parameters_arrive_byte_for_byte() {
    let params = r#"{ "name":"tool", "arguments":{"z":1.0,"a":12345678901234567890,"s":"\u00e9"} ,"x":[ ] }"#;
    let draft = post(&format!(r#"{{"jsonrpc":"2.0","id":"q","method":"tools/call","params":{params}}}"#));
    let invocation = invoked(&draft).await;
    assert_eq!(invocation.function, "tool:7", "the published version");
    assert!(invocation.raw.contains(&format!(r#""params":{params}"#)), "{}", invocation.raw);
    let context = &invocation.payload["context"];
    assert_eq!((&context["requestId"], &context["protocolVersion"]), (&json!("q"), &json!("2025-03-26")));
    assert_eq!((&context["progress"], context.get("caller")), (&json!(false), None));
}

#[tokio::test]
async fn the_context_says_what_the_client_asked_for() {
    let draft = call_with(&[
        ("progressToken", json!("t")),
        ("io.modelcontextprotocol/logLevel", json!("warning")),
        ("io.modelcontextprotocol/clientCapabilities", json!({ "sampling": {} })),
        ("traceparent", json!(TRACE)),
        ("tracestate", json!("a=b")),
    ]);
    let context = invoked(&draft.header("traceparent", TRACE.replace("01", "00"))).await.payload["context"].clone();
    assert_eq!(context["progress"], true);
    assert_eq!(context["logLevel"], "warning");
    assert_eq!(context["clientCapabilities"], json!({ "sampling": {} }));
    assert_eq!(context["trace"], json!({ "traceparent": TRACE, "tracestate": "a=b" }));
}

/// X-1, X-2: what is passed on is well-formed.
#[tokio::test]
async fn a_malformed_trace_is_ignored_and_the_header_stands_in() {
    for bad in ["", "00-0-0-01", &TRACE.to_uppercase(), &TRACE.replace("b7ad6b7169203331", "0000000000000000")] {
        let context = invoked(&call_with(&[("traceparent", json!(bad))])).await.payload["context"].clone();
        assert_eq!(context.get("trace"), None, "{bad}");
    }
    let draft = call_with(&[("traceparent", json!(5))]).header("traceparent", TRACE);
    assert_eq!(invoked(&draft).await.payload["context"]["trace"]["traceparent"], TRACE);
}

/// M-5: with -32602.
#[tokio::test]
async fn an_unknown_log_level_is_refused() {
    let (gateway, worker) = one_tool();
    let draft = call_with(&[("io.modelcontextprotocol/logLevel", json!("loud"))]);
    assert_eq!(draft.refusal(&gateway).await, (200, -32602));
    assert!(worker.invocations().is_empty());
}

/// T-9: every call has a deadline.
#[tokio::test]
async fn the_deadline_is_the_tools_or_the_platforms_whichever_comes_first() {
    let since_epoch = |at: SystemTime| at.duration_since(UNIX_EPOCH).expect("after 1970").as_millis();
    let before = since_epoch(SystemTime::now());
    let deadline = invoked(&call_with(&[])).await.payload["context"]["deadlineMs"].as_u64().expect("a time");
    let after = since_epoch(SystemTime::now());
    assert!((before + 60_000..=after + 60_000).contains(&deadline.into()), "the manifest says 60 s");
    let platform = SystemTime::now() + Duration::from_secs(10);
    let deadline = invoked(&call_with(&[]).extension(PlatformDeadline(platform))).await;
    let deadline = deadline.payload["context"]["deadlineMs"].as_u64().expect("a time");
    assert!(u128::from(deadline) < since_epoch(platform), "time is left for the gateway's last words");
}

#[tokio::test]
async fn a_function_that_has_never_heard_of_penstock_gets_bare_arguments() {
    let mut plain = entry("tool");
    plain["contract"] = json!("arguments");
    let (gateway, worker) = gateway(&[plain]);
    let draft = request("tools/call", json!({ "name": "tool", "arguments": { "a": 1 } }));
    worker.chunks.try_send(Ok("1".into())).expect("room for one");
    let invocations = worker.invocations_handle();
    drop(worker);
    draft.send(&gateway).await;
    let raw = invocations.lock().expect("not poisoned").pop().expect("one call").raw;
    assert_eq!(raw, r#"{"a":1}"#);
}

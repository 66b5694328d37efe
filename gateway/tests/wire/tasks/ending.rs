//! How a task ends, and that it ends once.

use penstock_gateway::invoke::InvokeError;
use penstock_store::Store as _;
use serde_json::{Value, json};

use super::{cancel, create, entry, get, instances, text, until};

/// K-6: a tool's own failure is a result; only JSON-RPC errors are failures.
#[tokio::test(start_paused = true)]
async fn a_tool_that_failed_has_completed() {
    let mut gateways = instances(&entry("required"));
    let id = create(&gateways.one).await;
    let mut result = text("no such city");
    result["isError"] = json!(true);
    gateways.called().await.ends(&json!({ "result": result })).await;
    let task = until(&gateways.one, &id, "completed").await;
    assert_eq!(task["result"]["isError"], true);
    assert!(task.get("error").is_none());
}

/// K-6: the error as the call would have got it, and in words.
#[tokio::test(start_paused = true)]
async fn an_error_of_the_workers_fails_the_task() {
    let mut gateways = instances(&entry("optional"));
    let id = create(&gateways.one).await;
    let error = json!({ "code": 7, "message": "out of paper", "data": { "tray": 1.0 } });
    gateways.called().await.ends(&json!({ "error": error })).await;
    let task = until(&gateways.one, &id, "failed").await;
    assert_eq!((&task["error"], &task["statusMessage"]), (&error, &json!("out of paper")));
    assert!(task.get("result").is_none());
}

/// K-6: what became of the worker is told as it is told on a stream.
#[tokio::test(start_paused = true)]
async fn a_worker_that_breaks_off_fails_the_task() {
    let mut gateways = instances(&entry("optional"));
    let crash = InvokeError::Function { code: "Runtime.ExitError".to_owned(), details: "secret".to_owned() };
    for (chunk, reason) in [
        (Some(Ok("{\"result\":{\"content\":[".into())), "truncated"),
        (Some(Ok("{\"result\":{\"content\":]}}\n".into())), "contract"),
        (Some(Ok("garbage\n".into())), "contract"),
        (Some(Err(crash)), "crashed"),
        (None, "truncated"),
    ] {
        let id = create(&gateways.one).await;
        let called = gateways.called().await;
        if let Some(chunk) = chunk {
            called.chunks.send(chunk).await.expect("somebody listens");
        }
        drop(called);
        let task = until(&gateways.one, &id, "failed").await;
        assert_eq!(task["error"]["data"]["reason"], reason);
        assert!(!task.to_string().contains("secret"));
    }
}

/// K-6: a function that has never heard of frames says so by throwing.
#[tokio::test(start_paused = true)]
async fn a_plain_function_that_throws_has_completed() {
    let mut entry = entry("optional");
    entry["contract"] = json!("arguments");
    let mut gateways = instances(&entry);
    let id = create(&gateways.one).await;
    let called = gateways.called().await;
    assert_eq!(called.event, json!({ "a": 1 }), "it gets its arguments alone");
    called.chunks.send(Ok(r#"{"errorMessage":"no"}"#.into())).await.expect("somebody listens");
    let thrown = InvokeError::Function { code: "Unhandled".to_owned(), details: String::new() };
    called.chunks.send(Err(thrown)).await.expect("somebody listens");
    let task = until(&gateways.one, &id, "completed").await;
    assert_eq!((&task["result"]["isError"], &task["result"]["content"][0]["text"]), (&json!(true), &json!("no")));
}

/// T-9: a worker that says nothing has its time, and no more.
#[tokio::test(start_paused = true)]
async fn a_task_has_the_tools_time() {
    let mut gateways = instances(&entry("optional"));
    let id = create(&gateways.one).await;
    let called = gateways.called().await;
    tokio::time::sleep(std::time::Duration::from_secs(62)).await;
    assert_eq!(until(&gateways.one, &id, "failed").await["error"]["data"]["reason"], "deadline");
    assert!(called.chunks.is_closed());
}

/// R-14: byte for byte, in as many pieces as it takes.
#[tokio::test(start_paused = true)]
async fn a_long_result_is_kept_as_it_was_written() {
    let mut gateways = instances(&entry("optional"));
    let id = create(&gateways.one).await;
    let long = "ü".repeat(400 * 1024);
    let result = format!(r#"{{"content":[],"structuredContent":{{"z":1.0e2,"a":"{long}"}}}}"#);
    let called = gateways.called().await;
    called.chunks.send(Ok(format!("{{\"result\":{result}}}\n").into())).await.expect("somebody listens");
    until(&gateways.one, &id, "completed").await;
    let response = super::about("tasks/get", &id, json!({})).send(&gateways.other).await;
    let body = crate::support::rest(response.into_body()).await;
    let kept = format!(r#""result":{{"content":[],"structuredContent":{{"z":1.0e2,"a":"{long}"}},"_meta""#);
    assert!(body.contains(&kept), "{}", &body[..200]);
}

/// Bounds: what is kept has at most 4 MiB.
#[tokio::test(start_paused = true)]
async fn a_result_that_is_too_large_fails_the_task() {
    let mut gateways = instances(&entry("optional"));
    let id = create(&gateways.one).await;
    let called = gateways.called().await;
    called.chunks.send(Ok("{\"result\":{\"content\":[],\"a\":\"".into())).await.expect("somebody listens");
    let mebibyte = "a".repeat(1024 * 1024);
    for _ in 0..5 {
        called.chunks.send(Ok(mebibyte.clone().into())).await.expect("somebody listens");
    }
    let task = until(&gateways.one, &id, "failed").await;
    assert_eq!(task["error"]["data"]["reason"], "tooLarge");
}

/// K-4: the worker is left alone, and the task is cancelled for good.
#[tokio::test(start_paused = true)]
async fn a_cancelled_task_is_given_up() {
    let mut gateways = instances(&entry("optional"));
    let id = create(&gateways.one).await;
    let called = gateways.called().await;
    cancel(&gateways.other, &id).await;
    assert_eq!(get(&gateways.one, &id).await["status"], "cancelled");
    called.chunks.closed().await;
    assert_eq!(get(&gateways.one, &id).await["status"], "cancelled");
}

/// K-4: what the worker says after that changes nothing, not even if nobody has noticed yet.
#[tokio::test(start_paused = true)]
async fn a_result_that_comes_after_the_cancellation_is_dropped() {
    let mut gateways = instances(&entry("optional"));
    let id = create(&gateways.one).await;
    let called = gateways.called().await;
    cancel(&gateways.one, &id).await;
    called.ends(&json!({ "result": text("too late") })).await;
    tokio::time::sleep(std::time::Duration::from_secs(5)).await;
    let task = get(&gateways.one, &id).await;
    assert_eq!((&task["status"], task.get("result")), (&json!("cancelled"), None::<&Value>));
}

/// K-4: a cancellation that comes too late is acknowledged like any other.
#[tokio::test(start_paused = true)]
async fn a_task_that_has_ended_stays_as_it_is() {
    let mut gateways = instances(&entry("optional"));
    let id = create(&gateways.one).await;
    gateways.called().await.ends(&json!({ "result": text("done") })).await;
    let ended = until(&gateways.one, &id, "completed").await;
    cancel(&gateways.one, &id).await;
    assert_eq!(get(&gateways.one, &id).await, ended);
}

/// R-9: a kept result is held against the tool's schema like a streamed one.
#[tokio::test(start_paused = true)]
async fn a_result_that_breaks_the_output_schema_fails_the_task() {
    let mut entry = entry("optional");
    let schema = json!({ "type": "object", "properties": { "n": { "type": "integer" } }, "required": ["n"] });
    entry["definition"]["outputSchema"] = schema;
    let mut gateways = instances(&entry);
    for (n, status) in [(json!(1), "completed"), (json!("one"), "failed")] {
        let id = create(&gateways.one).await;
        let mut result = text("n");
        result["structuredContent"] = json!({ "n": n });
        gateways.called().await.ends(&json!({ "result": result })).await;
        until(&gateways.one, &id, status).await;
    }
}

/// R-10: arguments are checked before there is a task.
#[tokio::test]
async fn wrong_arguments_are_a_result_and_no_task() {
    let mut entry = entry("required");
    entry["definition"]["inputSchema"] = json!({ "type": "object", "required": ["b"] });
    let mut gateways = instances(&entry);
    let refused = super::result(&gateways.one, super::call()).await;
    assert_eq!((&refused["resultType"], &refused["isError"]), (&json!("complete"), &json!(true)));
    assert!(gateways.is_quiet());
}

/// T-5: the worker finds its record once the task is cancelled, and not before.
#[tokio::test(start_paused = true)]
async fn a_worker_learns_that_its_task_is_cancelled() {
    let mut gateways = instances(&entry("optional"));
    let id = create(&gateways.one).await;
    let called = gateways.called().await;
    let record = called.event["context"]["cancellation"].as_str().expect("a key").to_owned();
    assert!(record.starts_with("cancel/tool/"), "{record}");
    assert_eq!(gateways.store.get(&record).await.expect("a store"), None);
    cancel(&gateways.other, &id).await;
    called.chunks.closed().await;
    assert!(gateways.store.get(&record).await.expect("a store").is_some());
}

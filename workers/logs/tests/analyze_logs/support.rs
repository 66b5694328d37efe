//! The stand-in, and the worker process that asks it.

use std::process::Command;
use std::time::Duration;

use penstock_kit::testing::{Answer, Peer, Request, Worker, deadline_ms, event};
use serde_json::{Value, json};

/// The time of the first event a test invents: 2026-11-21T18:30:00Z.
pub(crate) const FIRST: i64 = 1_795_285_800_000;

/// A page of `messages`, a second apart from `from` on.
pub(crate) fn page(from: i64, messages: &[&str], next: Option<&str>) -> Answer {
    let events: Vec<_> = (0..)
        .zip(messages)
        .map(|(second, message)| {
            json!({ "logStreamName": "web/1", "timestamp": from + second * 1000, "message": message, "eventId": "1" })
        })
        .collect();
    let mut page = json!({ "events": events, "searchedLogStreams": [] });
    if let Some(next) = next {
        page["nextToken"] = json!(next);
    }
    answer(200, &page)
}

/// A refusal of the API.
pub(crate) fn error(code: &str, message: &str) -> Answer {
    answer(400, &json!({ "__type": code, "message": message }))
}

fn answer(status: u16, body: &Value) -> Answer {
    Answer::text(status, body.to_string()).with_header("content-type", "application/x-amz-json-1.1")
}

/// The JSON of a request.
pub(crate) fn body(request: &Request) -> Value {
    serde_json::from_str(&request.body).expect("a JSON body")
}

/// What the tool is asked where nothing else matters.
pub(crate) fn arguments() -> Value {
    json!({ "log_group": "/app/web", "start_time": "2026-11-21", "end_time": "2026-11-22T00:00:00Z" })
}

/// A worker with credentials whose CloudWatch Logs is `peer`, and which tries everything once.
pub(crate) fn worker(peer: &Peer) -> Worker {
    start(peer.url(), &[("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"), ("AWS_SECRET_ACCESS_KEY", "secret")])
}

/// A worker with this environment.
pub(crate) fn start(url: &str, environment: &[(&str, &str)]) -> Worker {
    let mut command = Command::new(env!("CARGO_BIN_EXE_penstock-logs"));
    command
        .env_clear()
        .env("PENSTOCK_TOOL", "analyze_logs")
        .env("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", url)
        .env("AWS_REGION", "eu-central-1")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_MAX_ATTEMPTS", "1")
        .envs(environment.iter().copied());
    Worker::start(command)
}

/// Calls the tool; answers all frames.
pub(crate) fn call(worker: &Worker, arguments: Value) -> Vec<Value> {
    worker.invoke(&event("analyze_logs", arguments)).frames().expect("the worker contract")
}

/// Calls the tool, which must fail at once; answers what the model reads.
pub(crate) fn refusal(worker: &Worker, arguments: Value) -> String {
    let frames = call(worker, arguments);
    let [frame] = frames.as_slice() else { panic!("more than a result: {frames:?}") };
    assert_eq!(frame["result"]["isError"], true, "{frame}");
    text(&frame["result"]).to_owned()
}

/// Calls the tool with so much time, once its process is up.
pub(crate) fn call_for(worker: &Worker, time: Duration) -> Vec<Value> {
    refusal(worker, json!({}));
    let mut event = event("analyze_logs", arguments());
    event["context"]["deadlineMs"] = json!(deadline_ms(time));
    worker.invoke(&event).frames().expect("the worker contract")
}

/// The text of a result.
pub(crate) fn text(result: &Value) -> &str {
    result["content"][0]["text"].as_str().expect("a text")
}

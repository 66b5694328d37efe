//! The worker process, and what it is asked.

use std::process::Command;

use penstock_kit::testing::{Worker, completion_event, resource_event};
use serde_json::{Value, json};

/// A worker of the documents at `location`, with more of an environment.
pub(crate) fn start(location: &str, environment: &[(&str, &str)]) -> Worker {
    let mut command = Command::new(env!("CARGO_BIN_EXE_penstock-documents"));
    command
        .env_clear()
        .env("PENSTOCK_TOOL", "template:document")
        .env("PENSTOCK_DOCUMENTS", location)
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .envs(environment.iter().copied());
    Worker::start(command)
}

/// Reads the document `path`; answers the only frame.
pub(crate) fn read(worker: &Worker, path: &str) -> Value {
    let event = resource_event(&format!("document://{path}"), json!({ "path": path }));
    frame(worker, &event)
}

/// What goes on from `typed`.
pub(crate) fn complete(worker: &Worker, typed: &str) -> Value {
    let reference = json!({ "type": "ref/resource", "uri": "document://{+path}" });
    frame(worker, &completion_event(reference, "path", typed))["result"]["completion"]["values"].take()
}

fn frame(worker: &Worker, event: &Value) -> Value {
    let mut frames = worker.invoke(event).frames().expect("the worker contract");
    assert_eq!(frames.len(), 1, "{frames:?}");
    frames.remove(0)
}

/// The one part of what a document holds.
pub(crate) fn part(path: &str, mime_type: &str, kind: &str, content: &str) -> Value {
    let mut part = json!({ "uri": format!("document://{path}"), "mimeType": mime_type });
    part[kind] = json!(content);
    json!({ "result": { "contents": [part] } })
}

/// The error of a document that is not there.
pub(crate) fn missing(path: &str) -> Value {
    let data = json!({ "uri": format!("document://{path}") });
    json!({ "error": { "code": -32602, "message": "there is no such resource", "data": data } })
}

//! The real binary behind a real Runtime API.

use std::process::Command;

use penstock_kit::testing::{self, Worker};
use serde_json::{Value, json};

fn start(tool: &str) -> Worker {
    let mut command = Command::new(env!("CARGO_BIN_EXE_penstock-demo"));
    command.env("PENSTOCK_TOOL", tool);
    Worker::start(command)
}

fn long_operation(steps: u32, step_ms: u32) -> Value {
    testing::event("long_operation", json!({ "steps": steps, "step_ms": step_ms }))
}

#[test]
fn one_process_answers_one_call_after_another() {
    let worker = start("ping");
    let instance = |frames: &[Value]| frames[0]["result"]["structuredContent"]["instance"].clone();
    let first = worker.invoke(&testing::event("ping", json!({}))).frames().expect("a whole stream");
    let second = worker.invoke(&testing::event("ping", json!({}))).frames().expect("a whole stream");
    assert!(instance(&first).is_string(), "{first:?}");
    assert_eq!(instance(&first), instance(&second));
}

#[test]
fn progress_leaves_the_process_before_the_call_ends() {
    let mut worker = start("long_operation");
    let mut response = worker.invoke(&long_operation(1000, 100));
    let mut stream = Vec::new();
    while !stream.ends_with(b"}\n") {
        stream.extend(response.chunk().expect("progress arrives"));
    }
    // Had the worker held progress back until the end, there would be a result by now.
    worker.kill();
    stream.extend(response.rest().concat());
    let text = String::from_utf8_lossy(&stream);
    assert!(text.contains("{\"progress\":{\"progress\":1,\"total\":1000,"), "{text}");
    assert!(!text.contains("\"result\""), "{text}");
    assert!(!response.is_complete());
}

#[test]
fn a_managed_instance_serves_calls_side_by_side() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_penstock-demo"));
    command.env("PENSTOCK_TOOL", "long_operation").env("AWS_LAMBDA_MAX_CONCURRENCY", "2");
    let mut worker = Worker::start(command);
    let mut long = worker.invoke(&long_operation(1000, 100));
    long.chunk().expect("the long call has begun");
    let short = worker.invoke(&long_operation(1, 0)).frames().expect("a whole stream");
    assert_eq!(short[1]["result"]["structuredContent"]["steps"], 1);
    worker.kill();
    assert!(!String::from_utf8_lossy(&long.rest().concat()).contains("\"result\""));
}

#[test]
fn a_call_is_stopped_before_its_deadline_and_says_so() {
    let mut event = long_operation(1000, 50);
    event["context"]["deadlineMs"] = json!(testing::deadline_ms(std::time::Duration::from_secs(1)));
    let frames = start("long_operation").invoke(&event).frames().expect("a whole stream");
    let (end, before) = frames.split_last().expect("frames");
    assert!(before.iter().all(|frame| frame["progress"].is_object()), "{before:?}");
    assert_eq!(end["result"]["isError"], true);
    assert_eq!(end["result"]["content"][0]["text"], "stopped: it did not finish before its deadline");
}

#[test]
fn a_process_answers_only_for_the_tool_it_was_deployed_as() {
    let frames = start("ping").invoke(&long_operation(1, 0)).frames().expect("a whole stream");
    assert_eq!(
        frames,
        [json!({ "error": {
        "code": -32602,
        "message": "this function is deployed as `ping`, not as what was asked for",
    } })]
    );
}

#[test]
fn a_malformed_event_is_an_error_frame_and_the_process_goes_on() {
    let worker = start("ping");
    let frames = worker.invoke("{\"method\":\"tools/call\"}").frames().expect("a whole stream");
    assert_eq!(frames[0]["error"]["code"], -32600, "{frames:?}");
    let frames = worker.invoke(&testing::event("ping", json!({}))).frames().expect("a whole stream");
    assert_eq!(frames[0]["result"]["structuredContent"]["reply"], "pong");
}

#[test]
fn arguments_never_reach_the_log() {
    let mut worker = start("long_operation");
    let event = testing::event("long_operation", json!({ "steps": "hunter2" }));
    let frames = worker.invoke(&event).frames().expect("a whole stream");
    assert_eq!(frames[0]["result"]["isError"], true);
    // Served, so the line of the first call has been written.
    worker.invoke(&long_operation(1, 0)).frames().expect("a whole stream");
    worker.kill();
    let log = worker.exit().log;
    assert!(log.contains("\"outcome\":\"failed\""), "{log}");
    assert!(!log.contains("hunter2"), "{log}");
}

#[test]
fn a_binary_without_a_tool_to_serve_says_which_it_has() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_penstock-demo"));
    command.env_remove("PENSTOCK_TOOL");
    let exit = Worker::start(command).exit();
    assert!(!exit.status.success());
    let init_error = exit.init_error.expect("posted to /runtime/init/error");
    assert_eq!(init_error["errorMessage"], "PENSTOCK_TOOL is not set; this binary has ping, long_operation");
    assert!(exit.log.contains("PENSTOCK_TOOL is not set"), "{}", exit.log);
}

#[test]
fn a_binary_told_to_serve_a_tool_of_another_family_says_which_it_has() {
    let exit = start("pong").exit();
    assert!(!exit.status.success());
    let init_error = exit.init_error.expect("posted to /runtime/init/error");
    assert_eq!(init_error["errorMessage"], "PENSTOCK_TOOL is \"pong\"; this binary has ping, long_operation");
}

#[test]
fn started_by_hand_it_says_what_it_is() {
    let output = Command::new(env!("CARGO_BIN_EXE_penstock-demo"))
        .env_remove("AWS_LAMBDA_RUNTIME_API")
        .output()
        .expect("the binary starts");
    assert!(!output.status.success());
    let log = String::from_utf8_lossy(&output.stderr);
    assert!(log.contains("AWS_LAMBDA_RUNTIME_API") && log.contains("This is a Lambda function"), "{log}");
}

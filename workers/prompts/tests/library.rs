//! The prompt library as Lambda runs it: the real binary, with a folder on disk or a stand-in for S3.

use std::fs;
use std::path::Path;
use std::process::Command;

use penstock_kit::testing::{Answer, Peer, Worker, completion_event, listing_event, prompt_event};
use serde_json::{Value, json};

const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/samples");

fn start(location: &str, environment: &[(&str, &str)]) -> Worker {
    let mut command = Command::new(env!("CARGO_BIN_EXE_penstock-prompts"));
    command
        .env_clear()
        .env("PENSTOCK_TOOL", "prompts:prompts")
        .env("PENSTOCK_PROMPTS", location)
        .envs(environment.iter().copied());
    Worker::start(command)
}

fn start_in(folder: &Path) -> Worker {
    start(folder.to_str().expect("a path"), &[])
}

/// A worker with credentials whose S3 is `peer`.
fn start_at(peer: &Peer, location: &str) -> Worker {
    let environment = [
        ("AWS_ENDPOINT_URL_S3", peer.url()),
        ("AWS_REGION", "eu-central-1"),
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
    ];
    start(location, &environment)
}

fn frame(worker: &Worker, event: &Value) -> Value {
    let mut frames = worker.invoke(event).frames().expect("the worker contract");
    assert_eq!(frames.len(), 1, "{frames:?}");
    frames.remove(0)
}

fn list(worker: &Worker) -> Value {
    frame(worker, &listing_event("prompts/list"))["result"]["prompts"].take()
}

/// What the prompt says, filled in.
fn text(worker: &Worker, name: &str, arguments: Value) -> String {
    let answer = frame(worker, &prompt_event(name, arguments));
    let text = answer["result"]["messages"][0]["content"]["text"].as_str();
    text.unwrap_or_else(|| panic!("no text in {answer}")).to_owned()
}

/// The message of a refusal.
fn refusal(worker: &Worker, name: &str, arguments: Value) -> String {
    let error = frame(worker, &prompt_event(name, arguments))["error"].take();
    assert_eq!(error["code"], -32602, "{error}");
    error["message"].as_str().expect("a message").to_owned()
}

#[test]
fn a_template_is_a_prompt_and_its_placeholders_are_arguments() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("team")).expect("made");
    fs::write(folder.path().join("team/greet.md"), "Greet {{ whom }} in {{ language }}.").expect("written");
    let worker = start_in(folder.path());
    let arguments = json!([{ "name": "whom", "required": true }, { "name": "language", "required": true }]);
    assert_eq!(list(&worker), json!([{ "name": "team.greet", "arguments": arguments }]));
    let given = json!({ "whom": "{{ me }}", "language": "Latin" });
    assert_eq!(text(&worker, "team.greet", given), "Greet {{ me }} in Latin.");
}

#[test]
fn a_new_a_changed_and_a_removed_template_are_seen_by_the_same_process() {
    let folder = tempfile::tempdir().expect("a folder");
    let worker = start_in(folder.path());
    assert_eq!(list(&worker), json!([]));
    let file = folder.path().join("a.md");
    fs::write(&file, "One").expect("written");
    assert_eq!(text(&worker, "a", json!({})), "One");
    fs::write(&file, "Two {{ b }}").expect("written");
    assert_eq!(list(&worker)[0]["arguments"][0]["name"], "b");
    fs::remove_file(&file).expect("removed");
    assert_eq!(refusal(&worker, "a", json!({})), "there is no prompt \"a\"");
}

#[test]
fn a_bad_template_is_left_out_and_hurts_no_other() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, content) in [("bad.md", "{{ open"), ("good.md", "Fine"), ("notes.txt", "no template")] {
        fs::write(folder.path().join(name), content).expect("written");
    }
    fs::write(folder.path().join("latin.md"), b"caf\xe9").expect("written");
    fs::write(folder.path().join("long.md"), "x".repeat(64 * 1024 + 1)).expect("written");
    let mut worker = start_in(folder.path());
    assert_eq!(list(&worker), json!([{ "name": "good" }]));
    worker.kill();
    let log = worker.exit().log;
    for (file, reason) in [("bad.md", "syntax error"), ("latin.md", "UTF-8"), ("long.md", "65537 bytes")] {
        let line = log.lines().find(|line| line.contains(file)).unwrap_or_else(|| panic!("{file} is not in {log}"));
        assert!(line.contains(reason), "{line}");
    }
}

#[test]
fn arguments_are_held_to_what_the_template_says() {
    let worker = start(SAMPLES, &[]);
    assert_eq!(refusal(&worker, "review_code", json!({})), "arguments: code is missing");
    let unknown = refusal(&worker, "review_code", json!({ "code": "x", "style": "y" }));
    assert_eq!(unknown, "arguments: style is unknown; this prompt takes code, language");
    let refused = refusal(&worker, "review_code", json!({ "code": "x", "language": "Cobol" }));
    assert!(refused.starts_with("arguments: language takes one of C, Go, Java"), "{refused}");
}

#[test]
fn enumerated_arguments_are_completed() {
    let worker = start(SAMPLES, &[]);
    let complete = |argument, typed| {
        let reference = json!({ "type": "ref/prompt", "name": "review_code" });
        frame(&worker, &completion_event(reference, argument, typed))["result"]["completion"]["values"].take()
    };
    assert_eq!(complete("language", "ja"), json!(["Java", "JavaScript"]));
    assert_eq!(complete("code", ""), json!([]));
}

#[test]
fn the_samples_can_be_filled_in() {
    let worker = start(SAMPLES, &[]);
    let names: Vec<_> = list(&worker).as_array().expect("a list").iter().map(|one| one["name"].clone()).collect();
    assert_eq!(names, ["explain_costs", "review_code", "team.summarize"]);
    let plain = text(&worker, "review_code", json!({ "code": "let x = 1;" }));
    assert!(plain.starts_with("Review this code.") && plain.contains("let x = 1;"), "{plain}");
    let rust = text(&worker, "review_code", json!({ "code": "x", "language": "Rust" }));
    assert!(rust.starts_with("Review this Rust code."), "{rust}");
}

#[test]
fn templates_of_a_bucket_are_read_once_until_they_change() {
    let list_of = |etag: &str| {
        let object = format!(
            "<Contents><Key>lib/a.md</Key><Size>5</Size><LastModified>2026-11-21T18:30:00.000Z</LastModified>\
             <ETag>\"{etag}\"</ETag></Contents>"
        );
        Answer::text(200, format!("<ListBucketResult>{object}</ListBucketResult>"))
    };
    let object = |text: &str| {
        let modified = "Sat, 21 Nov 2026 18:30:00 GMT";
        Answer::text(200, text).with_header("last-modified", modified).with_header("etag", "\"1\"")
    };
    let peer = Peer::answering([list_of("1"), object("First"), list_of("1"), list_of("2"), object("Other")]);
    let worker = start_at(&peer, "s3://prompts/lib");
    assert_eq!(text(&worker, "a", json!({})), "First");
    assert_eq!(text(&worker, "a", json!({})), "First");
    assert_eq!(text(&worker, "a", json!({})), "Other");
    assert_eq!(peer.requests().iter().filter(|request| request.target.starts_with("/prompts/lib/a.md")).count(), 2);
}

#[test]
fn a_bucket_that_cannot_be_listed_is_an_error_that_says_why() {
    let peer =
        Peer::answering([Answer::text(403, "<Error><Code>AccessDenied</Code><Message>role/x</Message></Error>")]);
    let error = frame(&start_at(&peer, "s3://prompts"), &listing_event("prompts/list"))["error"].take();
    let message = error["message"].as_str().unwrap_or_default();
    assert!(message.contains("s3:ListBucket") && !message.contains("role/x"), "{error}");
}

#[test]
fn a_folder_that_is_not_there_ends_the_start_by_name() {
    let error = start("/no/such/folder", &[]).exit().init_error.expect("posted to /runtime/init/error");
    let message = error["errorMessage"].as_str().unwrap_or_default();
    assert!(message.ends_with("PENSTOCK_PROMPTS: /no/such/folder: no such folder"), "{message}");
}

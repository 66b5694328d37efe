//! `guide://…` as Lambda runs it: the real binary, with a folder on disk.

use std::fs;
use std::path::Path;
use std::process::Command;

use penstock_kit::testing::{Worker, listing_event, resource_event};
use serde_json::{Value, json};

const GUIDES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/guides");

fn start(folder: &Path) -> Worker {
    let mut command = Command::new(env!("CARGO_BIN_EXE_penstock-documents"));
    command.env_clear().env("PENSTOCK_TOOL", "resources:guides").env("PENSTOCK_GUIDES", folder);
    Worker::start(command)
}

fn frame(worker: &Worker, event: &Value) -> Value {
    let mut frames = worker.invoke(event).frames().expect("the worker contract");
    assert_eq!(frames.len(), 1, "{frames:?}");
    frames.remove(0)
}

fn list(worker: &Worker) -> Value {
    frame(worker, &listing_event("resources/list"))["result"]["resources"].take()
}

fn read(worker: &Worker, uri: &str) -> Value {
    frame(worker, &resource_event(uri, json!({})))
}

#[test]
fn every_markdown_file_is_listed_with_what_it_says_of_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("team")).expect("made");
    fs::write(folder.path().join("team/on call.md"), "# On call\n\nWho answers\nat night.\n").expect("written");
    fs::write(folder.path().join("notes.txt"), "no guide").expect("written");
    let listed = list(&start(folder.path()));
    let on_call = json!({
        "uri": "guide://team/on%20call", "name": "team.on-call", "title": "On call",
        "description": "Who answers at night.", "mimeType": "text/markdown", "size": 33,
    });
    assert_eq!(listed, json!([on_call]));
}

#[test]
fn a_new_file_is_listed_and_read_by_the_same_process() {
    let folder = tempfile::tempdir().expect("a folder");
    let worker = start(folder.path());
    assert_eq!(list(&worker), json!([]));
    fs::write(folder.path().join("new ä.md"), "Fresh").expect("written");
    let uri = list(&worker)[0]["uri"].as_str().expect("a URI").to_owned();
    assert_eq!(uri, "guide://new%20%C3%A4");
    let part = json!({ "uri": uri, "mimeType": "text/markdown", "text": "Fresh" });
    assert_eq!(read(&worker, &uri), json!({ "result": { "contents": [part] } }));
}

#[test]
fn what_is_not_there_or_leads_out_is_no_resource() {
    let outer = tempfile::tempdir().expect("a folder");
    let inner = outer.path().join("guides");
    fs::create_dir(&inner).expect("made");
    fs::write(outer.path().join("secret.md"), "secret").expect("written");
    let worker = start(&inner);
    for uri in ["guide://none", "guide://../secret", "guide://%2e%2e/secret", "guide://%ff", "file:///etc/passwd"] {
        let error = read(&worker, uri)["error"].take();
        assert_eq!((&error["code"], &error["data"]["uri"]), (&json!(-32602), &json!(uri)), "{error}");
    }
}

#[test]
fn the_samples_are_guides() {
    let listed = list(&start(Path::new(GUIDES)));
    let titles: Vec<_> = listed.as_array().expect("a list").iter().map(|guide| guide["title"].clone()).collect();
    assert_eq!(titles, ["Adding a tool", "Connecting a client", "Filling this folder"]);
}

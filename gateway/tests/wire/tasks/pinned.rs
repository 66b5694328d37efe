//! A task is finished by the version of the tool it was begun with.

use std::path::Path;
use std::sync::Arc;

use penstock_gateway::auth::Auth;
use penstock_gateway::catalog::Catalog;
use penstock_gateway::{Gateway, Services};
use penstock_store::MemoryStore;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::{Calls, Elsewhere, call, deliver, entry, result, services};
use crate::permission::caller;

/// A version of the tool whose results say its number.
fn version(number: u8) -> Value {
    let mut entry = entry("required");
    entry["function"] = json!(format!("tool:{number}"));
    entry["definition"]["outputSchema"] =
        json!({ "type": "object", "properties": { "version": { "const": number } }, "required": ["version"] });
    entry
}

fn write(folder: &Path, entry: &Value) {
    let file = if entry["canary"].is_null() { "stable.json" } else { "canary.json" };
    std::fs::write(folder.join(file), entry.to_string()).expect("written");
}

/// What the status of a task is once the function it is run with has answered as `said`, and that function. The catalog
/// is `begun` with, and something else when the task is run.
async fn run(begun: &[Value], later: &[Value], said: u8) -> (String, Value) {
    let store = Arc::new(MemoryStore::default());
    let ((sender, mut calls), (tickets, mut started)) = (mpsc::unbounded_channel(), mpsc::unbounded_channel());
    let instance = |entries: &[Value]| {
        let folder = tempfile::tempdir().expect("a folder");
        for entry in entries {
            write(folder.path(), entry);
        }
        let catalog = Catalog::from_folder(folder.path()).expect("a catalog");
        let services = services(&entries[0], &store, Calls(sender.clone()), Box::new(Elsewhere(tickets.clone())));
        Gateway::new(Services { catalog, auth: Auth::Trusted, ..services })
    };
    let (one, other) = (instance(begun), instance(later));
    let alice = caller("alice", &[]);
    let created = result(&one, call().extension(alice.clone())).await;
    let ticket = started.recv().await.expect("a ticket");
    let (_, function) = tokio::join!(deliver(&other, &ticket), async {
        let called = calls.recv().await.expect("a call");
        let function = called.function.clone();
        called.ends(&json!({ "result": { "content": [], "structuredContent": { "version": said } } })).await;
        function
    });
    let id = created["taskId"].as_str().expect("an id");
    let task = result(&one, super::about("tasks/get", id, json!({})).extension(alice)).await;
    (function, task["status"].clone())
}

#[tokio::test]
async fn a_task_goes_on_with_the_version_it_was_begun_with() {
    let begun = [version(7)];
    assert_eq!(run(&begun, &[version(8)], 7).await, ("tool:7".to_owned(), json!("completed")));
    assert_eq!(
        run(&begun, &[version(8)], 8).await,
        ("tool:7".to_owned(), json!("failed")),
        "7 promised something else"
    );
}

#[tokio::test]
async fn a_task_of_a_canary_outlives_the_canary() {
    let mut canary = version(8);
    canary["canary"] = json!(99);
    let begun = [version(7), canary];
    assert_eq!(run(&begun, &[version(7)], 8).await, ("tool:8".to_owned(), json!("completed")));
}

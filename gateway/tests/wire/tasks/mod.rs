//! The tasks extension: what a client sees of a call that outlives its request, on whichever instance.

mod access;
mod before;
mod creation;
mod ending;
mod news;
mod pinned;
mod questions;
mod running;
mod tenants;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::{FutureExt as _, StreamExt as _, stream};
use http::StatusCode;
use penstock_gateway::background::{Background, InThisProcess};
use penstock_gateway::catalog::Catalog;
use penstock_gateway::invoke::{Invoke, InvokeError, PayloadStream};
use penstock_gateway::{Gateway, Services};
use penstock_store::{MemoryStore, Store, When, Write};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::support::{self, Chunk, Draft, request};

const KEYS: &str = "1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

/// One call of the worker, which the test plays.
struct Called {
    function: String,
    event: Value,
    tenant: Option<String>,
    chunks: mpsc::Sender<Chunk>,
}

impl Called {
    async fn says(&self, frame: &Value) {
        self.chunks.send(Ok(format!("{frame}\n").into())).await.expect("somebody listens");
    }

    /// The worker's last word.
    async fn ends(self, frame: &Value) {
        self.says(frame).await;
    }
}

struct Calls(mpsc::UnboundedSender<Called>);

impl Invoke for Calls {
    fn invoke(&self, function: &str, tenant: Option<&str>, payload: Vec<u8>) -> PayloadStream {
        let event = serde_json::from_slice(&payload).expect("the event is JSON");
        let (chunks, receiver) = mpsc::channel(64);
        let (function, tenant) = (function.to_owned(), tenant.map(str::to_owned));
        self.0.send(Called { function, event, tenant, chunks }).expect("the test listens");
        stream::unfold(receiver, |mut chunks| async { chunks.recv().await.map(|chunk| (chunk, chunks)) }).boxed()
    }
}

/// Hands tickets to the test.
struct Elsewhere(mpsc::UnboundedSender<String>);

impl Background for Elsewhere {
    fn start(&self, _: &Gateway, ticket: String) -> BoxFuture<'static, Result<(), InvokeError>> {
        let sent = self.0.send(ticket).map_err(|_| InvokeError::Service("the test is over".to_owned()));
        async { sent }.boxed()
    }
}

/// Two instances of a gateway that share a store, and the worker behind both.
struct Instances {
    one: Gateway,
    other: Gateway,
    /// A third one, an hour on.
    later: Gateway,
    store: Arc<MemoryStore>,
    calls: mpsc::UnboundedReceiver<Called>,
}

impl Instances {
    /// The worker is called.
    async fn called(&mut self) -> Called {
        self.calls.recv().await.expect("a call")
    }

    /// No call of the worker is waiting.
    fn is_quiet(&mut self) -> bool {
        self.calls.try_recv().is_err()
    }

    /// Changes what the store holds of a task.
    async fn edit(&self, id: &str, edit: impl FnOnce(&mut Value)) {
        let key = format!("task/{id}");
        let item = self.store.get(&key).await.expect("a store").expect("a task");
        let mut record: Value = serde_json::from_slice(&item.value).expect("a record");
        edit(&mut record);
        let expires = SystemTime::now() + Duration::from_mins(1);
        let write = Write { value: record.to_string().into(), when: When::Always, expires };
        assert!(self.store.put(&key, write).await.expect("a store"));
    }
}

/// A tool named `tool`, with a manifest's `task`.
pub(crate) fn entry(task: &str) -> Value {
    let mut entry = support::entry("tool");
    entry["task"] = json!(task);
    entry
}

pub(crate) fn catalog(entry: &Value) -> Catalog {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("tool.json"), entry.to_string()).expect("written");
    Catalog::from_folder(folder.path()).expect("a catalog")
}

fn services(entry: &Value, store: &Arc<MemoryStore>, calls: Calls, background: Box<dyn Background>) -> Services {
    let keys = KEYS.parse().expect("keys");
    let store: Arc<dyn Store> = store.clone();
    Services {
        keys,
        store,
        background,
        workers_share_store: true,
        subscriptions: true,
        ..Services::alone(catalog(entry), calls)
    }
}

fn instances(entry: &Value) -> Instances {
    with_background(entry, || Box::new(InThisProcess::default()))
}

/// The same, with tickets for the test to deliver.
fn with_tickets(entry: &Value) -> (Instances, mpsc::UnboundedReceiver<String>) {
    let (sender, tickets) = mpsc::unbounded_channel();
    (with_background(entry, || Box::new(Elsewhere(sender.clone()))), tickets)
}

fn with_background(entry: &Value, background: impl Fn() -> Box<dyn Background>) -> Instances {
    let store = Arc::new(MemoryStore::default());
    let (sender, calls) = mpsc::unbounded_channel();
    let services = || services(entry, &store, Calls(sender.clone()), background());
    let later = Services { clock: || SystemTime::now() + Duration::from_hours(1), ..services() };
    let [one, other, later] = [services(), services(), later].map(Gateway::new);
    Instances { one, other, later, store, calls }
}

/// `_meta` of a client with these capabilities beside the extension.
fn meta(capabilities: &Value) -> Value {
    let mut meta = support::meta();
    let mut declared = json!({ "extensions": { "io.modelcontextprotocol/tasks": {} } });
    for (name, capability) in capabilities.as_object().expect("capabilities") {
        declared[name] = capability.clone();
    }
    meta["io.modelcontextprotocol/clientCapabilities"] = declared;
    meta
}

/// A call of `tool` by a client that takes tasks and answers questions.
pub(crate) fn call() -> Draft {
    let meta = meta(&json!({ "elicitation": {} }));
    request("tools/call", json!({ "name": "tool", "arguments": { "a": 1 }, "_meta": meta }))
}

/// A method of the extension, about a task.
pub(crate) fn about(method: &str, id: &str, mut params: Value) -> Draft {
    params["taskId"] = json!(id);
    params["_meta"] = meta(&json!({}));
    request(method, params).header("mcp-name", id)
}

/// The result of a request that must succeed.
async fn result(gateway: &Gateway, draft: Draft) -> Value {
    let (status, body) = draft.json(gateway).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    assert!(body.get("result").is_some(), "{body}");
    body["result"].clone()
}

/// Makes a task, and answers its id.
async fn create(gateway: &Gateway) -> String {
    let created = result(gateway, call()).await;
    assert_eq!(created["resultType"], "task", "{created}");
    created["taskId"].as_str().expect("an id").to_owned()
}

async fn get(gateway: &Gateway, id: &str) -> Value {
    let task = result(gateway, about("tasks/get", id, json!({}))).await;
    assert_eq!((&task["resultType"], &task["taskId"]), (&json!("complete"), &json!(id)), "{task}");
    task
}

/// Reads a task until it has this status. Time is paused, so this takes none.
async fn until(gateway: &Gateway, id: &str, status: &str) -> Value {
    for _ in 0..100 {
        let task = get(gateway, id).await;
        if task["status"] == status {
            return task;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("never {status}: {}", get(gateway, id).await);
}

/// Answers questions of a task, and sees that no more than that comes back.
async fn answer(gateway: &Gateway, id: &str, responses: Value) {
    is_acknowledgement(&result(gateway, about("tasks/update", id, json!({ "inputResponses": responses }))).await);
}

async fn cancel(gateway: &Gateway, id: &str) {
    is_acknowledgement(&result(gateway, about("tasks/cancel", id, json!({}))).await);
}

fn is_acknowledgement(result: &Value) {
    assert_eq!(support::members(result), ["_meta", "resultType"]);
    assert_eq!(result["resultType"], "complete");
}

/// Delivers a ticket as Lambda would.
async fn deliver(gateway: &Gateway, ticket: &str) -> StatusCode {
    Draft::new("POST", "/internal/tasks/run")
        .body(Bytes::copy_from_slice(ticket.as_bytes()))
        .send(gateway)
        .await
        .status()
}

fn text(text: &str) -> Value {
    json!({ "content": [{ "type": "text", "text": text }] })
}

fn form(message: &str) -> Value {
    let schema = json!({ "type": "object", "properties": { "name": { "type": "string" } } });
    json!({ "method": "elicitation/create", "params": { "message": message, "requestedSchema": schema } })
}

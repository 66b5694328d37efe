//! Canaries: which version of an entry a caller is served, in a list and in a call.

mod callers;
mod changes;
mod libraries;
mod pairs;
mod policies;
mod versions;

use std::path::Path;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::StatusCode;
use penstock_gateway::auth::Auth;
use penstock_gateway::catalog::Catalog;
use penstock_gateway::invoke::{Invoke, PayloadStream};
use penstock_gateway::{Gateway, Services};
use penstock_protocol::call::Caller;
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use crate::permission::caller;
use crate::support::{Draft, request};

/// The functions that were called, in order. Each writes the version in its own name, as what it is asked for.
#[derive(Debug, Clone, Default)]
struct Functions(Arc<Mutex<Vec<String>>>);

impl Functions {
    fn called(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().expect("not poisoned"))
    }
}

impl Invoke for Functions {
    fn invoke(&self, function: &str, _: Option<&str>, payload: Vec<u8>) -> PayloadStream {
        self.0.lock().expect("not poisoned").push(function.to_owned());
        let event: Value = serde_json::from_slice(&payload).expect("the event is JSON");
        let version = function.split(':').next_back().expect("a version");
        let result = match event["method"].as_str() {
            Some("resources/list") => {
                json!({ "resources": [{ "uri": format!("x:{version}"), "name": format!("of-{version}") }] })
            }
            Some("resources/read") => json!({ "contents": [{ "uri": event["params"]["uri"], "text": version }] }),
            _ => json!({ "content": [], "structuredContent": { "version": version } }),
        };
        stream::iter([Ok(Bytes::from(format!("{}\n", json!({ "result": result }))))]).boxed()
    }
}

/// A version of the tool `tool`: it takes its own number as an argument, and no other version's, and says it.
fn version(number: u8, canary: Option<u8>) -> Value {
    let of =
        |name: &str, schema: Value| json!({ "type": "object", "properties": { name: schema }, "required": [name] });
    let text = number.to_string();
    let mut entry = json!({
        "definition": {
            "name": "tool",
            "description": text,
            "inputSchema": of("for", json!({ "const": text })),
            "outputSchema": of("version", json!({ "const": text })),
        },
        "function": format!("tool:{number}"),
        "timeoutSeconds": 60,
    });
    if let Some(percent) = canary {
        entry["canary"] = json!(percent);
    }
    entry
}

/// The same, of another tool.
fn named(name: &str, mut version: Value) -> Value {
    version["definition"]["name"] = json!(name);
    version
}

fn write(folder: &Path, entries: &[Value]) {
    for (at, entry) in entries.iter().enumerate() {
        std::fs::write(folder.join(format!("{at:03}.json")), entry.to_string()).expect("written");
    }
}

/// A gateway that serves these, and knows its callers.
fn gateway(entries: &[Value]) -> (Gateway, Functions) {
    gateway_with(entries, |services| services)
}

/// The same, changed.
fn gateway_with(entries: &[Value], change: impl FnOnce(Services) -> Services) -> (Gateway, Functions) {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), entries);
    let (catalog, functions) = (Catalog::from_folder(folder.path()).expect("a catalog"), Functions::default());
    let services = Services { auth: Auth::Trusted, ..Services::alone(catalog, functions.clone()) };
    (Gateway::new(change(services)), functions)
}

/// A caller of these tests.
fn nth(number: usize) -> Caller {
    caller(&format!("caller {number}"), &[])
}

/// Somebody in the part of the callers that canaries below a percentage are for and above it are not.
fn in_part(part: u64) -> Caller {
    let mut callers = (0..10_000).map(nth);
    callers.find(|one| bucket(&one.issuer, &one.subject) == part).expect("somebody")
}

/// Which of a hundred parts of the callers somebody is in.
fn bucket(issuer: &str, subject: &str) -> u64 {
    let hash = digest(&SHA256, format!("{issuer}#{subject}").as_bytes());
    u64::from_be_bytes(hash.as_ref()[..8].try_into().expect("eight bytes")) % 100
}

fn by(draft: Draft, caller: Option<&Caller>) -> Draft {
    match caller {
        Some(caller) => draft.extension(caller.clone()),
        None => draft,
    }
}

/// The result a caller gets.
async fn result(gateway: &Gateway, draft: Draft, caller: Option<&Caller>) -> Value {
    let (status, body) = by(draft, caller).json(gateway).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    body["result"].clone()
}

/// The tools a caller is listed, by name with their descriptions.
async fn listed(gateway: &Gateway, caller: Option<&Caller>) -> Vec<(String, String)> {
    let result = result(gateway, request("tools/list", json!({})), caller).await;
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let tools = result["tools"].as_array().expect("a list").iter();
    tools.map(|tool| (text(&tool["name"]), text(&tool["description"]))).collect()
}

/// The version of the only tool a caller is listed.
async fn listed_version(gateway: &Gateway, caller: Option<&Caller>) -> String {
    let [(_, version)] = &*listed(gateway, caller).await else { panic!("one tool is there") };
    version.clone()
}

/// A call of the tool as its version wants it.
fn call(version: &str) -> Draft {
    request("tools/call", json!({ "name": "tool", "arguments": { "for": version } }))
}

//! Who may see and use what: scopes, policies, and lists that differ from caller to caller.

mod libraries;
mod lists;
mod policies;
mod reload;
mod scopes;
mod tenants;
mod tool_search;

use std::path::Path;

use http::header::WWW_AUTHENTICATE;
use penstock_gateway::auth::Auth;
use penstock_gateway::permission::PolicyFolder;
use penstock_gateway::{Gateway, Services};
use penstock_protocol::call::Caller;
use serde_json::{Value, json};

use crate::answering::{self, Calls};
use crate::support::{Draft, entry_of, request};

/// An empty result of whatever is asked for.
fn answer(event: &Value) -> String {
    let result = match event["method"].as_str() {
        Some("prompts/get") => json!({ "messages": [] }),
        Some("resources/read") => json!({ "contents": [] }),
        Some("completion/complete") => json!({ "completion": { "values": [] } }),
        _ => json!({ "content": [] }),
    };
    format!("{}\n", json!({ "result": result }))
}

/// A gateway that knows its callers.
fn gateway(entries: &[Value], policies: Option<&Path>) -> (Gateway, Calls) {
    answering::gateway(entries, answer, |services| {
        let policies = policies.map(|folder| PolicyFolder::open(folder.to_owned(), &services.catalog));
        let policies = policies.transpose().expect("sound policies");
        Services { auth: Auth::Trusted, subscriptions: true, policies, ..services }
    })
}

/// The same with the policies in a text.
fn governed(entries: &[Value], policies: &str) -> (Gateway, Calls) {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("p.cedar"), policies).expect("written");
    gateway(entries, Some(folder.path()))
}

pub(crate) fn caller(subject: &str, scopes: &[&str]) -> Caller {
    Caller {
        subject: subject.to_owned(),
        issuer: "https://issuer.example".to_owned(),
        client_id: Some("app".to_owned()),
        scopes: scopes.iter().map(ToString::to_string).collect(),
        groups: Vec::new(),
        tenant: None,
    }
}

pub(crate) fn of_tenant(caller: Caller, tenant: &str) -> Caller {
    Caller { tenant: Some(tenant.to_owned()), ..caller }
}

fn tool(name: &str, properties: &Value) -> Value {
    let schema = json!({ "type": "object", "properties": properties });
    entry_of("tool", &json!({ "name": name, "description": "A tool.", "inputSchema": schema }))
}

fn with(mut entry: Value, member: &str, value: Value) -> Value {
    entry[member] = value;
    entry
}

fn call(name: &str, arguments: &Value) -> Draft {
    request("tools/call", json!({ "name": name, "arguments": arguments }))
}

/// The names on the first page of a list.
async fn listed(gateway: &Gateway, caller: &Caller, method: &str, member: &str) -> Vec<String> {
    let (status, body) = request(method, json!({})).extension(caller.clone()).json(gateway).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(body["result"]["cacheScope"], "private");
    let entries = body["result"][member].as_array().expect("a list").iter();
    entries.map(|entry| entry["name"].as_str().expect("a name").to_owned()).collect()
}

pub(crate) async fn tools(gateway: &Gateway, caller: &Caller) -> Vec<String> {
    listed(gateway, caller, "tools/list", "tools").await
}

/// The challenge and the body of a 403.
async fn forbidden(draft: Draft, gateway: &Gateway) -> (Option<String>, Value) {
    let response = draft.send(gateway).await;
    assert_eq!(response.status(), 403);
    let challenge = response.headers().get(WWW_AUTHENTICATE);
    let challenge = challenge.map(|value| value.to_str().expect("text").to_owned());
    let body: Value = serde_json::from_str(&crate::support::rest(response.into_body()).await).expect("JSON");
    assert_eq!(body["error"]["code"], 403, "{body}");
    (challenge, body)
}

//! What libraries list belongs to the scopes and tags of its library.

use penstock_gateway::auth::Auth;
use penstock_gateway::permission::PolicyFolder;
use penstock_gateway::{Gateway, Services};
use penstock_protocol::call::Caller;
use serde_json::{Value, json};

use super::{caller, forbidden, listed, with};
use crate::answering::{self, Calls};
use crate::support::{Draft, entry_of, request};

/// A gateway that knows its callers, before a worker that lists these prompts.
fn gateway(entries: &[Value], listing: Value, policies: Option<&str>) -> (Gateway, Calls) {
    let answer = move |event: &Value| {
        let messages = json!({ "messages": [] });
        let result = if event["method"] == "prompts/list" { json!({ "prompts": listing }) } else { messages };
        format!("{}\n", json!({ "result": result }))
    };
    answering::gateway(entries, answer, |services| {
        let folder = tempfile::tempdir().expect("a folder");
        let policies = policies.map(|text| {
            std::fs::write(folder.path().join("p.cedar"), text).expect("written");
            PolicyFolder::open(folder.path().to_owned(), &services.catalog).expect("sound policies")
        });
        Services { auth: Auth::Trusted, policies, ..services }
    })
}

fn library(name: &str, member: &str, value: Value) -> Value {
    with(entry_of("promptLibrary", &json!({ "name": name })), member, value)
}

fn get(name: &str, arguments: &Value, caller: &Caller) -> Draft {
    request("prompts/get", json!({ "name": name, "arguments": arguments })).extension(caller.clone())
}

async fn prompts(gateway: &Gateway, caller: &Caller) -> Vec<String> {
    listed(gateway, caller, "prompts/list", "prompts").await
}

/// A-6: no scope, nothing to see, and nothing to run.
#[tokio::test]
async fn a_library_is_there_for_callers_with_its_scopes_and_runs_for_no_other() {
    let entries = [library("ours", "scopes", json!(["letters"]))];
    let (gateway, calls) = gateway(&entries, json!([{ "name": "a" }]), None);
    let (alice, bob) = (caller("alice", &["letters"]), caller("bob", &[]));
    assert!(prompts(&gateway, &bob).await.is_empty());
    assert_eq!(get("a", &json!({}), &bob).refusal(&gateway).await.1, -32602);
    assert_eq!(calls.count(), 0);
    assert_eq!(prompts(&gateway, &alice).await, ["a"]);
    assert_eq!(get("a", &json!({}), &alice).json(&gateway).await.0, 200);
    assert!(prompts(&gateway, &bob).await.is_empty());
    let (challenge, _) = forbidden(get("a", &json!({}), &bob), &gateway).await;
    assert!(challenge.expect("a challenge").contains("insufficient_scope"));
}

#[tokio::test]
async fn policies_know_listed_prompts_by_name_and_by_the_tags_of_their_library() {
    let entries = [library("a", "tags", json!(["open"]))];
    let policies = r#"
        permit(principal, action, resource) when { resource.tags.contains("open") };
        forbid(principal, action, resource == Prompt::"secret");"#;
    let (gateway, _) = gateway(&entries, json!([{ "name": "known" }, { "name": "secret" }]), Some(policies));
    let alice = caller("alice", &[]);
    assert_eq!(prompts(&gateway, &alice).await, ["known"]);
    assert_eq!(get("known", &json!({}), &alice).json(&gateway).await.0, 200);
    forbidden(get("secret", &json!({}), &alice), &gateway).await;
}

#[tokio::test]
async fn policies_about_arguments_hold_for_listed_prompts() {
    let declares = json!({ "name": "pinned", "arguments": [{ "name": "about" }] });
    let entries = [entry_of("prompt", &declares), library("ours", "tags", json!([]))];
    let policies = r#"
        permit(principal, action, resource);
        forbid(principal, action == Action::"prompts/get", resource)
        when { context.arguments has about && context.arguments.about == "salaries" };"#;
    let listing = json!([{ "name": "listed", "arguments": [{ "name": "about" }] }]);
    let (gateway, _) = gateway(&entries, listing, Some(policies));
    let alice = caller("alice", &[]);
    for name in ["pinned", "listed"] {
        assert_eq!(get(name, &json!({ "about": "weather" }), &alice).json(&gateway).await.0, 200);
        forbidden(get(name, &json!({ "about": "salaries" }), &alice), &gateway).await;
    }
}

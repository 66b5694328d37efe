//! Policies see the version that is called.

use std::path::Path;
use std::time::Duration;

use penstock_gateway::permission::PolicyFolder;
use penstock_gateway::{Gateway, Services};
use serde_json::{Value, json};

use super::changes::{A_MOMENT, deployed, over};
use super::{Functions, call, gateway_with, in_part, listed_version, result, version};
use crate::permission::tools;

const NOTHING_RISKY: &str = r#"permit(principal, action, resource);
    forbid(principal, action, resource) when { resource.tags.contains("risky") };"#;

fn governed(entries: &[Value], policies: &str) -> (Gateway, Functions) {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("p.cedar"), policies).expect("written");
    gateway_with(entries, |services| with_policies(services, folder.path()))
}

fn with_policies(services: Services, folder: &Path) -> Services {
    let policies = PolicyFolder::open(folder.to_owned(), &services.catalog).expect("sound policies");
    Services { policies: Some(policies), ..services }
}

fn risky() -> Value {
    let mut canary = version(8, Some(50));
    canary["tags"] = json!(["risky"]);
    canary
}

#[tokio::test]
async fn a_tag_of_a_canary_is_no_tag_of_its_predecessor() {
    let (gateway, functions) = governed(&[version(7, None), risky()], NOTHING_RISKY);
    assert_eq!(tools(&gateway, &in_part(49)).await, [""; 0]);
    assert_eq!(call("8").extension(in_part(49)).refusal(&gateway).await, (403, 403));
    assert_eq!(listed_version(&gateway, Some(&in_part(50))).await, "7");
    result(&gateway, call("7"), Some(&in_part(50))).await;
    assert_eq!(functions.called(), ["tool:7"]);
}

/// A version whose argument `amount` is of a type.
fn typed(number: u8, canary: Option<u8>, amount: &str) -> Value {
    let mut entry = version(number, canary);
    entry["definition"]["inputSchema"]["properties"]["amount"] = json!({ "type": amount });
    entry
}

/// What a canary changes in its arguments must not make policies unreadable for everybody else.
#[tokio::test]
async fn a_canary_that_policies_do_not_fit_hurts_its_own_callers_alone() {
    let policies = r"permit(principal, action, resource);
        forbid(principal, action, resource) when { context.arguments has amount && context.arguments.amount > 10 };";
    let (gateway, functions) = governed(&[typed(7, None, "integer"), typed(8, Some(50), "string")], policies);
    let call = |number: &str, amount: Value, part| {
        let arguments = json!({ "for": number, "amount": amount });
        crate::support::request("tools/call", json!({ "name": "tool", "arguments": arguments }))
            .extension(in_part(part))
    };
    assert_eq!(call("7", json!(11), 50).refusal(&gateway).await, (403, 403));
    result(&gateway, call("7", json!(10), 50), None).await;
    assert_eq!(functions.called(), ["tool:7"]);
    assert_eq!(call("8", json!("11"), 49).refusal(&gateway).await, (403, 403), "what cannot be told is forbidden");
    assert!(functions.called().is_empty());
}

#[tokio::test]
async fn policies_know_an_argument_that_only_a_canary_has() {
    let policies = r#"permit(principal, action, resource);
        forbid(principal, action, resource)
        when { context.arguments has amount && context.arguments.amount like "*1" };"#;
    let canary = typed(8, Some(50), "string");
    // Another tool declares it, or no policy could ask for it.
    let other = super::named("other", typed(1, None, "string"));
    let (gateway, functions) = governed(&[version(7, None), canary, other], policies);
    let call = |number: &str, part| {
        let arguments = json!({ "for": number, "amount": "11" });
        crate::support::request("tools/call", json!({ "name": "tool", "arguments": arguments }))
            .extension(in_part(part))
    };
    assert_eq!(call("8", 49).refusal(&gateway).await, (403, 403));
    result(&gateway, call("7", 50), None).await;
    assert_eq!(functions.called(), ["tool:7"], "of version 7 it is no argument");
}

#[tokio::test(start_paused = true)]
async fn policies_and_canaries_that_come_later_know_each_other() {
    let policies = tempfile::tempdir().expect("a folder");
    let file = policies.path().join("p.cedar");
    std::fs::write(&file, NOTHING_RISKY).expect("written");
    let (gateway, folder) = over(&[version(7, None)], |services| with_policies(services, policies.path()));
    let listed = async || [tools(&gateway, &in_part(49)).await.len(), tools(&gateway, &in_part(50)).await.len()];
    assert_eq!(listed().await, [1, 1]);
    deployed(&folder, &[version(7, None), risky()]).await;
    assert_eq!(listed().await, [0, 1]);
    std::fs::write(&file, "permit(principal, action, resource);").expect("written");
    tokio::time::advance(A_MOMENT + Duration::from_secs(5)).await;
    assert_eq!(listed().await, [1, 1]);
}

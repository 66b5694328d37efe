//! Documents that change while the gateway runs.

use std::path::Path;
use std::time::Duration;

use penstock_gateway::catalog::Catalog;
use penstock_gateway::permission::PolicyFolder;
use penstock_gateway::{Gateway, Services, auth::Auth};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{entry, entry_of, messages, next, request, scripted_invoker};

/// Longer than the folder may go without being looked at.
const A_MOMENT: Duration = Duration::from_millis(1100);

fn write(folder: &Path, file: &str, document: &Value) {
    std::fs::write(folder.join(file), document.to_string()).expect("written");
}

pub(crate) fn described(name: &str, description: &str) -> Value {
    let mut entry = entry(name);
    entry["definition"]["description"] = json!(description);
    entry
}

/// A gateway over a folder with the tools `a` and `b`, in files of these names.
fn gateway(change: impl FnOnce(Services) -> Services) -> (Gateway, TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["a", "b"] {
        write(folder.path(), &format!("{name}.json"), &entry(name));
    }
    let catalog = Catalog::from_folder(folder.path()).expect("a catalog");
    let (invoker, _) = scripted_invoker();
    (Gateway::new(change(Services::alone(catalog, invoker))), folder)
}

/// The tools by name, with their descriptions.
pub(crate) async fn tools(gateway: &Gateway) -> Vec<(String, String)> {
    let (_, body) = request("tools/list", json!({})).json(gateway).await;
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let tools = body["result"]["tools"].as_array().expect("a list").iter();
    tools.map(|tool| (text(&tool["name"]), text(&tool["description"]))).collect()
}

pub(crate) fn tool(name: &str, description: &str) -> (String, String) {
    (name.to_owned(), description.to_owned())
}

#[tokio::test(start_paused = true)]
async fn documents_that_come_change_and_go_count_within_a_second() {
    let (gateway, folder) = gateway(|services| services);
    write(folder.path(), "c.json", &entry("c"));
    write(folder.path(), "a.json", &described("a", "Another tool."));
    std::fs::remove_file(folder.path().join("b.json")).expect("removed");
    let before = [tool("a", "A tool."), tool("b", "A tool.")];
    assert_eq!(tools(&gateway).await, before, "nobody looks at every request");
    tokio::time::advance(A_MOMENT).await;
    assert_eq!(tools(&gateway).await, [tool("a", "Another tool."), tool("c", "A tool.")]);
}

#[tokio::test(start_paused = true)]
async fn a_document_that_is_broken_goes_on_as_it_was_and_hurts_no_other() {
    let (gateway, folder) = gateway(|services| services);
    std::fs::write(folder.path().join("a.json"), "{ half").expect("written");
    write(folder.path(), "b.json", &described("b", "A better tool."));
    std::fs::write(folder.path().join("c.json"), "{ half").expect("written");
    tokio::time::advance(A_MOMENT).await;
    assert_eq!(tools(&gateway).await, [tool("a", "A tool."), tool("b", "A better tool.")]);
    write(folder.path(), "a.json", &described("a", "Whole again."));
    tokio::time::advance(A_MOMENT).await;
    assert_eq!(tools(&gateway).await, [tool("a", "Whole again."), tool("b", "A better tool.")]);
}

#[tokio::test(start_paused = true)]
async fn a_folder_that_is_gone_leaves_all_as_it_was() {
    let (gateway, folder) = gateway(|services| services);
    std::fs::rename(folder.path(), folder.path().with_extension("away")).expect("moved");
    tokio::time::advance(A_MOMENT).await;
    assert_eq!(tools(&gateway).await.len(), 2);
    std::fs::rename(folder.path().with_extension("away"), folder.path()).expect("moved back");
    write(folder.path(), "c.json", &entry("c"));
    tokio::time::advance(A_MOMENT).await;
    assert_eq!(tools(&gateway).await.len(), 3);
}

/// D-4: capabilities follow what there is.
#[tokio::test(start_paused = true)]
async fn the_first_prompt_is_a_new_capability() {
    let (gateway, folder) = gateway(|services| services);
    let prompts = async || {
        let (_, body) = request("server/discover", json!({})).json(&gateway).await;
        body["result"]["capabilities"]["prompts"].clone()
    };
    assert_eq!(prompts().await, Value::Null);
    write(folder.path(), "p.json", &entry_of("prompt", &json!({ "name": "p" })));
    tokio::time::advance(A_MOMENT).await;
    assert_eq!(prompts().await, json!({}));
}

/// U-2: whoever subscribed to a list hears that it has changed, and of no other.
#[tokio::test(start_paused = true)]
async fn subscribers_hear_which_list_has_changed() {
    let (gateway, folder) = gateway(|services| Services { subscriptions: true, ..services });
    write(folder.path(), "p.json", &entry_of("prompt", &json!({ "name": "p" })));
    tokio::time::advance(A_MOMENT).await;
    let wanted = json!({ "toolsListChanged": true, "promptsListChanged": true });
    let mut stream =
        request("subscriptions/listen", json!({ "notifications": wanted })).send(&gateway).await.into_body();
    next(&mut stream).await.expect("the acknowledgement");
    write(folder.path(), "q.json", &entry_of("prompt", &json!({ "name": "q" })));
    tokio::time::advance(A_MOMENT).await;
    tools(&gateway).await;
    let changed = messages(&next(&mut stream).await.expect("the stream goes on"));
    assert_eq!(changed[0]["method"], "notifications/prompts/list_changed");
}

#[tokio::test(start_paused = true)]
async fn policies_know_tools_that_come_later() {
    let policies = tempfile::tempdir().expect("a folder");
    let text = r#"permit(principal, action, resource); forbid(principal, action, resource == Tool::"d");"#;
    std::fs::write(policies.path().join("p.cedar"), text).expect("written");
    let (gateway, folder) = gateway(|services| {
        let policies = PolicyFolder::open(policies.path().to_owned(), &services.catalog).expect("sound policies");
        Services { auth: Auth::Trusted, policies: Some(policies), ..services }
    });
    for name in ["c", "d"] {
        write(folder.path(), &format!("{name}.json"), &entry(name));
    }
    tokio::time::advance(A_MOMENT).await;
    let alice = crate::permission::caller("alice", &[]);
    assert_eq!(crate::permission::tools(&gateway, &alice).await, ["a", "b", "c"]);
}

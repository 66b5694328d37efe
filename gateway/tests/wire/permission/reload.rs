//! Policies that change while the gateway runs.

use std::time::Duration;

use penstock_gateway::catalog::Catalog;
use penstock_gateway::permission::PolicyFolder;
use serde_json::json;

use super::{caller, gateway, tool, tools};

/// Longer than the folder may go without being looked at.
const A_WHILE: Duration = Duration::from_secs(6);

#[tokio::test(start_paused = true)]
async fn changed_policies_count_soon_and_bad_ones_never() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |text: &str| std::fs::write(folder.path().join("p.cedar"), text).expect("written");
    write("permit(principal, action, resource);");
    let (gateway, _) = gateway(&[tool("a", &json!({})), tool("b", &json!({}))], Some(folder.path()));
    let alice = caller("alice", &[]);
    assert_eq!(tools(&gateway, &alice).await, ["a", "b"]);

    write(r#"permit(principal, action, resource == Tool::"b");"#);
    assert_eq!(tools(&gateway, &alice).await, ["a", "b"], "nobody looks at every request");
    tokio::time::advance(A_WHILE).await;
    assert_eq!(tools(&gateway, &alice).await, ["b"]);

    for bad in [
        "permit(",
        "permit(principal, action, resource) when { resource.size > 1 };",
        "permit(principal == ?principal, action, resource);",
    ] {
        write(bad);
        tokio::time::advance(A_WHILE).await;
        assert_eq!(tools(&gateway, &alice).await, ["b"], "the last good ones count: {bad}");
    }
    std::fs::remove_file(folder.path().join("p.cedar")).expect("removed");
    tokio::time::advance(A_WHILE).await;
    assert_eq!(tools(&gateway, &alice).await, ["b"]);

    write("forbid(principal, action, resource);");
    tokio::time::advance(A_WHILE).await;
    assert!(tools(&gateway, &alice).await.is_empty());
}

#[test]
fn a_gateway_does_not_start_with_policies_that_do_not_fit_its_catalog() {
    let (entries, policies) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let entry = tool("refund", &json!({ "amount": { "type": "integer" } })).to_string();
    std::fs::write(entries.path().join("refund.json"), entry).expect("written");
    let catalog = Catalog::from_folder(entries.path()).expect("a catalog");
    let text = r#"@id("first") permit(principal, action, resource) when { resource.size > 1 };
        @id("second") permit(principal, action == Action::"tools/call", resource) when { context.arguments has amount && context.arguments.amount == "x" };"#;
    std::fs::write(policies.path().join("p.cedar"), text).expect("written");
    let error = PolicyFolder::open(policies.path().to_owned(), &catalog).expect_err("two mistakes").to_string();
    assert!(error.contains("`first`") && error.contains("`second`"), "{error}");
}

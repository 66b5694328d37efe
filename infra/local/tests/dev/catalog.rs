use std::fs;

use serde_json::json;

use super::support::{self, dev, fixture, manifest, refused, tool};

#[tokio::test]
async fn every_mistake_of_a_catalog_is_reported_at_once_by_file() {
    let catalog = support::catalog();
    tool(catalog.path(), "again", &manifest("echo"));
    tool(catalog.path(), "broken", &json!({ "definition": {} }));
    let mut endless = manifest("endless");
    endless["timeoutSeconds"] = json!(901);
    tool(catalog.path(), "endless", &endless);
    tool(catalog.path(), "lonely", &manifest("lonely"));
    fs::remove_file(catalog.path().join("lonely/bootstrap")).expect("it was there");
    let (status, error) = refused(dev(catalog.path(), &fixture("gateway"))).await;
    assert!(!status.success());
    for (folder, reason) in [
        ("echo", r#"the tool name "echo" is taken by"#),
        ("broken", "missing field"),
        ("endless", "`timeoutSeconds` is 901"),
        ("lonely", "an executable `bootstrap`"),
    ] {
        let file = format!("{folder}/tool.json: ");
        let line =
            error.lines().find(|line| line.contains(&file)).unwrap_or_else(|| panic!("{file} is not in {error}"));
        assert!(line.contains(reason), "{reason:?} is not in {line}");
    }
}

#[tokio::test]
async fn what_is_built_or_hidden_is_not_searched_for_tools() {
    let catalog = support::catalog();
    for skipped in ["target", "node_modules", ".hidden"] {
        tool(catalog.path(), skipped, &json!("not a manifest"));
    }
    let dev = support::Dev::start(catalog.path()).await;
    assert!(dev.get("/health").await.starts_with("HTTP/1.1 200 OK\r\n"));
}

#[tokio::test]
async fn a_folder_without_tools_or_that_does_not_exist_is_named() {
    let empty = tempfile::tempdir().expect("a folder");
    let (_, error) = refused(dev(empty.path(), &fixture("gateway"))).await;
    assert!(error.contains("there is no tool.json in this folder"), "{error}");
    let (_, error) = refused(dev(&empty.path().join("absent"), &fixture("gateway"))).await;
    assert!(error.contains("absent: no such folder"), "{error}");
}

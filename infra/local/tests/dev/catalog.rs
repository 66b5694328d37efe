use std::fs;

use serde_json::{Value, json};

use super::support::{self, add, dev, fixture, manifest, other, refused, tool};

#[tokio::test]
async fn every_mistake_of_a_catalog_is_reported_at_once_by_file() {
    let catalog = support::catalog();
    tool(catalog.path(), "again", &manifest("echo"));
    tool(catalog.path(), "broken", &json!({ "definition": {} }));
    let mut endless = manifest("endless");
    endless["timeoutSeconds"] = json!(901);
    tool(catalog.path(), "endless", &endless);
    let mut grasping = manifest("grasping");
    grasping["environment"] = json!({ "FINE": "1", "AWS_REGION": null });
    tool(catalog.path(), "grasping", &grasping);
    tool(catalog.path(), "lonely", &manifest("lonely"));
    fs::remove_file(catalog.path().join("lonely/bootstrap")).expect("it was there");
    let (status, error) = refused(dev(catalog.path(), &fixture("gateway"))).await;
    assert!(!status.success());
    for (folder, reason) in [
        ("echo", r#"the name "echo" is taken by"#),
        ("broken", "missing field"),
        ("endless", "`timeoutSeconds` is 901"),
        ("grasping", r#"`environment` holds "AWS_REGION""#),
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
    let names = "tool.json, prompt.json, resource.json or library.json";
    assert!(error.contains(&format!("there is no {names} in this folder")), "{error}");
    let (_, error) = refused(dev(&empty.path().join("absent"), &fixture("gateway"))).await;
    assert!(error.contains("absent: no such folder"), "{error}");
}

#[tokio::test]
async fn names_are_unique_per_kind_uris_among_resources_and_functions_among_all() {
    let catalog = support::catalog();
    let at = |uri| Some(("uri", uri));
    add(catalog.path(), "a", "prompt.json", &other("prompt", "echo", None));
    add(catalog.path(), "b", "prompt.json", &other("prompt", "echo", None));
    add(catalog.path(), "c", "resource.json", &other("resource", "one", at("test://same")));
    add(catalog.path(), "d", "resource.json", &other("resource", "two", at("test://same")));
    tool(catalog.path(), "z", &manifest("prompt-echo"));
    let (_, error) = refused(dev(catalog.path(), &fixture("gateway"))).await;
    let mistakes: Vec<_> = error.lines().filter(|line| line.contains(".json: ")).collect();
    assert_eq!(mistakes.len(), 3, "{error}");
    assert!(error.contains(r#"b/prompt.json: the name "prompt:echo" is taken by"#), "{error}");
    assert!(error.contains(r#"d/resource.json: the URI "test://same" is taken by"#), "{error}");
    assert!(error.contains(r#"z/tool.json: the function name "prompt-echo" is taken by"#), "{error}");
}

#[tokio::test]
async fn a_manifest_of_another_kind_than_its_files_name_says_is_a_mistake() {
    let catalog = support::catalog();
    add(catalog.path(), "a", "prompt.json", &manifest("a"));
    add(catalog.path(), "b", "tool.json", &other("prompt", "b", None));
    add(catalog.path(), "c", "resource.json", &other("prompt", "c", None));
    add(catalog.path(), "d", "library.json", &other("prompt", "d", None));
    let (_, error) = refused(dev(catalog.path(), &fixture("gateway"))).await;
    assert!(error.contains("a/prompt.json: it defines a Tool; the name of this file is for a Prompt"), "{error}");
    assert!(error.contains("b/tool.json: it defines a Prompt; the name of this file is for a Tool"), "{error}");
    let expected = "c/resource.json: it defines a Prompt; the name of this file is for a Resource or ResourceTemplate";
    assert!(error.contains(expected), "{error}");
    let expected =
        "d/library.json: it defines a Prompt; the name of this file is for a PromptLibrary or ResourceLibrary";
    assert!(error.contains(expected), "{error}");
}

#[tokio::test]
async fn a_library_is_a_function_named_after_it() {
    let catalog = support::catalog();
    let mut ours = other("promptLibrary", "ours", None);
    ours["cache"] = json!({ "ttlMs": 5000 });
    add(catalog.path(), "l", "library.json", &ours);
    add(catalog.path(), "m", "library.json", &other("resourceLibrary", "ours", None));
    let mut dev = support::Dev::start(catalog.path()).await;
    let banner = dev.banner().await;
    assert!(banner.contains("\nLibraries:\n  ours  One.\n  ours  One.\n"), "{banner}");
    let published = dev.environment("/env").await["PENSTOCK_CATALOG"].as_str().expect("a folder").to_owned();
    for function in ["prompts-ours", "resources-ours"] {
        let document = fs::read(format!("{published}/{function}.json")).expect("a document");
        let document: Value = serde_json::from_slice(&document).expect("JSON");
        assert_eq!(document["function"], function);
    }
}

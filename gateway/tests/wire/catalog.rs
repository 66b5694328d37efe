//! `tools/list` and the documents behind it.

use crate::support::{entry, gateway, request, rest};
use penstock_gateway::{Gateway, Services};
use serde_json::json;

#[tokio::test]
async fn tools_are_listed_by_name_whatever_their_files_are_called() {
    let (gateway, worker) = gateway(&[entry("b"), entry("a.x"), entry("C")]);
    let (_, body) = request("tools/list", json!({})).json(&gateway).await;
    let names: Vec<_> = body["result"]["tools"].as_array().expect("tools").iter().map(|tool| &tool["name"]).collect();
    assert_eq!(names, ["C", "a.x", "b"]);
    assert_eq!((&body["result"]["resultType"], &body["result"]["cacheScope"]), (&json!("complete"), &json!("public")));
    assert!(worker.invocations().is_empty(), "a list invokes nothing");
}

#[tokio::test]
async fn a_definition_is_served_as_written_but_for_white_space() {
    let written = r#"{ "name": "tool",
        "description": "say \"hi\"  twice",
        "inputSchema": { "type": "object", "$defs": { "n": { "default": null, "maximum": 1.0 } } },
        "x-unknown": 12345678901234567890 }"#;
    let document = format!(r#"{{ "definition": {written}, "timeoutSeconds": 5, "function": "f" }}"#);
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("tool.json"), document).expect("written");
    let catalog = penstock_gateway::catalog::Catalog::from_folder(folder.path()).expect("a catalog");
    let (invoker, _) = crate::support::scripted_invoker();
    let gateway = Gateway::new(Services::alone(catalog, invoker));
    let body = rest(request("tools/list", json!({})).send(&gateway).await.into_body()).await;
    let expected = r#"{"name":"tool","description":"say \"hi\"  twice","inputSchema":{"type":"object","$defs":{"n":{"default":null,"maximum":1.0}}},"x-unknown":12345678901234567890}"#;
    assert!(body.contains(expected), "{body}");
}

#[tokio::test]
async fn a_bad_entry_does_not_hurt_the_others() {
    let with = |key: &str, value: serde_json::Value| {
        let mut bad = entry("bad");
        bad[key] = value;
        bad
    };
    let mut no_function = entry("bad");
    no_function.as_object_mut().expect("an object").remove("function");
    let mut schema = entry("bad");
    schema["definition"]["inputSchema"] = json!({ "type": "array" });
    for bad in [
        json!([]),
        json!({}),
        entry(&"x".repeat(65)),
        entry("two words"),
        with("timeoutSeconds", json!(901)),
        with("timeoutSeconds", json!(0)),
        with("tiemoutSeconds", json!(5)),
        with("definition", json!({ "name": "bad" })),
        no_function,
        schema,
        entry("sound"),
    ] {
        let (gateway, _worker) = gateway(&[entry("sound"), bad.clone()]);
        let (_, body) = request("tools/list", json!({})).json(&gateway).await;
        assert_eq!(body["result"]["tools"].as_array().map(Vec::len), Some(1), "{bad}");
    }
}

#[test]
fn a_catalog_that_is_not_there_is_named() {
    let error = penstock_gateway::catalog::Catalog::from_folder(std::path::Path::new("/no/such/folder"));
    assert!(error.expect_err("nothing there").to_string().contains("/no/such/folder"));
}

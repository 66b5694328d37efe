//! `tools/list` and the documents behind it.

use crate::support::{entry, entry_of, gateway, request, rest};
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

/// R-7: every keyword of a schema is relayed as it is.
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

/// R-7, R-8: no tool without an object schema or with a name clients may refuse.
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

#[tokio::test]
async fn what_cannot_be_served_is_left_out_whatever_its_kind() {
    let resource = |name: &str, uri: &str| entry_of("resource", &json!({ "name": name, "uri": uri }));
    let template = |name: &str, uri: &str| entry_of("resourceTemplate", &json!({ "name": name, "uriTemplate": uri }));
    let sound = [resource("r", "x:1"), template("t", "x:{a}"), entry_of("prompt", &json!({ "name": "p" }))];
    for bad in [
        resource("r", "x:2"),
        resource("other", "x:1"),
        resource("other", "no-scheme"),
        resource("other", &format!("x:{}", "a".repeat(8192))),
        template("t", "y:{a}"),
        template("other", "x:{a}"),
        template("other", "x:{a}{b}"),
        template("other", "{+uri}"),
        entry_of("prompt", &json!({ "name": "p" })),
        entry_of("prompt", &json!({ "name": "two words" })),
    ] {
        let (gateway, _worker) = gateway(&[&sound[..], std::slice::from_ref(&bad)].concat());
        for (method, member) in [
            ("resources/list", "resources"),
            ("resources/templates/list", "resourceTemplates"),
            ("prompts/list", "prompts"),
        ] {
            let (_, body) = request(method, json!({})).json(&gateway).await;
            assert_eq!(body["result"][member].as_array().map(Vec::len), Some(1), "{bad}");
        }
    }
}

#[tokio::test]
async fn kinds_do_not_share_their_names() {
    let prompt = entry_of("prompt", &json!({ "name": "same" }));
    let resource = entry_of("resource", &json!({ "name": "same", "uri": "x:1" }));
    let (gateway, _worker) = gateway(&[entry("same"), prompt, resource]);
    for (method, member) in [("tools/list", "tools"), ("prompts/list", "prompts"), ("resources/list", "resources")] {
        let (_, body) = request(method, json!({})).json(&gateway).await;
        assert_eq!(body["result"][member][0]["name"], "same");
    }
}

#[test]
fn the_version_of_a_catalog_changes_with_what_it_serves() {
    let version = |documents: &[serde_json::Value]| {
        let folder = tempfile::tempdir().expect("a folder");
        for (at, document) in documents.iter().enumerate() {
            std::fs::write(folder.path().join(format!("{at}.json")), document.to_string()).expect("written");
        }
        let catalog = penstock_gateway::catalog::Catalog::from_folder(folder.path()).expect("a catalog");
        catalog.version()
    };
    let (a, b) = (entry("a"), entry("b"));
    assert_eq!(version(&[a.clone(), b.clone()]), version(&[b.clone(), a.clone()]), "the order of files means nothing");
    assert_ne!(version(std::slice::from_ref(&a)), version(&[a, b]));
    let prompt = entry_of("prompt", &json!({ "name": "a" }));
    let resource = entry_of("resource", &json!({ "name": "a", "uri": "x:a" }));
    assert_ne!(version(&[prompt]), version(&[resource]));
}

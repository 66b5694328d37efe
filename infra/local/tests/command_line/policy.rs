//! `penstock policy`.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

const POLICIES: &str = r#"
@id("finance") permit(principal, action, resource) when { principal.groups.contains("finance") };
@id("small") forbid(principal, action == Action::"tools/call", resource == Tool::"refund")
when { context.arguments has amount && context.arguments.amount > 100 };
@id("day") forbid(principal, action, resource) unless { context.now.toTime() >= duration("8h") };
"#;

/// A folder with a catalog and a folder with policies.
fn folders(policies: &str) -> (TempDir, TempDir) {
    let (catalog, folder) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let schema = json!({ "type": "object", "properties": { "amount": { "type": "integer" } } });
    let entries = [
        json!({ "definition": { "name": "refund", "description": "", "inputSchema": schema }, "scopes": ["billing"] }),
        json!({ "kind": "resource", "definition": { "name": "readme", "uri": "docs://readme" } }),
        json!({ "kind": "resourceTemplate", "definition": { "name": "file", "uriTemplate": "repo://{owner}/x" } }),
    ];
    for (at, mut entry) in entries.into_iter().enumerate() {
        entry["timeoutSeconds"] = json!(5);
        std::fs::write(catalog.path().join(format!("{at}.json")), entry.to_string()).expect("written");
    }
    std::fs::write(folder.path().join("p.cedar"), policies).expect("written");
    (catalog, folder)
}

fn penstock(arguments: &[&str], folder: &Path, input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_penstock"))
        .arg("policy")
        .args(arguments)
        .arg("--catalog")
        .arg(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("started");
    child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("written");
    child.wait_with_output().expect("ended")
}

/// The exit code and what is printed.
fn check(request: &Value) -> (Option<i32>, String) {
    let (catalog, policies) = folders(POLICIES);
    let policies = policies.path().to_str().expect("text");
    let output = penstock(&["check", "--policies", policies, "--request", "-"], catalog.path(), &request.to_string());
    let said = String::from_utf8([output.stdout, output.stderr].concat()).expect("text");
    (output.status.code(), said)
}

fn request(amount: u32) -> Value {
    json!({
        "caller": { "subject": "alice", "issuer": "https://i.example", "groups": ["finance"], "scopes": ["billing"] },
        "method": "tools/call",
        "name": "refund",
        "arguments": { "amount": amount },
        "time": "2026-11-21T12:00:00Z",
    })
}

#[test]
fn a_request_is_decided_and_the_policies_are_named() {
    assert_eq!(check(&request(100)), (Some(0), "decision: allow\npolicies: finance\nlisted: yes\n".to_owned()));
    assert_eq!(check(&request(101)), (Some(1), "decision: deny\npolicies: small\nlisted: yes\n".to_owned()));
    let mut night = request(1);
    night["time"] = json!("2026-11-21T03:00:00+00:00");
    assert_eq!(check(&night), (Some(1), "decision: deny\npolicies: day\nlisted: no\n".to_owned()));
}

#[test]
fn scopes_and_the_lack_of_a_permission_are_told() {
    let mut nobody = request(1);
    nobody["caller"] = json!({ "subject": "eve", "issuer": "https://i.example" });
    let expected = "decision: deny\nmissing scopes: billing\npolicies: none permits it\nlisted: no\n";
    assert_eq!(check(&nobody), (Some(1), expected.to_owned()));
}

#[test]
fn resources_are_asked_for_by_uri_or_by_template() {
    let mut resource = request(1);
    resource["method"] = json!("resources/read");
    for (name, uri, arguments, code) in [
        (json!(null), "docs://readme", json!({}), Some(0)),
        (json!("file"), "repo://us/x", json!({ "owner": "us" }), Some(0)),
        (json!(null), "docs://none", json!({}), Some(2)),
    ] {
        (resource["name"], resource["uri"], resource["arguments"]) = (name, json!(uri), arguments);
        assert_eq!(check(&resource).0, code, "{uri}");
    }
}

#[test]
fn what_is_wrong_is_named_and_is_no_decision() {
    let (catalog, policies) = folders("permit(principal, action, resource) when { resource.size > 1 };\n");
    let policies = policies.path().to_str().expect("text");
    let output = penstock(&["check", "--policies", policies], catalog.path(), "");
    let said = String::from_utf8(output.stderr).expect("text");
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("p.cedar:1:") && said.contains("`size`"), "{said}");
    for (member, value) in
        [("method", json!("tools/list")), ("name", json!(null)), ("more", json!(1)), ("time", json!("x"))]
    {
        let mut request = request(1);
        request[member] = value;
        assert_eq!(check(&request).0, Some(2), "{member}");
    }
}

#[test]
fn the_schema_of_a_catalog_is_printed() {
    let (catalog, _) = folders(POLICIES);
    let output = penstock(&["schema"], catalog.path(), "");
    let schema = String::from_utf8(output.stdout).expect("text");
    assert!(schema.contains("\"amount\"?: Long") && schema.contains("\"owner\"?: String"), "{schema}");
}

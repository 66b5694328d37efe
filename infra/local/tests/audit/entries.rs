//! Catalog entries and the functions they name.

use serde_json::{Value, json};

use crate::support::{clean, entry, findings, report};

/// What is found if the entry of `ping` is something else.
fn with_value(value: &Value) -> Vec<String> {
    findings(|resources| resources["PingEntry"]["Properties"]["Value"] = value.clone())
}

/// An entry of `ping` that names a function.
fn naming(function: &Value) -> Value {
    let definition = r#"{"name":"ping","description":"Pings.","inputSchema":{"type":"object"}}"#;
    let rest = format!(r#"","definition":{definition},"timeoutSeconds":10}}"#);
    json!({ "Fn::Join": ["", [r#"{"function":""#, function, rest]] })
}

#[test]
fn an_entry_names_a_published_version_of_this_deployment() {
    let ping = "/penstock/dev-x/tools/ping";
    for (function, check) in [
        (json!({ "Fn::GetAtt": ["Ping", "Arn"] }), "entry.unpublished"),
        (json!({ "Ref": "PingLive" }), "entry.unpublished"),
        (json!({ "Fn::Join": [":", [{ "Fn::GetAtt": ["Ping", "Arn"] }, "$LATEST"]] }), "entry.unpublished"),
        (json!({ "Fn::Join": [":", [{ "Fn::GetAtt": ["Ping", "Arn"] }, "7"]] }), "entry.version"),
        (json!({ "Ref": "GatewayVersion" }), "entry.own"),
    ] {
        let found = with_value(&naming(&function));
        assert!(found.contains(&format!("{check} {ping}")), "{function}: {found:?}");
    }
    assert_eq!(with_value(&naming(&json!({ "Ref": "PingVersion" }))), [""; 0]);
}

#[test]
fn an_entry_stands_for_what_it_defines() {
    let found = findings(|resources| {
        resources["PingEntry"]["Properties"]["Name"] = json!("/penstock/dev-x/tools/pong");
    });
    assert_eq!(found, ["entry.function /penstock/dev-x/tools/pong", "entry.name /penstock/dev-x/tools/pong"]);
}

#[test]
fn a_function_and_its_entry_come_together() {
    let found = findings(|resources| {
        resources.as_object_mut().expect("resources").remove("PingEntry");
    });
    assert_eq!(found, ["entry.none dev-x-ping"]);
    let found = with_value(&naming(&json!("arn:aws:lambda:eu-west-1:123456789012:function:dev-x-ping:7")));
    assert_eq!(found, ["entry.dangling /penstock/dev-x/tools/ping", "entry.none dev-x-ping"]);
}

#[test]
fn a_function_that_is_elsewhere_is_named_by_a_version_and_told() {
    let elsewhere = |function: &str| {
        let mut resources = clean();
        let value =
            r#"{"definition":{"name":"order","description":"","inputSchema":{"type":"object"}},"timeoutSeconds":9,"#;
        resources["More"] = json!({ "Type": "AWS::SSM::Parameter", "Properties": {
            "Name": "/penstock/dev-x/tools/order", "Value": format!(r#"{value}"function":"{function}"}}"#),
        } });
        report(&resources, &[])
    };
    let arn = "arn:aws:lambda:eu-west-1:999999999999:function:theirs:7";
    let (code, told) = elsewhere(arn);
    assert_eq!((code, &told["elsewhere"][0]["function"]), (Some(0), &json!(arn)));
    let (code, told) = elsewhere("arn:aws:lambda:eu-west-1:999999999999:function:theirs");
    assert_eq!((code, &told["findings"][0]["check"]), (Some(1), &json!("entry.unpublished")));
}

#[test]
fn no_two_entries_are_for_one_name() {
    let found = findings(|resources| {
        resources["More"] = json!({ "Type": "AWS::SSM::Parameter", "Properties": {
            "Name": "/penstock/dev-x/tools/ping", "Value": entry(),
        } });
    });
    assert_eq!(found, ["entry.twice /penstock/dev-x/tools/ping"]);
}

#[test]
fn an_entry_is_a_manifest_with_a_function() {
    assert!(with_value(&json!("{")).contains(&"entry.malformed /penstock/dev-x/tools/ping".to_owned()));
    let manifest =
        r#"{"definition":{"name":"ping","description":"","inputSchema":{"type":"object"}},"timeoutSeconds":9}"#;
    assert!(with_value(&json!(manifest)).contains(&"entry.no-function /penstock/dev-x/tools/ping".to_owned()));
}

#[test]
fn an_entry_is_told_with_its_scopes() {
    let (_, report) = report(&clean(), &["--gateway", "dev-x"]);
    let functions = report["functions"].as_array().expect("functions");
    let ping = functions.iter().find(|function| function["name"] == "dev-x-ping").expect("ping");
    assert_eq!(ping["entries"][0]["scopes"], json!(["ping:read"]));
}

//! What templates are read, and how what they refer to is found.

use serde_json::{Value, json};

use crate::support::{allow, clean, findings, folder, grant, penstock, permission, role};

#[test]
fn several_stacks_are_one_picture() {
    let (mut gateway, mut tools) = (clean(), json!({}));
    let resources = gateway.as_object_mut().expect("resources");
    for id in ["Ping", "PingRole", "PingVersion", "PingLive", "PingInvoke", "PingEntry"] {
        tools[id] = resources.remove(id).expect(id);
    }
    let both = folder(&[("gateway", &gateway), ("tools", &tools)]);
    assert_eq!(penstock(both.path(), &["."]).status.code(), Some(0));
    // The tools alone: the gateway's role is known by its name.
    assert_eq!(penstock(both.path(), &["tools.template.json"]).status.code(), Some(0));
    gateway["Other"] = role(&json!([allow(
        "lambda:InvokeFunction",
        &json!("arn:aws:lambda:eu-west-1:123456789012:function:dev-x-ping"),
    )]));
    let both = folder(&[("gateway", &gateway), ("tools", &tools)]);
    assert_eq!(penstock(both.path(), &["."]).status.code(), Some(1));
}

#[test]
fn a_value_of_another_stack_is_found_by_its_export() {
    let export = |value: &Value| {
        let mut resources = clean();
        grant(&mut resources, "PingRole", allow("s3:GetObject", &json!({ "Fn::ImportValue": "shared" })));
        let folder = folder(&[("app", &resources)]);
        let outputs = json!({ "Shared": { "Export": { "Name": "shared" }, "Value": value } });
        let template = json!({ "Resources": {}, "Outputs": outputs });
        std::fs::write(folder.path().join("shared.template.json"), template.to_string()).expect("written");
        penstock(folder.path(), &["."]).status.code()
    };
    assert_eq!(export(&json!("arn:aws:s3:::bucket/key")), Some(0));
    assert_eq!(export(&json!("arn:aws:s3:::bucket/*")), Some(1));
}

#[test]
fn both_branches_of_a_condition_count() {
    let either = |no: &str| json!({ "Fn::If": ["IsSmall", allow("s3:GetObject", &json!("arn:aws:s3:::a/b")), allow("s3:GetObject", &json!(no))] });
    assert_eq!(findings(|resources| grant(resources, "PingRole", either("arn:aws:s3:::a/c"))), [""; 0]);
    let found = findings(|resources| grant(resources, "PingRole", either("arn:aws:s3:::a/*")));
    assert_eq!(found, ["wildcard.resource dev-x-ping"]);
    let found = findings(|resources| {
        grant(
            resources,
            "PingRole",
            json!({ "Fn::If": ["IsSmall", allow("s3:*", &json!("arn:aws:s3:::a")), { "Ref": "AWS::NoValue" }] }),
        );
    });
    assert_eq!(found, ["wildcard.action dev-x-ping"]);
}

#[test]
fn a_policy_that_cannot_be_read_may_allow_anything() {
    let unreadable = json!({ "Fn::Transform": { "Name": "AWS::Include" } });
    for at in ["/Policies", "/Policies/0", "/Policies/0/PolicyDocument", "/Policies/0/PolicyDocument/Statement/0"] {
        let found = findings(|resources| {
            *resources["PingRole"]["Properties"].pointer_mut(at).expect(at) = unreadable.clone();
        });
        assert!(found.contains(&"wildcard.action dev-x-ping".to_owned()), "{at}: {found:?}");
        assert!(found.contains(&"invoker.second dev-x-ping".to_owned()), "{at}: {found:?}");
    }
}

#[test]
fn what_makes_resources_unseen_is_not_taken_for_harmless() {
    let template = json!({ "Transform": "AWS::Serverless-2016-10-31", "Resources": clean() });
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("sam.json"), template.to_string()).expect("written");
    let output = penstock(folder.path(), &["sam.json", "--json"]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("template.unread"));
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        findings(|resources| resources["Fn::Transform"] = json!({ "Name": "AWS::Include" })),
        ["template.unread "]
    );
    let found = findings(|resources| {
        resources["Nested"] =
            json!({ "Type": "AWS::CloudFormation::Stack", "Properties": { "TemplateURL": "https://…" } });
    });
    assert_eq!(found, ["template.unread "]);
    let found = findings(|resources| {
        resources["More"] = permission("Ping", &json!("123456789012"));
        resources["More"]["Properties"]["FunctionName"] = json!({ "Ref": "Parameter" });
    });
    assert_eq!(found, ["template.unread "]);
}

#[test]
fn stacks_of_two_regions_are_two_gateways() {
    let folder = folder(&[("eu", &clean()), ("us", &clean())]);
    // Without a region, everything would be there twice.
    assert_eq!(penstock(folder.path(), &["."]).status.code(), Some(1));
    let stack = |name: &str, region: &str| {
        let file = format!("{name}.template.json");
        json!({ "environment": format!("aws://123456789012/{region}"), "properties": { "templateFile": file } })
    };
    let artifacts = json!({ "artifacts": { "eu": stack("eu", "eu-west-1"), "us": stack("us", "us-east-1") } });
    std::fs::write(folder.path().join("manifest.json"), artifacts.to_string()).expect("written");
    let output = penstock(folder.path(), &["."]);
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(text.contains("6 functions") && text.contains(":role/dev-x-gateway-eu-west-1"), "{text}");
    assert_eq!(output.status.code(), Some(0), "{text}");
}

#[test]
fn what_cannot_be_audited_is_no_pass() {
    let folder = folder(&[("empty", &json!({}))]);
    std::fs::write(folder.path().join("broken.json"), "{").expect("written");
    std::fs::write(folder.path().join("other.json"), "{}").expect("written");
    for (arguments, said) in [
        (["empty.template.json"].as_slice(), "no function of a gateway"),
        (&["broken.json"], "is no JSON"),
        (&["other.json"], "is no template"),
        (&["missing.json"], "cannot be read"),
        (&["empty.template.json", "--gateway", "prod-x"], "called prod-x"),
        (&["--live"], "--gateway"),
        (&[], "TEMPLATE"),
    ] {
        let output = penstock(folder.path(), arguments);
        let text = String::from_utf8(output.stderr).expect("text");
        assert!(text.contains(said), "{arguments:?}: {text}");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
}

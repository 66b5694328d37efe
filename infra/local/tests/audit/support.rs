//! A template that is as it should be, and the audit of what becomes of it.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

/// The manifest of the one tool, in a catalog entry that names its version.
pub(crate) fn entry() -> Value {
    let manifest =
        r#""definition":{"name":"ping","description":"Pings.","inputSchema":{"type":"object"}},"timeoutSeconds":10}"#;
    json!({ "Fn::Join": ["", [r#"{"function":""#, { "Ref": "PingVersion" }, format!(r#"","scopes":["ping:read"],{manifest}"#)]] })
}

/// A role that writes its own log and does what `statements` say.
pub(crate) fn role(statements: &Value) -> Value {
    let mut all = vec![json!({
        "Effect": "Allow",
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": { "Fn::Sub": "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:log" },
    })];
    all.extend(statements.as_array().cloned().unwrap_or_default());
    json!({ "Type": "AWS::IAM::Role", "Properties": {
        "AssumeRolePolicyDocument": { "Statement": [
            { "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": { "Service": "lambda.amazonaws.com" } },
        ] },
        "Policies": [{ "PolicyName": "own", "PolicyDocument": { "Statement": all } }],
    } })
}

/// A function with a role, a version and the alias `live`.
fn function(resources: &mut Value, id: &str, name: &str, statements: &Value) {
    resources[format!("{id}Role")] = role(statements);
    resources[id] = json!({ "Type": "AWS::Lambda::Function", "Properties": {
        "FunctionName": name,
        "Role": { "Fn::GetAtt": [format!("{id}Role"), "Arn"] },
        "Environment": { "Variables": {} },
    } });
    resources[format!("{id}Version")] =
        json!({ "Type": "AWS::Lambda::Version", "Properties": { "FunctionName": { "Ref": id } } });
    resources[format!("{id}Live")] = json!({ "Type": "AWS::Lambda::Alias", "Properties": {
        "FunctionName": { "Ref": id },
        "FunctionVersion": { "Fn::GetAtt": [format!("{id}Version"), "Version"] },
        "Name": "live",
    } });
}

/// An open function URL, and the two permissions it takes.
fn url(resources: &mut Value, id: &str) {
    resources[id]["Properties"]["Environment"]["Variables"]["PENSTOCK_ORIGIN_SECRETS"] = json!("{{resolve:…}}");
    resources[format!("{id}Url")] = json!({ "Type": "AWS::Lambda::Url", "Properties": {
        "AuthType": "NONE", "Qualifier": "live", "TargetFunctionArn": { "Fn::GetAtt": [id, "Arn"] },
    } });
    resources[format!("{id}Open")] = json!({ "Type": "AWS::Lambda::Permission", "Properties": {
        "Action": "lambda:InvokeFunctionUrl", "FunctionUrlAuthType": "NONE", "Principal": "*",
        "FunctionName": { "Ref": format!("{id}Live") },
    } });
    resources[format!("{id}Run")] = json!({ "Type": "AWS::Lambda::Permission", "Properties": {
        "Action": "lambda:InvokeFunction", "InvokedViaFunctionUrl": true, "Principal": "*",
        "FunctionName": { "Ref": format!("{id}Live") },
    } });
}

/// The resources of a gateway, its front and one tool, as they should be.
pub(crate) fn clean() -> Value {
    let mut resources = json!({});
    let workers = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:dev-x-*";
    let invoke = json!([{
        "Sid": "Workers",
        "Effect": "Allow",
        "Action": "lambda:InvokeFunction",
        "Resource": { "Fn::Sub": workers },
        "Condition": { "StringEquals": { "aws:ResourceTag/penstock:gateway": "dev-x" } },
    }]);
    function(&mut resources, "Gateway", "dev-x-gateway", &invoke);
    resources["GatewayRole"]["Properties"]["RoleName"] = json!({ "Fn::Sub": "dev-x-gateway-${AWS::Region}" });
    resources["GatewayRole"]["Metadata"] = json!({ "penstock:wildcards": {
        workers: { "actions": ["lambda:InvokeFunction"], "reason": "Tools are added." },
    } });
    resources["Gateway"]["Properties"]["Environment"]["Variables"]["PENSTOCK_CATALOG"] =
        json!("ssm:/penstock/dev-x/tools");
    url(&mut resources, "Gateway");
    function(&mut resources, "Front", "dev-x-oauth", &json!([]));
    url(&mut resources, "Front");
    function(&mut resources, "Ping", "dev-x-ping", &json!([]));
    resources["Ping"]["Properties"]["Tags"] = json!([{ "Key": "penstock:gateway", "Value": "dev-x" }]);
    resources["PingInvoke"] = permission(
        "PingVersion",
        &json!({
            "Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/dev-x-gateway-${AWS::Region}",
        }),
    );
    resources["PingEntry"] = json!({ "Type": "AWS::SSM::Parameter", "Properties": {
        "Name": "/penstock/dev-x/tools/ping", "Type": "String", "Value": entry(),
    } });
    resources
}

/// A permission to invoke the function, version or alias `target`.
pub(crate) fn permission(target: &str, principal: &Value) -> Value {
    json!({ "Type": "AWS::Lambda::Permission", "Properties": {
        "Action": "lambda:InvokeFunction", "FunctionName": { "Ref": target }, "Principal": principal,
    } })
}

/// A statement that allows something.
pub(crate) fn allow(action: &str, resource: &Value) -> Value {
    json!({ "Effect": "Allow", "Action": action, "Resource": resource })
}

/// Adds a statement to a role.
pub(crate) fn grant(resources: &mut Value, role: &str, statement: Value) {
    let statements = &mut resources[role]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"];
    statements.as_array_mut().expect("statements").push(statement);
}

/// Runs `penstock audit` in a folder.
pub(crate) fn penstock(folder: &Path, arguments: &[&str]) -> Output {
    let arguments = arguments.iter().map(OsString::from);
    let mut command = Command::new(env!("CARGO_BIN_EXE_penstock"));
    command.arg("audit").args(arguments).current_dir(folder).output().expect("ended")
}

/// A folder with templates of these resources.
pub(crate) fn folder(stacks: &[(&str, &Value)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, resources) in stacks {
        let template = json!({ "Resources": resources });
        std::fs::write(folder.path().join(format!("{name}.template.json")), template.to_string()).expect("written");
    }
    folder
}

/// The exit code and the report on a template of these resources.
pub(crate) fn report(resources: &Value, arguments: &[&str]) -> (Option<i32>, Value) {
    let folder = folder(&[("app", resources)]);
    let output = penstock(folder.path(), &[&["app.template.json", "--json"], arguments].concat());
    let report = serde_json::from_slice(&output.stdout);
    let report = report.unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    (output.status.code(), report)
}

/// What is wrong with a template, each as `check subject`.
pub(crate) fn findings_with(resources: &Value, arguments: &[&str]) -> Vec<String> {
    let (code, report) = report(resources, arguments);
    let findings: Vec<String> = report["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .map(|finding| format!("{} {}", finding["check"], finding["subject"]).replace('"', ""))
        .collect();
    assert_eq!(code, Some(i32::from(!findings.is_empty())), "{report:#}");
    findings
}

/// What is wrong with the clean template once something about it is changed.
pub(crate) fn findings(change: impl FnOnce(&mut Value)) -> Vec<String> {
    let mut resources = clean();
    change(&mut resources);
    findings_with(&resources, &[])
}

//! A gateway's function and one tool, as a template says it. `Account::deploy` makes the same.

use serde_json::{Value, json};

/// What the tool is for.
pub(crate) const DESCRIPTION: &str = "Pings.";

/// What every function's role may do.
pub(crate) fn log() -> Value {
    let resource = "arn:aws:logs:us-east-1:123456789012:log-group:log:log-stream:one";
    json!({ "Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": resource })
}

/// What no role should.
pub(crate) fn anything() -> Value {
    json!({ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*" })
}

/// What the gateway's role may do.
pub(crate) fn workers() -> Value {
    json!({
        "Effect": "Allow",
        "Action": "lambda:InvokeFunction",
        "Resource": "arn:aws:lambda:us-east-1:123456789012:function:dev-x-*",
        "Condition": { "StringEquals": { "aws:ResourceTag/penstock:gateway": ["dev-x"] } },
    })
}

/// Who takes on a function's role.
pub(crate) fn trust() -> Value {
    json!({ "Version": "2012-10-17", "Statement": [
        { "Effect": "Allow", "Principal": { "Service": "lambda.amazonaws.com" }, "Action": "sts:AssumeRole" },
    ] })
}

/// The tool's catalog entry.
pub(crate) fn entry(function: &str, description: &str) -> String {
    let definition = json!({ "name": "ping", "description": description, "inputSchema": { "type": "object" } });
    json!({ "function": function, "definition": definition, "timeoutSeconds": 10 }).to_string()
}

fn role(name: Option<&Value>, statements: &[Value]) -> Value {
    let policy = json!({ "PolicyName": "own", "PolicyDocument": { "Statement": statements } });
    let mut properties = json!({ "AssumeRolePolicyDocument": trust(), "Policies": [policy] });
    if let Some(name) = name {
        properties["RoleName"] = name.clone();
    }
    json!({ "Type": "AWS::IAM::Role", "Properties": properties })
}

/// The template. The tool's role has no name in it, as those of the constructs.
pub(crate) fn template() -> Value {
    let mut statement = workers();
    let prefix = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:dev-x-*";
    statement["Resource"] = json!({ "Fn::Sub": prefix });
    let mut gateway_role = role(Some(&json!({ "Fn::Sub": "dev-x-gateway-${AWS::Region}" })), &[statement]);
    gateway_role["Metadata"]["penstock:wildcards"][prefix] =
        json!({ "actions": ["lambda:InvokeFunction"], "reason": "Tools are added without a change here." });
    let function = |name: &str, role: &str| json!({ "FunctionName": name, "Role": { "Fn::GetAtt": [role, "Arn"] } });
    let mut gateway = function("dev-x-gateway", "GatewayRole");
    gateway["Environment"]["Variables"]["PENSTOCK_CATALOG"] = json!("ssm:/penstock/dev-x/tools");
    let mut ping = function("dev-x-ping", "PingRole");
    ping["Tags"] = json!([{ "Key": "penstock:gateway", "Value": "dev-x" }]);
    let role_arn = json!({ "Fn::GetAtt": ["GatewayRole", "Arn"] });
    let value = entry("{}", DESCRIPTION).split("{}").map(ToOwned::to_owned).collect::<Vec<_>>();
    let value = json!({ "Fn::Join": ["", [value[0], { "Ref": "PingVersion" }, value[1]]] });
    let version = json!({ "Fn::GetAtt": ["PingVersion", "Version"] });
    let resource = |kind: &str, properties: Value| json!({ "Type": format!("AWS::{kind}"), "Properties": properties });
    json!({ "Resources": {
        "GatewayRole": gateway_role,
        "Gateway": resource("Lambda::Function", gateway),
        "PingRole": role(None, &[log()]),
        "Ping": resource("Lambda::Function", ping),
        "PingVersion": resource("Lambda::Version", json!({ "FunctionName": { "Ref": "Ping" } })),
        "PingLive": resource("Lambda::Alias", json!({
            "FunctionName": { "Ref": "Ping" }, "FunctionVersion": version, "Name": "live",
        })),
        "PingInvoke": resource("Lambda::Permission", json!({
            "Action": "lambda:InvokeFunction", "FunctionName": { "Ref": "PingVersion" }, "Principal": role_arn,
        })),
        "PingEntry": resource("SSM::Parameter", json!({ "Name": "/penstock/dev-x/tools/ping", "Value": value })),
    } })
}

//! Who else may make a tool run.

use serde_json::{Value, json};

use crate::support::{allow, clean, findings, findings_with, grant, permission, role};

const PING: &str = "arn:aws:lambda:eu-west-1:123456789012:function:dev-x-ping";

/// What is found if a role of no function may do something.
fn other(statement: &Value) -> Vec<String> {
    findings(|resources| resources["Other"] = role(&json!([statement])))
}

#[test]
fn any_statement_that_can_be_about_a_tool_makes_a_second_invoker() {
    for statement in [
        allow("lambda:InvokeFunction", &json!(PING)),
        allow("lambda:InvokeFunction", &json!(format!("{PING}:7"))),
        allow("lambda:InvokeFunction", &json!(format!("{PING}:live"))),
        allow("lambda:InvokeFunction", &json!({ "Fn::GetAtt": ["Ping", "Arn"] })),
        allow("LAMBDA:invokefunction", &json!(PING)),
        allow("lambda:InvokeFunctionUrl", &json!(PING)),
        allow("lambda:InvokeAsync", &json!(PING)),
        allow("lambda:Invoke*", &json!(PING)),
        allow("lambda:*", &json!(PING)),
        allow("*", &json!(PING)),
        json!({ "Effect": "Allow", "NotAction": "iam:*", "Resource": PING }),
        json!({ "Effect": "Allow", "Action": "lambda:InvokeFunction", "NotResource": "arn:aws:s3:::bucket",
            "Condition": { "StringEquals": { "aws:ResourceTag/penstock:gateway": "dev-x" } } }),
    ] {
        assert_eq!(other(&statement), ["invoker.second dev-x-ping"], "{statement}");
    }
}

#[test]
fn what_can_be_any_function_is_the_gateway_and_the_front_too() {
    for resource in [json!("*"), json!({ "Ref": "Parameter" }), json!({ "Fn::FindInMap": ["a", "b", "c"] })] {
        let found = other(&allow("lambda:InvokeFunction", &resource));
        assert_eq!(found, ["dev-x-gateway", "dev-x-oauth", "dev-x-ping"].map(|name| format!("invoker.second {name}")));
    }
}

#[test]
fn a_statement_about_something_else_makes_none() {
    let tagged = |value: &str| json!({ "StringEquals": { "aws:ResourceTag/penstock:gateway": value } });
    for statement in [
        allow("lambda:InvokeFunction", &json!("arn:aws:lambda:eu-west-1:123456789012:function:dev-y-*")),
        allow("lambda:GetFunction", &json!(PING)),
        allow("s3:GetObject", &json!("*")),
        json!({ "Effect": "Allow", "NotAction": ["Lambda:Invoke*"], "Resource": PING }),
        json!({ "Effect": "Deny", "Action": "lambda:InvokeFunction", "Resource": PING }),
        json!({ "Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": "*", "Condition": tagged("dev-y") }),
    ] {
        assert_eq!(other(&statement), [""; 0], "{statement}");
    }
    let found = other(&json!({ "Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": "*",
        "Condition": tagged("dev-x") }));
    assert_eq!(found, ["invoker.second dev-x-ping"]);
}

#[test]
fn a_function_without_a_name_is_itself_and_no_tool() {
    let found = findings(|resources| {
        resources["Provider"] = json!({ "Type": "AWS::Lambda::Function", "Properties": {} });
        resources["Other"] = role(&json!([
            allow("lambda:InvokeFunction", &json!({ "Fn::GetAtt": ["Provider", "Arn"] })),
            allow("lambda:InvokeFunction", &json!({ "Fn::Join": [":", [{ "Fn::GetAtt": ["Provider", "Arn"] }, "*"]] })),
        ]));
    });
    assert_eq!(found, [""; 0]);
}

#[test]
fn a_permission_for_anybody_but_the_gateway_makes_a_second_invoker() {
    let gateway = json!({ "Fn::GetAtt": ["GatewayRole", "Arn"] });
    assert_eq!(findings(|resources| resources["More"] = permission("PingLive", &gateway)), [""; 0]);
    for target in ["Ping", "PingVersion", "PingLive"] {
        for principal in [
            json!("*"),
            json!("123456789012"),
            json!("events.amazonaws.com"),
            json!("arn:aws:iam::123456789012:role/other"),
            json!({ "Ref": "Parameter" }),
            json!(null),
        ] {
            let found = findings(|resources| resources["More"] = permission(target, &principal));
            assert_eq!(found, ["invoker.second dev-x-ping"], "{principal} on {target}");
        }
    }
    for name in [PING, "dev-x-ping:live", "123456789012:function:dev-x-ping"] {
        let found = findings(|resources| {
            resources["More"] = permission("Ping", &json!("123456789012"));
            resources["More"]["Properties"]["FunctionName"] = json!(name);
        });
        let is_found = found.contains(&"invoker.second dev-x-ping".to_owned());
        assert!(is_found || name == PING, "{name}: {found:?}");
    }
}

#[test]
fn the_gateway_itself_may_be_allowed_nothing_more_by_a_tool_s_policy() {
    let found = findings(|resources| resources["PingInvoke"]["Properties"]["Action"] = json!("lambda:*"));
    assert_eq!(found, ["invoker.second dev-x-ping"]);
}

#[test]
fn a_tool_has_no_url_and_no_event_source() {
    let found = findings(|resources| {
        resources["More"] = json!({ "Type": "AWS::Lambda::Url", "Properties": {
            "AuthType": "AWS_IAM", "TargetFunctionArn": { "Fn::GetAtt": ["Ping", "Arn"] },
        } });
    });
    assert_eq!(found, ["url.tool dev-x-ping"]);
    let found = findings(|resources| {
        resources["More"] = json!({ "Type": "AWS::Lambda::EventSourceMapping", "Properties": {
            "FunctionName": { "Ref": "PingLive" }, "EventSourceArn": "arn:aws:sqs:eu-west-1:123456789012:queue",
        } });
    });
    assert_eq!(found, ["invoker.source dev-x-ping"]);
}

#[test]
fn administrators_are_found_and_listed_apart_once_they_are_accepted() {
    let mut resources = clean();
    resources["Other"] = role(&json!([allow("*", &json!("*"))]));
    resources["Other"]["Properties"]["RoleName"] = json!("root-like");
    let arn = "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/root-like";
    assert_eq!(findings_with(&resources, &[]), [format!("invoker.administrator {arn}")]);
    assert_eq!(findings_with(&resources, &["--allow-principal", "*role/somebody"]).len(), 1);
    let (code, report) = crate::support::report(&resources, &["--allow-principal", "arn:*:role/root-*"]);
    assert_eq!((code, &report["administrators"]), (Some(0), &json!([arn])));
}

#[test]
fn a_principal_that_is_meant_is_accepted_by_its_name() {
    let mut resources = clean();
    resources["Other"] = role(&json!([allow("lambda:InvokeFunction", &json!(PING))]));
    resources["Other"]["Properties"]["RoleName"] = json!("operator");
    resources["More"] = permission("Ping", &json!("events.amazonaws.com"));
    assert_eq!(findings_with(&resources, &[]).len(), 2);
    let arguments = ["--allow-principal", "*:role/operator", "--allow-principal", "events.amazonaws.com"];
    assert_eq!(findings_with(&resources, &arguments), [""; 0]);
}

#[test]
fn a_managed_policy_that_nobody_can_read_is_not_taken_for_harmless() {
    let with = |policy: &str| {
        findings(|resources| {
            resources["Other"] = role(&json!([]));
            resources["Other"]["Properties"]["RoleName"] = json!("other");
            resources["Other"]["Properties"]["ManagedPolicyArns"] = json!([format!("arn:aws:iam::{policy}")]);
        })
    };
    let other = "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/other";
    assert_eq!(with("123456789012:policy/team"), [format!("invoker.unread {other}")]);
    assert_eq!(with("aws:policy/PowerUserAccess"), [format!("invoker.unread {other}")]);
    assert_eq!(with("aws:policy/AdministratorAccess"), [format!("invoker.administrator {other}")]);
    assert_eq!(with("aws:policy/service-role/AWSLambdaBasicExecutionRole"), [""; 0]);
}

#[test]
fn a_tool_that_may_invoke_another_is_a_second_invoker() {
    let found = findings(|resources| grant(resources, "FrontRole", allow("lambda:InvokeFunction", &json!(PING))));
    assert_eq!(found, ["invoker.second dev-x-ping"]);
}

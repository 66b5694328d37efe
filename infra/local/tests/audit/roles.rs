//! Roles: what is attached to them, who takes them on, who shares them.

use serde_json::{Value, json};

use crate::support::{allow, clean, findings, report};

/// A policy of the kind that is attached by a resource of its own.
fn policy(kind: &str, roles: &Value) -> Value {
    let document = json!({ "Statement": [allow("s3:GetObject", &json!("arn:aws:s3:::bucket/*"))] });
    let mut properties = json!({ "PolicyName": "more", "PolicyDocument": document });
    properties[if kind == "RolePolicy" { "RoleName" } else { "Roles" }] = roles.clone();
    json!({ "Type": format!("AWS::IAM::{kind}"), "Properties": properties })
}

#[test]
fn statements_count_wherever_they_are_attached() {
    for kind in ["Policy", "RolePolicy", "ManagedPolicy"] {
        let role = json!({ "Ref": "PingRole" });
        let roles = if kind == "RolePolicy" { role } else { json!([role]) };
        let found = findings(|resources| resources["More"] = policy(kind, &roles));
        assert!(found.contains(&"wildcard.resource dev-x-ping".to_owned()), "{kind}: {found:?}");
    }
    assert_eq!(findings(|resources| resources["More"] = policy("Policy", &json!(["other"]))), [""; 0]);
}

#[test]
fn no_managed_policy_is_attached_to_a_function_s_role() {
    for arn in [
        json!("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"),
        json!({ "Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess" }),
    ] {
        let found = findings(|resources| resources["PingRole"]["Properties"]["ManagedPolicyArns"] = json!([arn]));
        assert!(found.contains(&"role.managed-policy dev-x-ping".to_owned()), "{arn}: {found:?}");
    }
}

#[test]
fn lambda_alone_takes_on_a_role() {
    for principal in [
        json!({ "Service": ["lambda.amazonaws.com", "ec2.amazonaws.com"] }),
        json!({ "AWS": "123456789012" }),
        json!({ "Federated": "cognito-identity.amazonaws.com" }),
        json!("*"),
    ] {
        let found = findings(|resources| {
            let trust = &mut resources["PingRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"];
            trust[0]["Principal"] = principal.clone();
        });
        assert_eq!(found, ["role.trust dev-x-ping"], "{principal}");
    }
}

#[test]
fn functions_do_not_share_a_role() {
    let found = findings(|resources| {
        resources["Front"]["Properties"]["Role"] = json!({ "Fn::GetAtt": "PingRole.Arn" });
    });
    assert_eq!(found, ["role.shared dev-x-oauth", "role.shared dev-x-ping"]);
}

#[test]
fn a_role_that_is_not_in_the_templates_is_not_taken_for_harmless() {
    let found = findings(|resources| {
        resources["Ping"]["Properties"]["Role"] = json!("arn:aws:iam::123456789012:role/somebody-elses");
    });
    assert_eq!(found, ["role.unknown dev-x-ping"]);
}

#[test]
fn what_a_tool_may_do_is_told_with_the_reasons_for_its_wildcards() {
    let (_, report) = report(&clean(), &[]);
    let function = |name: &str| {
        let functions = report["functions"].as_array().expect("functions");
        functions.iter().find(|function| function["name"] == name).expect(name).clone()
    };
    let may = &function("dev-x-ping")["may"];
    assert_eq!(may.as_array().map(Vec::len), Some(1));
    assert_eq!(may[0]["actions"], json!(["logs:CreateLogStream", "logs:PutLogEvents"]));
    assert_eq!(function("dev-x-gateway")["may"][1]["reasons"], json!(["Tools are added."]));
    assert_eq!(function("dev-x-oauth")["part"], "front");
}

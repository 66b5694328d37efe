//! Wildcards, and their reasons.

use serde_json::{Value, json};

use crate::support::{allow, findings, grant};

const ARN: &str = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders";

fn ping(statement: Value) -> Vec<String> {
    findings(|resources| grant(resources, "PingRole", statement))
}

#[test]
fn a_gateway_a_front_and_a_tool_with_nothing_too_much_pass() {
    assert_eq!(findings(|_| {}), [""; 0]);
    assert_eq!(ping(allow("dynamodb:GetItem", &json!(ARN))), [""; 0]);
}

#[test]
fn a_wildcard_without_a_reason_is_found_wherever_in_a_name_it_stands() {
    for resource in [
        "*",
        "arn:aws:dynamodb:eu-west-1:123456789012:table/*",
        "arn:aws:dynamodb:eu-west-1:123456789012:table/order?",
        "arn:aws:dynamodb:eu-west-1:*:table/orders",
        "arn:aws:dynamodb:*:123456789012:table/orders",
        "arn:*:dynamodb:eu-west-1:123456789012:table/orders",
    ] {
        assert_eq!(
            ping(allow("dynamodb:GetItem", &json!([ARN, resource]))),
            ["wildcard.resource dev-x-ping"],
            "{resource}"
        );
    }
}

#[test]
fn actions_have_no_wildcards_whatever_the_reason() {
    for action in ["dynamodb:*", "dynamodb:Get*", "dynamodb:Get?tem"] {
        assert_eq!(ping(allow(action, &json!(ARN))), ["wildcard.action dev-x-ping"], "{action}");
    }
}

#[test]
fn all_but_something_is_a_wildcard() {
    for statement in [
        json!({ "Effect": "Allow", "Action": "dynamodb:GetItem", "NotResource": ARN }),
        json!({ "Effect": "Allow", "NotAction": "iam:*", "Resource": ARN }),
    ] {
        assert_eq!(ping(statement), ["wildcard.all-but dev-x-ping"]);
    }
}

#[test]
fn a_statement_that_denies_may_be_as_wide_as_it_likes() {
    assert_eq!(ping(json!({ "Effect": "Deny", "NotAction": "logs:*", "Resource": "*" })), [""; 0]);
}

#[test]
fn a_reason_is_for_one_resource_and_the_actions_it_names() {
    let with_reason = |actions: &[&str], named: &str, said: &str| {
        findings(|resources| {
            let statement = allow("s3:GetObject", &json!({ "Fn::Sub": "arn:${AWS::Partition}:s3:::bucket/*" }));
            grant(resources, "PingRole", statement);
            resources["PingRole"]["Metadata"] =
                json!({ "penstock:wildcards": { named: { "actions": actions, "reason": said } } });
        })
    };
    let bucket = "arn:${AWS::Partition}:s3:::bucket/*";
    assert_eq!(with_reason(&["s3:GetObject"], bucket, "Its objects."), [""; 0]);
    for (action, named, said) in [
        ("s3:PutObject", bucket, "Its objects."),
        ("s3:GetObject", "arn:${AWS::Partition}:s3:::other/*", "Its objects."),
        ("s3:GetObject", bucket, ""),
    ] {
        assert_eq!(with_reason(&[action], named, said), ["wildcard.resource dev-x-ping"], "{action} {named}");
    }
}

#[test]
fn what_only_a_deployment_knows_may_be_anything() {
    for resource in
        [json!({ "Ref": "Parameter" }), json!({ "Fn::ImportValue": "elsewhere" }), json!({ "Fn::FindInMap": [] })]
    {
        let found = ping(allow("dynamodb:GetItem", &resource));
        assert_eq!(found, ["wildcard.resource dev-x-ping"], "{resource}");
    }
}

#[test]
fn the_gateway_and_its_front_are_held_to_the_same() {
    for (role, name) in [("GatewayRole", "dev-x-gateway"), ("FrontRole", "dev-x-oauth")] {
        let found =
            findings(|resources| grant(resources, role, allow("s3:GetObject", &json!("arn:aws:s3:::bucket/*"))));
        assert_eq!(found, [format!("wildcard.resource {name}")]);
    }
}

#[test]
fn a_policy_that_a_team_adds_to_the_gateway_s_role_gives_its_own_reasons() {
    let theirs = "arn:aws:lambda:eu-west-1:999999999999:function:theirs:*";
    let added = |metadata: Value| {
        findings(|resources| {
            resources["Enrol"] = json!({ "Type": "AWS::IAM::RolePolicy", "Metadata": metadata, "Properties": {
                "RoleName": { "Fn::Sub": "dev-x-gateway-${AWS::Region}" },
                "PolicyName": "invoke-theirs",
                "PolicyDocument": { "Statement": [allow("lambda:InvokeFunction", &json!(theirs))] },
            } });
        })
    };
    let reason =
        json!({ "actions": ["lambda:InvokeFunction"], "reason": "Beside a canary another version is called." });
    assert_eq!(added(json!({ "penstock:wildcards": { theirs: reason } })), [""; 0]);
    assert_eq!(added(json!({})), ["wildcard.resource dev-x-gateway"]);
}

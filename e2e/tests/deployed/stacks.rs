//! What moto makes of the templates, type by type, and what it cannot.

use std::collections::BTreeSet;

use penstock_e2e::account::{ACCOUNT, Account, REGION, texts};
use serde_json::{Value, json};

use crate::support::{Deployed, STACKS};

/// What of the templates moto's CloudFormation cannot make: to be seen in an account only. Of permissions, those of
/// versions are made, and those of the aliases that are not made are not.
const LEFT_OUT: [&str; 13] = [
    "AWS::CloudFront::Distribution",
    "AWS::CloudFront::Function",
    "AWS::CloudWatch::Alarm",
    "AWS::Cognito::ManagedLoginBranding",
    "AWS::Cognito::UserPool",
    "AWS::Cognito::UserPoolClient",
    "AWS::Cognito::UserPoolDomain",
    "AWS::Cognito::UserPoolResourceServer",
    "AWS::Lambda::Alias",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::Lambda::Permission",
    "AWS::Lambda::Url",
    "AWS::SecretsManager::Secret",
];

/// One account for all that only looks: starting moto takes longer than any of it.
#[tokio::test]
async fn both_stacks_deploy_as_far_as_moto_can() -> anyhow::Result<()> {
    let deployed = Deployed::new().await?;
    all_is_made_or_known_to_be_left_out(&deployed).await?;
    each_entry_pins_a_version_that_admits_the_gateway_alone(&deployed.account).await?;
    each_function_has_a_role_and_a_log_of_its_own(&deployed.account).await?;
    the_gateway_is_told_of_the_catalog_and_the_table_that_are_there(&deployed.account).await
}

async fn all_is_made_or_known_to_be_left_out(deployed: &Deployed) -> anyhow::Result<()> {
    let mut left_out = BTreeSet::new();
    for (stack, portable) in STACKS.iter().zip(&deployed.portables) {
        assert_eq!(deployed.account.resources(stack).await?, portable.made, "{stack}");
        left_out.extend(portable.left_out.keys().cloned());
    }
    assert_eq!(left_out.into_iter().collect::<Vec<_>>(), LEFT_OUT);
    Ok(())
}

async fn each_entry_pins_a_version_that_admits_the_gateway_alone(account: &Account) -> anyhow::Result<()> {
    let entries = account.parameters("/penstock/dev-penstock/tools").await?;
    assert!(!entries.is_empty());
    let role = [("Action", "GetRole"), ("RoleName", "dev-penstock-gateway-us-east-1")];
    let role = account.query("iam", &role).await?;
    let [gateway] = texts(&role, "Arn")[..] else { panic!("{role}") };
    for (slug, entry) in &entries {
        let manifest: Value = serde_json::from_str(entry)?;
        let version = format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:dev-penstock-{slug}:1");
        assert_eq!(manifest["function"], json!(version), "{entry}");
        assert!(manifest["definition"]["name"].is_string(), "{entry}");

        let name = format!("dev-penstock-{slug}");
        let configuration = account.lambda(&format!("functions/{name}/configuration?Qualifier=1")).await?;
        assert_eq!(configuration["FunctionArn"], json!(version));
        assert_eq!(configuration["Timeout"], manifest["timeoutSeconds"]);
        assert_eq!(configuration["MemorySize"], manifest.get("memoryMegabytes").cloned().unwrap_or(json!(128)));

        let policy = account.lambda(&format!("functions/{name}/policy")).await?;
        let policy: Value = serde_json::from_str(policy["Policy"].as_str().unwrap_or_default())?;
        let [statement] = policy["Statement"].as_array().map_or(&[][..], Vec::as_slice) else {
            panic!("{name}: {policy}");
        };
        assert_eq!(statement["Action"], "lambda:InvokeFunction");
        assert_eq!(statement["FunctionName"], json!(version));
        assert_eq!(statement["Principal"], json!(gateway));
    }
    Ok(())
}

async fn each_function_has_a_role_and_a_log_of_its_own(account: &Account) -> anyhow::Result<()> {
    let listed = account.lambda("functions/").await?;
    let functions: Vec<&Value> = listed["Functions"].as_array().into_iter().flatten().collect();
    let roles: BTreeSet<&str> = functions.iter().filter_map(|function| function["Role"].as_str()).collect();
    assert_eq!(roles.len(), functions.len());

    let known = account.query("iam", &[("Action", "ListRoles")]).await?;
    assert_eq!(texts(&known, "Arn").into_iter().collect::<BTreeSet<_>>(), roles);
    for role in roles {
        let name = role.rsplit('/').next().unwrap_or_default();
        let inline = account.query("iam", &[("Action", "ListRolePolicies"), ("RoleName", name)]).await?;
        assert_eq!(texts(&inline, "member"), ["own"], "{name}");
        let attached = account.query("iam", &[("Action", "ListAttachedRolePolicies"), ("RoleName", name)]).await?;
        assert!(texts(&attached, "PolicyArn").is_empty(), "{name}");
    }

    let groups = account.json("logs", "Logs_20140328.DescribeLogGroups", &json!({})).await?;
    let groups: BTreeSet<String> = groups["logGroups"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|group| group["retentionInDays"] == 30)
        .filter_map(|group| group["logGroupName"].as_str().map(str::to_owned))
        .collect();
    let names = functions.iter().filter_map(|function| function["FunctionName"].as_str());
    assert_eq!(groups, names.map(|name| format!("/aws/lambda/{name}")).collect());
    Ok(())
}

async fn the_gateway_is_told_of_the_catalog_and_the_table_that_are_there(account: &Account) -> anyhow::Result<()> {
    let configuration = account.lambda("functions/dev-penstock-gateway/configuration").await?;
    let variables = &configuration["Environment"]["Variables"];
    assert_eq!(variables["PENSTOCK_CATALOG"], "ssm:/penstock/dev-penstock/tools");
    let table = json!({ "TableName": variables["PENSTOCK_STORE_TABLE"] });
    let described = account.json("dynamodb", "DynamoDB_20120810.DescribeTable", &table).await?;
    assert_eq!(described["Table"]["KeySchema"], json!([{ "AttributeName": "pk", "KeyType": "HASH" }]));
    Ok(())
}

#[tokio::test]
async fn a_stack_that_is_deleted_takes_its_tools_with_it() -> anyhow::Result<()> {
    let deployed = Deployed::new().await?;
    let catalog = "/penstock/dev-penstock/tools";
    let before = deployed.account.parameters(catalog).await?;
    deployed.team("team", "workers/examples/node/count_words").await?;
    let mut with: Vec<String> = deployed.account.parameters(catalog).await?.into_keys().collect();
    with.retain(|slug| !before.contains_key(slug));
    assert_eq!(with, ["count_words"]);
    deployed.account.delete("team").await?;
    assert_eq!(deployed.account.parameters(catalog).await?, before);
    deployed.account.delete(STACKS[1]).await?;
    assert!(deployed.account.parameters(catalog).await?.is_empty());
    Ok(())
}

//! The gateway that ships, served its catalog by the deployed stacks, with the rights of its own role.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use penstock_e2e::account::{ACCOUNT, Account, Credentials, REGION};
use penstock_e2e::{Enrolled, Gateway, Penstock, http, requests};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::support::Deployed;

const CATALOG: &str = "/penstock/dev-penstock/tools";

/// The gateway looks at its catalog every 30 seconds.
const PATIENCE: Duration = Duration::from_mins(2);

/// What the gateway's function is told of its catalog and its table.
async fn configured(account: &Account) -> anyhow::Result<[(&'static str, String); 2]> {
    let configuration = account.lambda("functions/dev-penstock-gateway/configuration").await?;
    let variable = |name| {
        let value = configuration["Environment"]["Variables"][name].as_str();
        (name, value.unwrap_or_default().to_owned())
    };
    Ok(["PENSTOCK_CATALOG", "PENSTOCK_STORE_TABLE"].map(variable))
}

/// What it takes to start a gateway. Its catalog and store are moto's, its functions those of a local host, by the ARNs of
/// a deployment.
struct Surroundings<'a> {
    account: &'a Account,
    penstock: &'a Penstock,
    functions: &'a Enrolled,
    configured: [(&'static str, String); 2],
}

impl Surroundings<'_> {
    async fn gateway(&self, rights: &Credentials) -> anyhow::Result<Gateway> {
        let moto = self.account.url();
        let mut variables = vec![
            ("AWS_ENDPOINT_URL_SSM", moto),
            ("AWS_ENDPOINT_URL_DYNAMODB", moto),
            ("AWS_ENDPOINT_URL_LAMBDA", self.functions.url()),
        ];
        variables.extend(self.configured.iter().map(|(name, value)| (*name, value.as_str())));
        variables.extend(rights.variables());
        Gateway::start(self.penstock, self.penstock.catalog(), &variables).await
    }
}

/// The names on a gateway's list.
async fn listed(gateway: &Gateway) -> anyhow::Result<BTreeSet<String>> {
    let request = requests::request(1, "tools/list");
    let mut arrivals = http::exchange(&http::client(), gateway.url(), &request).await?;
    let answer = arrivals.pop().expect("an answer").message;
    let tools = answer["result"]["tools"].as_array().cloned().unwrap_or_default();
    Ok(tools.iter().filter_map(|tool| tool["name"].as_str().map(str::to_owned)).collect())
}

/// The names of the tools in the deployed catalog: of all entries those that are not of another kind.
async fn entered(account: &Account) -> anyhow::Result<BTreeSet<String>> {
    let entries = account.parameters(CATALOG).await?;
    let manifests = entries.values().map(|entry| serde_json::from_str(entry)).collect::<Result<Vec<Value>, _>>()?;
    let tools = manifests.iter().filter(|manifest| manifest.get("kind").is_none_or(|kind| kind == "tool"));
    Ok(tools.filter_map(|manifest| manifest["definition"]["name"].as_str().map(str::to_owned)).collect())
}

async fn called(gateway: &Gateway, tool: &str, arguments: &Value) -> anyhow::Result<Value> {
    let mut arrivals = http::exchange(&http::client(), gateway.url(), &requests::call(7, tool, arguments)).await?;
    Ok(arrivals.pop().expect("an answer").message)
}

/// Credentials of a function's role, with its policy as moto can enforce it.
async fn rights(deployed: &Deployed, function: &str) -> anyhow::Result<Credentials> {
    let account = &deployed.account;
    let configuration = account.lambda(&format!("functions/{function}/configuration")).await?;
    let role = configuration["Role"].as_str().and_then(|arn| arn.rsplit('/').next()).unwrap_or_default();
    account.judge_by_action(role, deployed.policy(function)).await?;
    account.assume(role).await
}

#[tokio::test]
async fn a_deployed_catalog_is_served_with_the_rights_of_the_gateways_role() -> anyhow::Result<()> {
    let deployed = Deployed::new().await?;
    let Deployed { account, .. } = &deployed;
    deployed.team("team-words", "workers/examples/node/count_words").await?;
    let own = rights(&deployed, "dev-penstock-gateway").await?;
    let others = rights(&deployed, "dev-penstock-ping").await?;
    let before = entered(account).await?;
    let penstock = Penstock::start(&[]).await?;
    let prefix = format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:dev-penstock-");
    let functions = Enrolled::start(&prefix, penstock.lambda_url()).await?;
    let configured = configured(account).await?;
    let surroundings = Surroundings { account, penstock: &penstock, functions: &functions, configured };

    account.enforce(true).await?;
    // With what a tool may do, there is no catalog to be had.
    assert!(surroundings.gateway(&others).await.is_err());
    let gateway = surroundings.gateway(&own).await?;
    assert_eq!(listed(&gateway).await?, before);
    assert!(before.contains("ping") && before.contains("count_words"), "{before:?}");

    let pong = called(&gateway, "ping", &json!({})).await?;
    assert_eq!(pong["result"]["structuredContent"]["reply"], "pong", "{pong}");
    let long = called(&gateway, "long_operation", &json!({ "steps": 2, "step_ms": 1 })).await?;
    assert_eq!(long["result"]["structuredContent"]["steps"], 2, "{long}");
    let words = called(&gateway, "count_words", &json!({ "text": "two words" })).await?;
    assert_eq!(words["result"]["structuredContent"]["words"], 2, "{words}");
    let versions = ["ping:1", "long_operation:1", "count_words:1"].map(|name| format!("{prefix}{name}"));
    assert_eq!(functions.called(), versions);

    account.enforce(false).await?;
    // It could write to its table: the copy of the catalog that further instances read.
    let items =
        account.json("dynamodb", "DynamoDB_20120810.Scan", &json!({ "TableName": "dev-penstock-store" })).await?;
    let keys = items["Items"].as_array().into_iter().flatten().filter_map(|item| item["pk"]["S"].as_str());
    assert!(keys.into_iter().any(|key| key.starts_with("catalog/")), "{items}");

    // One team comes and another goes; nobody tells the gateway.
    deployed.team("team-urls", "workers/examples/node/parse_url").await?;
    account.delete("team-words").await?;
    account.enforce(true).await?;
    let mut after = before.clone();
    after.remove("count_words");
    after.insert("parse_url".to_owned());
    let begun = Instant::now();
    while listed(&gateway).await? != after {
        assert!(begun.elapsed() < PATIENCE, "{:?}", listed(&gateway).await?);
        sleep(Duration::from_millis(500)).await;
    }
    let url = called(&gateway, "parse_url", &json!({ "url": "https://example.com/a" })).await?;
    assert!(url["result"]["structuredContent"].is_object(), "{url}");
    let gone = called(&gateway, "count_words", &json!({ "text": "two words" })).await?;
    assert_eq!(gone["error"]["code"], -32602, "{gone}");
    Ok(())
}

//! A gateway with its catalog in Parameter Store, as moto imitates it.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, bail};
use penstock_e2e::moto::Moto;
use penstock_e2e::{Access, Gateway, Penstock, http, requests};
use serde_json::{Value, json};

const PATH: &str = "/penstock/test/tools";

/// How long a change may take to be seen: a look each half a minute, of the copy as of the parameters.
const LIMIT: Duration = Duration::from_secs(90);

async fn put(moto: &Moto, name: &str, entry: &str) -> anyhow::Result<()> {
    let name = format!("{PATH}/{name}");
    let put = json!({ "Name": name, "Value": entry, "Type": "String", "Tier": "Advanced", "Overwrite": true });
    moto.parameter_store("PutParameter", &put).await
}

/// Puts every entry of a folder, and answers how many there are.
async fn put_all(moto: &Moto, folder: &Path) -> anyhow::Result<usize> {
    let mut count = 0;
    for file in fs::read_dir(folder)? {
        let path = file?.path();
        let name = path.file_stem().and_then(|name| name.to_str()).context("a name")?;
        // As a deployment does: the white space is for people.
        let entry: Value = serde_json::from_slice(&fs::read(&path)?)?;
        put(moto, name, &entry.to_string()).await?;
        count += 1;
    }
    Ok(count)
}

/// A gateway that reads Parameter Store; it shares `table`, if that is named.
async fn gateway(penstock: &Penstock, moto: &Moto, table: &str) -> anyhow::Result<Gateway> {
    let catalog = format!("ssm:{PATH}");
    let variables = [("AWS_ENDPOINT_URL_SSM", moto.url()), ("PENSTOCK_STORE_TABLE", table)];
    Gateway::start(penstock, catalog.as_ref(), &variables).await
}

/// The tools on a gateway's list.
async fn tools(url: &str) -> anyhow::Result<Vec<Value>> {
    let list = http::exchange(&http::client(), url, &requests::request(1, "tools/list")).await?;
    Ok(list[0].message["result"]["tools"].as_array().context("a list")?.clone())
}

fn description<'t>(tools: &'t [Value], name: &str) -> Option<&'t str> {
    tools.iter().find(|tool| tool["name"] == name)?["description"].as_str()
}

#[tokio::test]
async fn a_gateway_serves_what_is_in_parameter_store_and_follows_its_changes() -> anyhow::Result<()> {
    const TOOL: &str = "test_simple_text";
    let (moto, penstock) = (Moto::start().await?, Penstock::with_fixtures(Access::Open).await?);
    assert!(put_all(&moto, penstock.catalog()).await? > 10, "more than a page");
    let sharing = gateway(&penstock, &moto, "penstock").await?;
    let before = tools(sharing.url()).await?;
    assert_eq!(before, tools(penstock.url()).await?, "what the folder says");
    let answer = http::exchange(&http::client(), sharing.url(), &requests::call(1, TOOL, &json!({}))).await?;
    assert!(answer[0].message["result"]["content"][0]["text"].is_string(), "{answer:?}");

    let entry = fs::read(penstock.catalog().join(format!("{TOOL}.json"))).context("an entry named like its tool")?;
    let mut entry: Value = serde_json::from_slice(&entry)?;
    entry["definition"]["description"] = json!("Says something else.");
    put(&moto, TOOL, &entry.to_string()).await?;
    let alone = gateway(&penstock, &moto, "").await?;
    assert_eq!(description(&tools(alone.url()).await?, TOOL), Some("Says something else."));
    let changed = SystemTime::now();
    while description(&tools(sharing.url()).await?, TOOL) != Some("Says something else.") {
        if changed.elapsed()? > LIMIT {
            bail!("a gateway does not see a change");
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    Ok(())
}

//! `penstock audit --live` against moto, an account in which a gateway and a tool are deployed as a template says.

mod account;
mod template;

use account::Account;
use penstock_e2e::audit;
use serde_json::json;

#[tokio::test]
async fn an_account_is_held_to_the_rules_and_to_its_template() -> anyhow::Result<()> {
    let account = Account::start().await?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("app.template.json");
    std::fs::write(&file, template::template().to_string())?;
    let file = file.display().to_string();
    let environment = account.environment();
    let environment: Vec<(&str, &str)> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let live = ["--live", "--gateway", "dev-x"];
    let both = [&[file.as_str()], live.as_slice()].concat();
    let audited = || audit::findings(&both, &environment);
    account.deploy().await?;
    assert_eq!(audited().await?, [""; 0]);
    // Why the gateway may call all functions of its prefix, only the template says.
    assert_eq!(audit::findings(&live, &environment).await?, ["wildcard.resource dev-x-gateway"]);

    let ping = "arn:aws:lambda:us-east-1:123456789012:function:dev-x-ping";
    let invoke = json!({ "Effect": "Allow", "Action": "lambda:Invoke*", "Resource": ping });
    account.role("somebody", &[invoke]).await?;
    assert_eq!(audited().await?, ["invoker.second dev-x-ping"]);
    account.delete_role("somebody").await?;
    assert_eq!(audited().await?, [""; 0]);

    account.grant("dev-x-ping-role", &[template::log(), template::anything()]).await?;
    assert_eq!(audited().await?, ["drift.role dev-x-ping", "wildcard.resource dev-x-ping"]);
    account.grant("dev-x-ping-role", &[]).await?;
    assert_eq!(audited().await?, ["drift.role dev-x-ping"]);
    account.grant("dev-x-ping-role", &[template::log()]).await?;

    account.entry(&template::entry(&format!("{ping}:1"), "Does something else.")).await?;
    assert_eq!(audited().await?, ["drift.entry /penstock/dev-x/tools/ping"]);
    account.entry(&template::entry(&format!("{ping}:7"), template::DESCRIPTION)).await?;
    assert_eq!(audited().await?, ["entry.version /penstock/dev-x/tools/ping"]);
    account.entry(&template::entry(&format!("{ping}:1"), template::DESCRIPTION)).await?;

    account.admit("dev-x-ping", "1", "events.amazonaws.com").await?;
    assert_eq!(audited().await?, ["drift.policy dev-x-ping", "invoker.second dev-x-ping"]);
    account.tag("dev-x-ping", "dev-y").await?;
    let found = audited().await?;
    assert!(found.contains(&"drift.function dev-x-ping".to_owned()), "{found:?}");
    Ok(())
}

#[tokio::test]
async fn whoever_may_do_everything_is_found_unless_they_are_known() -> anyhow::Result<()> {
    let account = Account::start().await?;
    account.deploy().await?;
    account.role("root-like", &[json!({ "Effect": "Allow", "Action": "*", "Resource": "*" })]).await?;
    let environment = account.environment();
    let environment: Vec<(&str, &str)> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let live = ["--live", "--gateway", "dev-x"];
    let found = audit::findings(&live, &environment).await?;
    let administrator = "invoker.administrator arn:aws:iam::123456789012:role/root-like";
    assert!(found.contains(&administrator.to_owned()), "{found:?}");
    let known = [live.as_slice(), &["--allow-principal", "arn:aws:iam::*:role/root-like"]].concat();
    assert_eq!(audit::findings(&known, &environment).await?, ["wildcard.resource dev-x-gateway"]);
    Ok(())
}

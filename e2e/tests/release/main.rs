//! How a tool gets from here to its callers: `infra/build`, and `penstock promote` and `penstock rollback` against an
//! account that moto imitates.

mod account;
mod artifacts;

use serde_json::json;

use account::{Account, penstock};
use penstock_e2e::moto::Moto;

#[tokio::test]
async fn a_canary_is_widened_promoted_and_rolled_back() -> anyhow::Result<()> {
    let moto = Moto::start().await?;
    let account = Account::at(&moto, "us-east-1", 2).await?;
    account.deploy(&account.value(1, None)).await?;
    account.deploy(&account.value(2, Some(10))).await?;

    let (code, said) = account.penstock(&["promote", "ping", "--percent", "50"]).await?;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("was: version 1 for 90 % of callers, version 2 for 10 %"), "{said}");
    assert!(said.contains("is:  version 1 for 50 % of callers, version 2 for 50 %"), "{said}");
    assert!(said.contains("To undo it: penstock promote ping --gateway dev-penstock --percent 10"), "{said}");
    assert_eq!(account.entry().await?["Value"], account.value(2, Some(50)));
    assert_eq!(account.alias().await?, ("1".to_owned(), vec![("2".to_owned(), 0.5)]));

    let (code, said) = account.penstock(&["promote", "ping"]).await?;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("is:  version 2 for everybody"), "{said}");
    assert_eq!(account.entry().await?["Value"], account.value(2, None));
    assert_eq!(account.alias().await?, ("2".to_owned(), vec![]));

    let (code, said) = account.penstock(&["rollback", "ping"]).await?;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("To undo it: penstock rollback ping --gateway dev-penstock --to 2"), "{said}");
    assert_eq!(account.entry().await?["Value"], account.value(1, None));
    assert_eq!(account.alias().await?, ("1".to_owned(), vec![]));

    let (code, said) = account.penstock(&["rollback", "ping", "--to", "2"]).await?;
    assert_eq!((code, &account.entry().await?["Value"]), (Some(0), &json!(account.value(2, None))), "{said}");

    rolled_back_to_the_version_it_is_tried_beside(&Account::at(&moto, "eu-west-1", 2).await?).await
}

async fn rolled_back_to_the_version_it_is_tried_beside(account: &Account<'_>) -> anyhow::Result<()> {
    account.deploy(&account.value(1, None)).await?;
    account.deploy(&account.value(2, Some(10))).await?;
    let (code, said) = account.penstock(&["rollback", "ping"]).await?;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("To undo it, deploy the tool again."), "{said}");
    let entry = account.entry().await?;
    // What the deployment wrote beside the value is still there.
    let expected = [json!(account.value(1, None)), json!("Penstock catalog entry of ping")];
    assert_eq!([entry["Value"].clone(), entry["Description"].clone()], expected);
    assert_eq!(account.alias().await?, ("1".to_owned(), vec![]));
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_is_said_and_changes_nothing() -> anyhow::Result<()> {
    let moto = Moto::start().await?;
    let account = Account::at(&moto, "us-east-1", 1).await?;
    account.deploy(&account.value(7, None)).await?;
    account.deploy(&account.value(1, None)).await?;
    for (arguments, expected) in [
        (["promote", "ping"].as_slice(), "version 1 is no canary"),
        (&["promote", "ping", "--percent", "20"], "version 1 is no canary"),
        (&["rollback", "ping"], "no earlier version"),
        (&["rollback", "ping", "--to", "5"], "no version 5 in the history; there are 1, 7"),
        // It is in the history, and Lambda has deleted it.
        (&["rollback", "ping", "--to", "7"], "dev-penstock-ping:7 is not there any more"),
        (&["rollback", "pong"], "the catalog of dev-penstock has no pong; there are ping"),
    ] {
        let (code, said) = account.penstock(arguments).await?;
        assert!(code == Some(1) && said.contains(expected), "{arguments:?}: {said}");
    }
    assert_eq!(account.entry().await?["Version"], 2);

    a_long_entry_stays_in_the_tier_it_needs(&Account::at(&moto, "eu-west-1", 1).await?).await?;
    a_function_of_another_account_is_left_alone(&Account::at(&moto, "eu-west-2", 0).await?).await
}

async fn a_long_entry_stays_in_the_tier_it_needs(account: &Account<'_>) -> anyhow::Result<()> {
    let described = format!("\"description\":\"{}\"", "x".repeat(4_000));
    let long = |canary| account.value(1, canary).replace("\"description\":\"\"", &described);
    account.deploy(&long(Some(10))).await?;
    let (code, said) = account.penstock(&["promote", "ping"]).await?;
    assert_eq!(code, Some(0), "{said}");
    let entry = account.entry().await?;
    assert_eq!((&entry["Value"], &entry["Tier"]), (&json!(long(None)), &json!("Advanced")));
    Ok(())
}

async fn a_function_of_another_account_is_left_alone(account: &Account<'_>) -> anyhow::Result<()> {
    let elsewhere = |canary| account.value(3, canary).replace("123456789012", "999999999999");
    account.deploy(&elsewhere(Some(10))).await?;
    let (code, said) = account.penstock(&["promote", "ping"]).await?;
    assert!(code == Some(0) && said.contains("in another account or region"), "{said}");
    assert_eq!(account.entry().await?["Value"], elsewhere(None));
    Ok(())
}

#[tokio::test]
async fn without_a_region_or_credentials_that_is_what_is_said() -> anyhow::Result<()> {
    let credentials = [("AWS_ACCESS_KEY_ID", "local"), ("AWS_SECRET_ACCESS_KEY", "local")];
    for (environment, expected) in
        [(credentials.as_slice(), "no AWS region"), (&[("AWS_REGION", "us-east-1")], "no AWS credentials")]
    {
        let (code, said) = penstock(environment, &["rollback", "ping"]).await?;
        assert!(code == Some(2) && said.contains(expected), "{said}");
    }
    Ok(())
}

//! Isolated functions: a process that keeps what it is told keeps it from everybody else.

use anyhow::Context as _;
use penstock_e2e::{Access, Gateway, Penstock, http, requests};
use reqwest::Client;
use rstest::rstest;
use serde_json::{Value, json};

/// Tells the tool a note, and answers all it knows.
async fn remember(client: &Client, penstock: &Penstock, tool: &str, note: &str) -> anyhow::Result<Value> {
    let call = requests::call(1, tool, &json!({ "note": note }));
    let mut end = http::exchange(client, penstock.url(), &call).await?.pop().context("no answer")?.message;
    anyhow::ensure!(end["result"]["structuredContent"]["notes"].is_array(), "{end}");
    Ok(end["result"]["structuredContent"]["notes"].take())
}

/// Alice and Bob are of two tenants.
#[rstest]
#[tokio::test]
async fn two_callers_never_see_what_the_function_remembers_of_the_other(
    #[values("remember_own", "remember_teams")] tool: &str,
) -> anyhow::Result<()> {
    let penstock = Penstock::start(&["--auth", "--catalog", "e2e/fixtures/isolated"]).await?;
    let alice = http::client_with(Some(penstock.sign_in("alice").await?));
    let bob = http::client_with(Some(penstock.sign_in("bob").await?));
    assert_eq!(remember(&alice, &penstock, tool, "a").await?, json!(["a"]));
    assert_eq!(remember(&bob, &penstock, tool, "b").await?, json!(["b"]));
    assert_eq!(remember(&alice, &penstock, tool, "c").await?, json!(["a", "c"]), "one process goes on for alice");
    assert_eq!(remember(&bob, &penstock, tool, "d").await?, json!(["b", "d"]), "and one for bob");
    Ok(())
}

/// Who is alone on this machine need not sign in to try such a tool.
#[tokio::test]
async fn without_sign_in_everybody_is_one_tenant() -> anyhow::Result<()> {
    let penstock = Penstock::dev(Access::Open, &["--catalog", "e2e/fixtures/isolated"]).await?;
    for (note, all) in [("a", json!(["a"])), ("b", json!(["a", "b"]))] {
        assert_eq!(remember(&http::client(), &penstock, "remember_teams", note).await?, all);
    }
    Ok(())
}

/// As of a function given by its ARN, whose mode nobody has looked at.
#[tokio::test]
async fn a_manifest_that_says_another_isolation_than_the_function_has_makes_it_unavailable() -> anyhow::Result<()> {
    let (penstock, catalog) = (Penstock::with_fixtures(Access::Open).await?, tempfile::tempdir()?);
    for (name, isolation, function) in [("missing", json!(null), "remember_own"), ("vain", json!("caller"), "raw_echo")]
    {
        let definition = json!({ "name": name, "description": "A tool.", "inputSchema": { "type": "object" } });
        let entry =
            json!({ "definition": definition, "isolation": isolation, "timeoutSeconds": 10, "function": function });
        std::fs::write(catalog.path().join(format!("{name}.json")), entry.to_string())?;
    }
    let gateway = Gateway::start(&penstock, catalog.path(), &[]).await?;
    for tool in ["missing", "vain"] {
        let call = requests::call(1, tool, &json!({}));
        let end = http::exchange(&http::client(), gateway.url(), &call).await?.pop().context("no answer")?.message;
        assert_eq!(end["error"]["data"]["reason"], "unavailable", "{tool}: {end}");
    }
    Ok(())
}

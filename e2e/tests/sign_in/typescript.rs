//! The official TypeScript SDK, 1.x and 2.x, and mcp-remote, which is made of it.

use penstock_e2e::node;
use rstest::rstest;
use serde_json::{Value, json};

use crate::{Registration, Site, free_port};

/// Asserts what each visit to the shipped tools shows.
fn assert_visit(observed: &[Value]) {
    let [tools, result] = observed else { panic!("{observed:?}") };
    for tool in ["get_cost_and_usage", "get_today_date", "long_operation", "ping"] {
        assert!(
            tools["names"].as_array().is_some_and(|names| names.contains(&json!(tool))),
            "{tool} is not in {tools}"
        );
    }
    assert_eq!(*result, json!({ "event": "result", "steps": [1, 2, 3], "isError": false }));
}

/// challenge and metadata are all that a client needs to know.
#[rstest]
#[tokio::test]
async fn the_sdk_is_refused_signs_in_calls_and_has_its_token_refreshed(
    #[values("sign_in1.mjs", "sign_in2.mjs")] script: &str,
    #[values(Registration::Document, Registration::Dynamic)] registration: Registration,
) -> anyhow::Result<()> {
    let site = Site::start().await?;
    let arguments: Vec<_> = [site.url()].into_iter().chain(site.document(registration)).collect();
    let observed = node::browse(script, &arguments).await?;
    let [refused, signed_in, rest @ ..] = &*observed else { panic!("{observed:?}") };
    assert_eq!(*refused, json!({ "event": "refused", "atFirst": true }));
    let id = site.document(registration).unwrap_or("registered");
    assert_eq!(*signed_in, json!({ "event": "signed in", "clientId": id, "times": 1 }));
    let (first, rest) = rest.split_at(2);
    assert_visit(first);
    let [refreshed, second @ ..] = rest else { panic!("{observed:?}") };
    // Nobody was asked again.
    assert_eq!(*refreshed, json!({ "event": "refreshed", "outcome": "AUTHORIZED", "isNew": true, "signIns": 1 }));
    assert_visit(second);
    Ok(())
}

#[rstest]
#[tokio::test]
async fn mcp_remote_signs_in_for_a_client_that_knows_only_stdio(
    #[values(Registration::Document, Registration::Dynamic)] registration: Registration,
) -> anyhow::Result<()> {
    let (site, port) = (Site::start().await?, free_port()?);
    let arguments: Vec<_> = [site.url(), &port].into_iter().chain(site.document(registration)).collect();
    let observed = node::browse("mcp_remote.mjs", &arguments).await?;
    let [connected, visit @ ..] = &*observed else { panic!("{observed:?}") };
    assert_eq!(*connected, json!({ "event": "connected", "server": "penstock-gateway" }));
    assert_visit(visit);
    Ok(())
}

//! The official conformance suite's scenarios for authorization servers.

use std::collections::BTreeMap;
use std::path::Path;

use penstock_e2e::node;
use rstest::rstest;
use serde_json::Value;

use crate::{Registration, Site, free_port};

/// What each check said.
fn checks(results: &Path) -> anyhow::Result<BTreeMap<String, Value>> {
    let mut statuses = BTreeMap::new();
    for scenario in std::fs::read_dir(results)? {
        let checks: Value = serde_json::from_slice(&std::fs::read(scenario?.path().join("checks.json"))?)?;
        for check in checks.as_array().into_iter().flatten() {
            statuses.insert(check["id"].as_str().unwrap_or_default().to_owned(), check["status"].clone());
        }
    }
    Ok(statuses)
}

#[rstest]
#[tokio::test]
async fn every_scenario_for_authorization_servers_passes(
    #[values(Registration::Document, Registration::Dynamic)] registration: Registration,
) -> anyhow::Result<()> {
    let (site, results, port) = (Site::start().await?, tempfile::tempdir()?, free_port()?);
    let redirect_uri = format!("http://127.0.0.1:{port}/callback");
    let client = match site.document(registration) {
        Some(document) => document.to_owned(),
        None => site.register(&redirect_uri).await?,
    };
    let folder = results.path().to_str().expect("the path of temporary files is text");
    let arguments = ["--url", site.issuer(), "--resource", site.url(), "--client-id", &client];
    let ended =
        node::browse("conformance_authorization.mjs", &[&arguments[..], &["--port", &port, "-o", folder]].concat())
            .await?;
    let checks = checks(results.path())?;
    let ids: Vec<_> = checks.keys().map(String::as_str).collect();
    let expected = ["authorization-code-grant", "authorization-server-metadata", "authorization-server-metadata-cimd"];
    assert_eq!(ids, expected, "{ended:?}");
    assert!(checks.values().all(|status| status == "SUCCESS"), "{checks:?} {ended:?}");
    assert_eq!((&ended[0]["status"], &ended[0]["visits"]), (&0.into(), &1.into()), "{ended:?}");
    Ok(())
}

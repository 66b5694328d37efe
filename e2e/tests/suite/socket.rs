//! The gateway binary outside Lambda: the same thing on a socket.

use penstock_e2e::{Access, Gateway, Penstock, http, requests};
use rstest::rstest;
use serde_json::json;
use tokio::process::Command;

#[rstest]
#[tokio::test]
async fn the_same_binary_serves_http_and_stops_when_told(
    #[values(Access::Open, Access::Authenticated)] access: Access,
) -> anyhow::Result<()> {
    let (penstock, catalog) = (Penstock::with_fixtures(access).await?, tempfile::tempdir()?);
    let entry = json!({
        "definition": { "name": "slow", "description": "Progress.", "inputSchema": { "type": "object" } },
        "timeoutSeconds": 10,
        "function": "raw_echo",
    });
    std::fs::write(catalog.path().join("slow.json"), entry.to_string())?;
    let gateway = Gateway::start(&penstock, catalog.path(), &[]).await?;
    let client = http::client_with(penstock.authorization());
    let answer = http::exchange(&client, gateway.url(), &requests::call(1, "slow", &json!({ "a": 1 }))).await?;
    assert_eq!(answer[0].message["result"]["structuredContent"]["params"]["arguments"], json!({ "a": 1 }));
    let oversize =
        http::post(&client, gateway.url(), &requests::request(2, "tools/list")).body(vec![b' '; 9 * 1024 * 1024]);
    assert_eq!(oversize.send().await?.status(), 413);
    drop(client);
    assert!(gateway.stop().await?.success());
    Ok(())
}

#[tokio::test]
async fn every_mistake_in_its_configuration_is_named_at_the_start() -> anyhow::Result<()> {
    let _built = Penstock::with_fixtures(Access::Open).await?;
    let output = Command::new(Penstock::binaries().await?.join("penstock-gateway"))
        .env_remove("PENSTOCK_CATALOG")
        .env("PENSTOCK_AUTH", "maybe")
        .env("PENSTOCK_LISTEN", "everywhere")
        .output()
        .await?;
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    for variable in ["PENSTOCK_CATALOG", "PENSTOCK_AUTH", "PENSTOCK_LISTEN"] {
        assert!(said.contains(variable), "{variable} in {said}");
    }
    Ok(())
}

//! The gateway binary outside Lambda: the same thing on a socket.

use std::path::PathBuf;
use std::process::Stdio;

use penstock_e2e::{Penstock, http, requests};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// The gateway that a running `penstock dev` has built beside itself.
async fn gateway_binary() -> anyhow::Result<PathBuf> {
    Ok(Penstock::binary().await?.with_file_name("penstock-gateway"))
}

/// Starts the gateway in front of `penstock`'s workers, with one tool in its catalog.
async fn start(penstock: &Penstock, catalog: &std::path::Path) -> anyhow::Result<(Child, String)> {
    let entry = json!({
        "definition": { "name": "slow", "description": "Progress.", "inputSchema": { "type": "object" } },
        "timeoutSeconds": 10,
        "function": "raw_echo",
    });
    std::fs::write(catalog.join("slow.json"), entry.to_string())?;
    let mut child = Command::new(gateway_binary().await?)
        .env("PENSTOCK_CATALOG", catalog)
        .env("PENSTOCK_AUTH", "none")
        .env("PENSTOCK_KEYS", "1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
        .env("PENSTOCK_LISTEN", "127.0.0.1:0")
        .env("AWS_ENDPOINT_URL_LAMBDA", penstock.lambda_url())
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", "local")
        .env("AWS_SECRET_ACCESS_KEY", "local")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let line = lines.next_line().await?.expect("it says where it listens");
    let url = line.strip_prefix("MCP endpoint: ").expect("the endpoint first").to_owned();
    Ok((child, url))
}

#[tokio::test]
async fn the_same_binary_serves_http_and_stops_when_told() -> anyhow::Result<()> {
    let (penstock, catalog) = (Penstock::with_fixtures().await?, tempfile::tempdir()?);
    let (mut gateway, url) = start(&penstock, catalog.path()).await?;
    let client = http::client();
    let answer = http::exchange(&client, &url, &requests::call(1, "slow", &json!({ "a": 1 }))).await?;
    assert_eq!(answer[0].message["result"]["structuredContent"]["params"]["arguments"], json!({ "a": 1 }));
    let oversize = http::post(&client, &url, &requests::request(2, "tools/list")).body(vec![b' '; 9 * 1024 * 1024]);
    assert_eq!(oversize.send().await?.status(), 413);
    let id = gateway.id().and_then(|id| Pid::from_raw(id.try_into().ok()?)).expect("running");
    drop(client);
    kill_process(id, Signal::TERM)?;
    assert!(gateway.wait().await?.success());
    Ok(())
}

#[tokio::test]
async fn every_mistake_in_its_configuration_is_named_at_the_start() -> anyhow::Result<()> {
    let _built = Penstock::with_fixtures().await?;
    let output = Command::new(gateway_binary().await?)
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

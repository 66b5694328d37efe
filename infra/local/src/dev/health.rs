use std::time::Duration;

use anyhow::{Context as _, bail};
use bytes::Bytes;
use http_body_util::Empty;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;

/// Time the gateway has to say that it is ready, its own initialisation included.
const READY_LIMIT: Duration = Duration::from_secs(20);

/// Time between two questions, while the gateway answers that it is not ready yet.
const ASK_AGAIN: Duration = Duration::from_millis(100);

/// Waits until the gateway on `port` is ready.
pub(super) async fn wait(port: u16) -> anyhow::Result<()> {
    let ready = tokio::time::timeout(READY_LIMIT, ask(port)).await;
    ready.context("the gateway is not ready after 20 s")?
}

async fn ask(port: u16) -> anyhow::Result<()> {
    let client: Client<_, Empty<Bytes>> = Client::builder(TokioExecutor::new()).build_http();
    loop {
        let url = format!("http://127.0.0.1:{port}/health").parse()?;
        let status = client.get(url).await.context("the gateway cannot be asked")?.status();
        match status.as_u16() {
            200 => return Ok(()),
            503 => tokio::time::sleep(ASK_AGAIN).await,
            _ => bail!("GET /health was answered with {status}"),
        }
    }
}

use std::time::Duration;

use anyhow::{Context as _, bail};
use bytes::Bytes;
use http_body_util::Empty;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;

/// Time a function has to say that it is ready, its own initialisation included.
const READY_LIMIT: Duration = Duration::from_secs(20);

/// Time between two questions, while a function answers that it is not ready yet.
const ASK_AGAIN: Duration = Duration::from_millis(100);

/// Waits until `GET path` is answered on `port`.
pub(super) async fn wait(port: u16, path: &str) -> anyhow::Result<()> {
    let ready = tokio::time::timeout(READY_LIMIT, ask(port, path)).await;
    ready.with_context(|| format!("GET {path} is not answered after 20 s"))?
}

async fn ask(port: u16, path: &str) -> anyhow::Result<()> {
    let client: Client<_, Empty<Bytes>> = Client::builder(TokioExecutor::new()).build_http();
    loop {
        let url = format!("http://127.0.0.1:{port}{path}").parse()?;
        let status = client.get(url).await.with_context(|| format!("GET {path} got no answer"))?.status();
        match status.as_u16() {
            200 => return Ok(()),
            503 => tokio::time::sleep(ASK_AGAIN).await,
            _ => bail!("GET {path} was answered with {status}"),
        }
    }
}

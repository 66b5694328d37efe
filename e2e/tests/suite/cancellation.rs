//! A call nobody wants any more: its worker stops, though the platform lets it run.
//!
//! The tool's one instance serves one call at a time, for a minute if it is let: the next call is
//! throttled until the first has stopped.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use penstock_e2e::{Access, Gateways, Penstock, http, requests};
use reqwest::{Client, Response};
use rstest::rstest;
use serde_json::{Value, json};

const TOOL: &str = "exclusive_wait";

/// The revision of the client that cancels by notification.
const HANDSHAKE: &str = "2025-11-25";

/// How often the tool is tried again. Together far shorter than a call that nobody stops.
const TRIES: u32 = 150;
const BETWEEN_TRIES: Duration = Duration::from_millis(200);

/// Calls the tool; answers whether it was served instead of throttled.
async fn is_served(client: &Client, url: &str) -> anyhow::Result<bool> {
    let call = requests::call(2, TOOL, &json!({ "seconds": 0 }));
    let end = http::exchange(client, url, &call).await?.pop().context("no answer")?.message;
    let is_throttled = end["error"]["data"]["reason"] == "throttled";
    ensure!(is_throttled || end["result"]["content"].is_array(), "{end}");
    Ok(!is_throttled)
}

/// Tries until the tool is served; it must be in use before.
async fn becomes_free(
    client: &Client,
    url: &str,
    cancel: impl AsyncFnOnce() -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    ensure!(!is_served(client, url).await?, "the first call is still running");
    cancel().await?;
    let mut pace = tokio::time::interval(BETWEEN_TRIES);
    for _ in 0..TRIES {
        pace.tick().await;
        if is_served(client, url).await? {
            return Ok(());
        }
    }
    anyhow::bail!("the first call was never stopped")
}

/// T-5: closing the stream cancels, and the server stops work.
#[rstest]
#[tokio::test]
async fn closing_the_stream_of_a_call_stops_its_worker(
    #[values(Access::Open, Access::Authenticated)] access: Access,
) -> anyhow::Result<()> {
    let penstock = Penstock::with_fixtures(access).await?;
    let client = http::client();
    let call = requests::call(1, TOOL, &json!({ "seconds": 60 }));
    let mut events = http::open(&http::client(), penstock.url(), &call).await?;
    events.next().await?.context("the tool is at work")?;
    becomes_free(&client, penstock.url(), async || {
        drop(events);
        Ok(())
    })
    .await
}

/// Sends one message of a session, or the one that opens it.
async fn send(client: &Client, url: &str, session: Option<&str>, message: &Value) -> anyhow::Result<Response> {
    let mut request = client.post(url).header("accept", "application/json, text/event-stream");
    if let Some(session) = session {
        request = request.header("mcp-session-id", session).header("mcp-protocol-version", HANDSHAKE);
    }
    let response = request.header("content-type", "application/json").body(message.to_string()).send().await?;
    ensure!(response.status().is_success(), "{}", response.text().await?);
    Ok(response)
}

/// L-8: whichever instance is told, the worker of the other stops and the stream ends without a response.
#[rstest]
#[tokio::test]
async fn a_notification_to_another_instance_stops_the_worker_of_a_call(
    #[values(Access::Open, Access::Authenticated)] access: Access,
) -> anyhow::Result<()> {
    let gateways = Gateways::start(Penstock::with_fixtures(access).await?).await?;
    let (client, url) = (http::client(), gateways.url());
    let info = json!({ "name": "test", "version": "1" });
    let hello = json!({ "protocolVersion": HANDSHAKE, "capabilities": {}, "clientInfo": info });
    let hello = json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": hello });
    let answer = send(&client, url, None, &hello).await?;
    let session = answer.headers().get("mcp-session-id").context("a session")?.to_str()?.to_owned();
    drop(answer.bytes().await?);
    let ready = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
    send(&client, url, Some(&session), &ready).await?;
    let mut call = requests::call(1, TOOL, &json!({ "seconds": 60 }));
    call["params"]["_meta"] = json!({ "progressToken": 1 });
    let mut stream = send(&client, url, Some(&session), &call).await?;
    let first = stream.chunk().await?.context("the tool is at work")?;
    ensure!(String::from_utf8_lossy(&first).contains("notifications/progress"), "{first:?}");
    ensure!(gateways.served() == [2, 1], "the first gateway serves the call, the second is asked next");
    // The host's own gateway is the third that knows the tool, and takes no turns.
    becomes_free(&client, gateways.penstock().url(), async || {
        let cancelled = json!({ "requestId": 1, "reason": "enough" });
        let cancelled = json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": cancelled });
        send(&client, url, Some(&session), &cancelled).await.map(drop)
    })
    .await?;
    ensure!(gateways.served() == [2, 2], "the second gateway was told");
    let rest = stream.text().await?;
    ensure!(!rest.contains("\"id\":1"), "no response: {rest}");
    Ok(())
}

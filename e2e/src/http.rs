//! An MCP client with nothing hidden: what was sent, and what arrived when.

use std::time::{Duration, Instant};

use anyhow::ensure;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;

use crate::requests::REVISION;

/// A client of its own: its connections are nobody else's.
///
/// # Panics
/// If the TLS library is broken; nothing here uses TLS.
pub fn client() -> Client {
    // The workspace has one TLS stack and chooses its cryptography itself.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::new()
}

/// A message of an event stream and when it was complete.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// The JSON-RPC message.
    pub message: Value,
    /// Since the request was sent.
    pub after: Duration,
}

/// Sends one message with the headers 2026-07-28 wants.
pub fn post(client: &Client, url: &str, message: &Value) -> RequestBuilder {
    let mut request = client
        .post(url)
        .header("accept", "application/json, text/event-stream")
        .header("content-type", "application/json")
        .header("mcp-protocol-version", REVISION)
        .body(message.to_string());
    if let Some(method) = message["method"].as_str() {
        request = request.header("mcp-method", method);
    }
    if let Some(name) = message["params"]["name"].as_str() {
        request = request.header("mcp-name", name);
    }
    request
}

/// Sends one request and reads every message of its answer, JSON or events.
///
/// # Errors
/// If the connection breaks or the body is neither.
pub async fn exchange(client: &Client, url: &str, message: &Value) -> anyhow::Result<Vec<Arrival>> {
    let sent = Instant::now();
    let response = post(client, url, message).send().await?;
    let kind = response.headers().get(CONTENT_TYPE).map(|kind| kind.as_bytes().to_vec()).unwrap_or_default();
    if kind.starts_with(b"application/json") {
        let message = serde_json::from_slice(&response.bytes().await?)?;
        return Ok(vec![Arrival { message, after: sent.elapsed() }]);
    }
    ensure!(kind.starts_with(b"text/event-stream"), "neither JSON nor events: {}", response.text().await?);
    let mut events = Events::new(response, sent);
    let mut arrivals = Vec::new();
    while let Some(arrival) = events.next().await? {
        arrivals.push(arrival);
    }
    Ok(arrivals)
}

/// Reads the messages of an event stream one at a time.
pub struct Events {
    bytes: BoxStream<'static, reqwest::Result<Bytes>>,
    buffer: BytesMut,
    /// How far the buffer is known to hold no end of an event.
    searched: usize,
    sent: Instant,
}

impl std::fmt::Debug for Events {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Events").field("buffered", &self.buffer.len()).finish_non_exhaustive()
    }
}

impl Events {
    /// Reads `response`; times are counted from `sent`.
    pub fn new(response: Response, sent: Instant) -> Self {
        let bytes = response.bytes_stream().boxed();
        Self { bytes, buffer: BytesMut::new(), searched: 0, sent }
    }

    /// The next message; comments and events of other types are passed over.
    ///
    /// # Errors
    /// If the connection breaks or an event holds no JSON.
    pub async fn next(&mut self) -> anyhow::Result<Option<Arrival>> {
        loop {
            let found = self.buffer[self.searched..].windows(2).position(|pair| pair == b"\n\n");
            if let Some(end) = found {
                let event = self.buffer.split_to(self.searched + end + 2);
                self.searched = 0;
                if let Some(message) = message(&event)? {
                    return Ok(Some(Arrival { message, after: self.sent.elapsed() }));
                }
                continue;
            }
            self.searched = self.buffer.len().saturating_sub(1);
            let Some(chunk) = self.bytes.next().await else { return Ok(None) };
            self.buffer.extend_from_slice(&chunk?);
        }
    }
}

fn message(event: &[u8]) -> anyhow::Result<Option<Value>> {
    let text = std::str::from_utf8(event)?;
    let of_another_type = text.lines().any(|line| line.strip_prefix("event: ").is_some_and(|kind| kind != "message"));
    let data = text.lines().find_map(|line| line.strip_prefix("data: "));
    match data {
        Some(data) if !of_another_type => Ok(Some(serde_json::from_str(data)?)),
        _ => Ok(None),
    }
}

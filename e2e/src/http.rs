//! An MCP client with nothing hidden: what was sent, and what arrived when.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use anyhow::bail;
use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use penstock_schemas::{Exchange, Reader};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Client, RequestBuilder};
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

/// A client whose every request carries this `Authorization`, if there is one.
///
/// # Panics
/// As [`client`].
pub fn client_with(authorization: Option<HeaderValue>) -> Client {
    let Some(authorization) = authorization else { return client() };
    drop(client());
    let headers = HeaderMap::from_iter([(AUTHORIZATION, authorization)]);
    Client::builder().default_headers(headers).build().expect("nothing here uses TLS")
}

/// A message of an answer and when it was complete.
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
    // Rule H-13: what is asked for, by name or URI.
    if let Some(name) = ["name", "uri"].iter().find_map(|member| message["params"][member].as_str()) {
        request = request.header("mcp-name", name);
    }
    request
}

/// Sends one request and reads every message of its answer, JSON or events.
///
/// # Errors
/// If the connection breaks, the body is neither, or a message is not what the schema says.
pub async fn exchange(client: &Client, url: &str, message: &Value) -> anyhow::Result<Vec<Arrival>> {
    let mut answer = open(client, url, message).await?;
    let mut arrivals = Vec::new();
    while let Some(arrival) = answer.next().await? {
        arrivals.push(arrival);
    }
    Ok(arrivals)
}

/// Sends one request, for an answer that is read a message at a time.
///
/// # Errors
/// If the connection breaks or what is answered is neither JSON nor events.
pub async fn open(client: &Client, url: &str, message: &Value) -> anyhow::Result<Answer> {
    let sent = Instant::now();
    let response = post(client, url, message).send().await?;
    let kind = response.headers().get(CONTENT_TYPE).map(|kind| kind.as_bytes().to_vec()).unwrap_or_default();
    if !kind.starts_with(b"application/json") && !kind.starts_with(b"text/event-stream") {
        bail!("neither JSON nor events: {}", response.text().await?);
    }
    let exchange = Exchange::new(&[REVISION.as_bytes()], message.to_string().as_bytes());
    let reader = Reader::new(exchange, Some(&kind));
    Ok(Answer { bytes: response.bytes_stream().boxed(), reader, arrived: VecDeque::new(), sent })
}

/// An answer on its way. Each message in it is held to the schema of its revision.
pub struct Answer {
    bytes: BoxStream<'static, reqwest::Result<Bytes>>,
    reader: Reader,
    arrived: VecDeque<Arrival>,
    sent: Instant,
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answer").field("arrived", &self.arrived.len()).finish_non_exhaustive()
    }
}

impl Answer {
    /// The next message; comments and events of other types are passed over.
    ///
    /// # Errors
    /// If the connection breaks or what arrived is not what the schema says.
    pub async fn next(&mut self) -> anyhow::Result<Option<Arrival>> {
        while self.arrived.is_empty() {
            let messages = match self.bytes.next().await {
                Some(chunk) => self.reader.take(&chunk?).map_err(anyhow::Error::msg)?,
                None => match self.reader.end().map_err(anyhow::Error::msg)? {
                    Some(message) => vec![message],
                    None => return Ok(None),
                },
            };
            let after = self.sent.elapsed();
            self.arrived.extend(messages.into_iter().map(|message| Arrival { message, after }));
        }
        Ok(self.arrived.pop_front())
    }
}

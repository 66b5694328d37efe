//! Requests that nothing normalises, and what of their answers is compared.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::Context as _;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, Response, Uri, header};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use penstock_schemas::{Exchange, Reader};
use serde_json::Value;
use serde_json::value::RawValue;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long an answer may take before it counts as none.
const LIMIT: Duration = Duration::from_secs(30);

/// One odd request.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) request: Raw,
}

/// A request of exactly these headers and this body.
#[derive(Clone)]
pub(crate) struct Raw {
    method: Method,
    headers: Vec<(&'static str, Vec<u8>)>,
    body: Vec<u8>,
}

impl Raw {
    /// A POST with what every client sends.
    pub(crate) fn post(body: impl Into<Vec<u8>>) -> Self {
        let headers = [("content-type", "application/json"), ("accept", "application/json, text/event-stream")];
        let headers = headers.map(|(name, value)| (name, value.as_bytes().to_vec())).to_vec();
        Self { method: Method::POST, headers, body: body.into() }
    }

    pub(crate) fn method(mut self, method: Method) -> Self {
        self.method = method;
        self
    }

    /// Sets a header, whatever it was before.
    pub(crate) fn header(self, name: &'static str, value: impl AsRef<[u8]>) -> Self {
        self.without(name).also(name, value)
    }

    /// Adds a header beside any of the same name.
    pub(crate) fn also(mut self, name: &'static str, value: impl AsRef<[u8]>) -> Self {
        self.headers.push((name, value.as_ref().to_vec()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(other, _)| *other != name);
        self
    }

    /// Sends it on a connection of its own and reads the whole answer.
    pub(crate) async fn send(&self, url: &str) -> anyhow::Result<Response<Bytes>> {
        let url: Uri = url.parse()?;
        let authority = url.authority().context("a host")?.as_str();
        let stream = TcpStream::connect(authority).await?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        let connection = tokio::spawn(connection);
        let mut request = Request::new(Full::new(Bytes::from(self.body.clone())));
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = url.path().parse()?;
        if !self.headers.iter().any(|(name, _)| *name == "host") {
            request.headers_mut().insert(header::HOST, HeaderValue::from_str(authority)?);
        }
        for (name, value) in &self.headers {
            request.headers_mut().append(HeaderName::from_static(name), HeaderValue::from_bytes(value)?);
        }
        let answer = async {
            let (parts, body) = sender.send_request(request).await?.into_parts();
            Ok::<_, hyper::Error>(Response::from_parts(parts, body.collect().await?.to_bytes()))
        };
        let answer = timeout(LIMIT, answer).await.context("no answer in time")?;
        connection.abort();
        Ok(answer?)
    }

    /// Holds an answer to the schema of the revision the request is in.
    pub(crate) fn check(&self, answer: &Response<Bytes>) -> Result<(), String> {
        let kind = answer.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
        let mut reader = Reader::new(self.exchange(), kind);
        reader.take(answer.body())?;
        reader.end().map(drop)
    }

    fn exchange(&self) -> Exchange {
        let versions = self.headers.iter().filter(|(name, _)| *name == "mcp-protocol-version");
        let versions: Vec<_> = versions.map(|(_, value)| &**value).collect();
        Exchange::new(&versions, &self.body)
    }

    /// What is compared: status, kind of body, outcome, and what became of the id.
    pub(crate) fn summary(&self, answer: &Response<Bytes>) -> String {
        let status = answer.status().as_u16();
        let kind = answer.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let text = String::from_utf8_lossy(answer.body());
        let json = match kind.split(';').next().unwrap_or_default() {
            "application/json" => text.as_ref(),
            "text/event-stream" => text.lines().rev().find_map(|line| line.strip_prefix("data: ")).unwrap_or_default(),
            _ if answer.body().is_empty() => return format!("{status} empty"),
            _ => return format!("{status} text"),
        };
        let kind = if kind.starts_with("text") { "events" } else { "json" };
        let Ok(message) = serde_json::from_str::<Value>(json) else { return format!("{status} {kind} unreadable") };
        if let Some(batch) = message.as_array() {
            return format!("{status} {kind} batch of {}", batch.len());
        }
        let outcome = match (&message["error"]["code"], &message["result"]["isError"]) {
            (Value::Number(code), _) => code.to_string(),
            (_, Value::Bool(true)) => "isError".to_owned(),
            _ if message["result"].is_object() => "result".to_owned(),
            _ => "nothing".to_owned(),
        };
        let members = serde_json::from_slice::<HashMap<String, &RawValue>>(&self.body).unwrap_or_default();
        let asked = members.get("id").and_then(|id| serde_json::from_str::<Value>(id.get()).ok());
        let id = match (message.get("id"), asked.as_ref()) {
            (None, _) => "no id",
            (Some(Value::Null), _) => "id null",
            (Some(answered), Some(asked)) if answered == asked => "id",
            _ => "another id",
        };
        format!("{status} {kind} {outcome}, {id}")
    }
}

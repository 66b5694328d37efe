//! An HTTP/1.1 client of one connection that is kept open.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use bytes::{Bytes, BytesMut};
use http::{Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use penstock_e2e::requests;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long an answer may take to begin, and each piece of it to follow.
const PATIENCE: Duration = Duration::from_secs(30);

/// A POST that can be sent many times.
#[derive(Debug, Clone)]
pub(crate) struct Post {
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Bytes,
}

impl Post {
    /// A call of `tool`.
    pub(crate) fn call(tool: &str, arguments: &Value) -> Self {
        let headers = vec![("mcp-method", "tools/call".to_owned()), ("mcp-name", tool.to_owned())];
        Self { path: "/mcp".to_owned(), headers, body: requests::call(1, tool, arguments).to_string().into() }
    }

    /// `tools/list`.
    pub(crate) fn list() -> Self {
        let headers = vec![("mcp-method", "tools/list".to_owned())];
        Self { path: "/mcp".to_owned(), headers, body: requests::request(1, "tools/list").to_string().into() }
    }

    /// The same to another path.
    pub(crate) fn to(self, path: &str) -> Self {
        Self { path: path.to_owned(), ..self }
    }

    fn request(&self, host: SocketAddr) -> anyhow::Result<Request<Full<Bytes>>> {
        let mut request = Request::post(&self.path)
            .header(header::HOST, host.to_string())
            .header(header::ACCEPT, "application/json, text/event-stream")
            .header(header::CONTENT_TYPE, "application/json")
            .header("mcp-protocol-version", requests::REVISION);
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        Ok(request.body(Full::new(self.body.clone()))?)
    }
}

/// One connection.
#[derive(Debug)]
pub(crate) struct Client {
    address: SocketAddr,
    sender: SendRequest<Full<Bytes>>,
}

impl Client {
    /// Connects; the connection ends with the client.
    pub(crate) async fn connect(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        // What breaks a connection is reported where an answer is waited for.
        tokio::spawn(async { drop(connection.await) });
        Ok(Self { address, sender })
    }

    /// Sends a request; the answer is read while it arrives.
    pub(crate) async fn send(&mut self, post: &Post) -> anyhow::Result<Answer> {
        self.sender.ready().await?;
        let response = self.sender.send_request(post.request(self.address)?);
        let response = timeout(PATIENCE, response).await.with_context(|| format!("no answer to {}", post.path))??;
        ensure!(response.status() == StatusCode::OK, "{} was answered with {}", post.path, response.status());
        Ok(Answer { body: response.into_body() })
    }

    /// Sends a request and reads its answer, which must hold a result.
    pub(crate) async fn exchange(&mut self, post: &Post) -> anyhow::Result<Bytes> {
        let mut answer = self.send(post).await?;
        let first = answer.next().await?.unwrap_or_default();
        let mut body = BytesMut::from(first);
        while let Some(piece) = answer.next().await? {
            body.extend_from_slice(&piece);
        }
        let head = &body[..body.len().min(64)];
        let is_result = head.windows(8).any(|window| window == b"\"result\"");
        ensure!(is_result, "no result: {}", String::from_utf8_lossy(head));
        Ok(body.freeze())
    }
}

/// A body that is being received.
#[derive(Debug)]
pub(crate) struct Answer {
    body: Incoming,
}

impl Answer {
    /// The next piece, as it came off the connection.
    pub(crate) async fn next(&mut self) -> anyhow::Result<Option<Bytes>> {
        let frame = timeout(PATIENCE, self.body.frame()).await.context("the answer does not go on")?;
        let Some(frame) = frame.transpose()? else { return Ok(None) };
        Ok(Some(frame.into_data().unwrap_or_default()))
    }
}

/// Counts server-sent events in a body that arrives in pieces: an empty line ends each.
#[derive(Debug, Default)]
pub(crate) struct EventCounter {
    at_line_end: bool,
}

impl EventCounter {
    /// How many events end in `piece`.
    pub(crate) fn count(&mut self, piece: &[u8]) -> usize {
        let mut events = 0;
        for byte in piece {
            let is_line_end = *byte == b'\n';
            events += usize::from(is_line_end && self.at_line_end);
            self.at_line_end = is_line_end && !self.at_line_end;
        }
        events
    }
}

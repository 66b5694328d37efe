//! Requests with bounds: of time, each and all together, and of size.

use std::error::Error as _;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, Method, Response, StatusCode, Url};
use rustls::crypto::ring;
use serde_json::{Map, Value};
use tokio::time::{Instant, timeout_at};

/// How long one exchange may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The largest body read, in bytes: a page of a list has 1 MiB at most.
pub(super) const MAX_BODY: usize = 4 * 1024 * 1024;

/// Sends requests until its time is over. Follows no redirects: what clients make of them differs.
#[derive(Debug)]
pub(super) struct Probe {
    plain: Client,
    /// Absent, with the reason, where the system's trusted roots cannot be read.
    secure: Result<Client, String>,
    end: Instant,
}

/// A request.
#[derive(Debug, Clone)]
pub(super) struct Ask {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

/// An answer that was read to its end.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Silence {
    /// DNS, TCP or TLS.
    #[error("no connection: {0}")]
    Connect(String),
    /// The connection broke.
    #[error("the connection broke off: {0}")]
    Broken(String),
    /// Too slow.
    #[error("no answer within {} seconds", TIMEOUT.as_secs())]
    Slow,
    /// Too long.
    #[error("an answer too long to read")]
    Long,
    /// The whole run took too long.
    #[error("not asked: the time for all checks was used up")]
    Over,
}

impl Probe {
    /// # Errors
    /// What is wrong with the TLS library.
    pub(super) fn new(end: Instant) -> Result<Self, reqwest::Error> {
        // An error says that a provider is installed already, which serves as well.
        drop(ring::default_provider().install_default());
        // Plain connections are made to this machine only: no roots to load, and no proxy, which would look for
        // 127.0.0.1 on its own machine.
        let plain = bounded().tls_certs_only([]).no_proxy().build()?;
        Ok(Self { plain, secure: bounded().https_only(true).build().map_err(|error| innermost(&error)), end })
    }

    /// Sends a request and reads the answer.
    pub(super) async fn send(&self, ask: Ask) -> Result<Reply, Silence> {
        let end = self.end.min(Instant::now() + TIMEOUT);
        let exchange = async {
            let response = self.client(&ask.url)?.request(ask.method, ask.url).headers(ask.headers).body(ask.body);
            read(response.send().await.map_err(|error| silence(&error))?).await
        };
        self.within(end, exchange).await
    }

    /// Sends a request and leaves the body to be read until [`Self::end`].
    pub(super) async fn open(&self, ask: Ask) -> Result<Response, Silence> {
        let request = self.client(&ask.url)?.request(ask.method, ask.url).headers(ask.headers).body(ask.body);
        self.within(self.end, async { request.send().await.map_err(|error| silence(&error)) }).await
    }

    /// When the whole run ends.
    pub(super) fn end(&self) -> Instant {
        self.end
    }

    async fn within<T>(&self, end: Instant, exchange: impl Future<Output = Result<T, Silence>>) -> Result<T, Silence> {
        if Instant::now() >= self.end {
            return Err(Silence::Over);
        }
        timeout_at(end, exchange).await.unwrap_or(Err(Silence::Slow))
    }

    fn client(&self, url: &Url) -> Result<&Client, Silence> {
        match url.scheme() {
            "https" => self.secure.as_ref().map_err(|reason| Silence::Connect(reason.clone())),
            _ => Ok(&self.plain),
        }
    }
}

impl Ask {
    pub(super) fn new(method: Method, url: Url) -> Self {
        Self { method, url, headers: HeaderMap::new(), body: Vec::new() }
    }

    pub(super) fn get(url: Url) -> Self {
        Self::new(Method::GET, url)
    }

    /// Posts JSON.
    pub(super) fn post(url: Url, body: &Value) -> Self {
        let mut ask = Self::new(Method::POST, url);
        ask.body = body.to_string().into_bytes();
        ask.header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
    }

    pub(super) fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }
}

impl Reply {
    /// A header's text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body, if it is a JSON object.
    pub(super) fn object(&self) -> Option<Map<String, Value>> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The media type without its parameters, in lower case.
    pub(super) fn media_type(&self) -> String {
        media_type(&self.headers)
    }
}

/// The media type that `headers` name.
pub(super) fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn bounded() -> ClientBuilder {
    Client::builder().redirect(Policy::none()).user_agent(concat!("penstock-doctor/", env!("CARGO_PKG_VERSION")))
}

async fn read(mut response: Response) -> Result<Reply, Silence> {
    let (status, headers) = (response.status(), response.headers().clone());
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| silence(&error))? {
        if body.len() + chunk.len() > MAX_BODY {
            return Err(Silence::Long);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Reply { status, headers, body })
}

/// What reqwest's error means here.
pub(super) fn silence(error: &reqwest::Error) -> Silence {
    let reason = innermost(error);
    if error.is_connect() { Silence::Connect(reason) } else { Silence::Broken(reason) }
}

/// The error at the bottom: `Connection refused` rather than `error sending request`.
fn innermost(error: &reqwest::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| (*cause).source());
    causes.last().map_or_else(|| error.to_string(), ToString::to_string)
}

//! A small MCP client for the command line: revision 2026-07-28, where every request stands alone.
//!
//! [`Client::send`] posts one request; the [`Answer`] yields its [`Message`]s as they arrive, the
//! response last. Dropping an answer closes its stream, which is how MCP over HTTP cancels a request.
//!
//! | module | holds |
//! |---|---|
//! | `request` | body and headers of a request |
//! | `answer` | the messages of an answer, whether JSON or an event stream |
//! | `sse` | the event-stream parser |

mod answer;
mod request;
mod sse;

use std::error::Error as _;
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{self, HeaderMap, HeaderValue};
use rustls::crypto::ring;

pub use answer::{Answer, Log, Message, Progress, RpcError};
pub use request::Request;
pub(crate) use request::header_value;
pub(crate) use sse::{Parser, TooLong};

/// Where `penstock dev` serves MCP unless told otherwise.
pub const DEFAULT_URL: &str = "http://127.0.0.1:3000/mcp";

/// How long a connection may take to open.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a stream may be silent. Gateways send a keep-alive at least every 15 seconds (rule T-7).
const SILENCE: Duration = Duration::from_mins(2);

/// The largest body or event read, in bytes: Lambda streams at most 200 MiB, results are far smaller.
const MAX_MESSAGE: usize = 64 * 1024 * 1024;

/// Which gateway to ask, and as whom.
#[derive(Debug, Clone, clap::Args)]
pub struct Target {
    /// The gateway's MCP endpoint.
    #[arg(long, default_value = DEFAULT_URL, value_name = "URL")]
    pub url: String,
    /// OAuth access token, sent as `Authorization: Bearer`.
    #[arg(long, value_name = "TOKEN")]
    pub token: Option<String>,
}

/// Why a request has no response. The text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// `--url` is not an address of HTTP.
    #[error("--url {0:?} is not an http or https URL; it looks like {DEFAULT_URL}")]
    Url(String),
    /// `--token` cannot stand in a header.
    #[error("--token holds characters that no access token has")]
    Token,
    /// The TLS client cannot be set up.
    #[error("cannot set up HTTPS: {0}")]
    Tls(String),
    /// Nobody listens on this machine.
    #[error("nothing answers at {url} ({reason}); start it with `cargo run`, or name another gateway with --url")]
    NotRunning {
        /// The URL asked.
        url: String,
        /// What the operating system says.
        reason: String,
    },
    /// A deployment that cannot be connected to, or whose certificate is not trusted.
    #[error("cannot connect to {url} ({reason}); check --url, the network and, for a private CA, SSL_CERT_FILE")]
    Unreachable {
        /// The URL asked.
        url: String,
        /// What the operating system says.
        reason: String,
    },
    /// The connection broke, or was silent for too long.
    #[error("the connection to {url} broke off: {reason}; the request is lost, run the command again")]
    Broken {
        /// The URL asked.
        url: String,
        /// What went wrong.
        reason: String,
    },
    /// HTTP 401.
    #[error(
        "{0} wants an access token: pass one with --token, or a fresh one if it has expired; for `dev --auth` \
         `penstock token` prints one"
    )]
    Unauthorized(String),
    /// Any other refusal that is not JSON-RPC.
    #[error("{url} answered HTTP {status}, not MCP; does the URL end in /mcp?")]
    Status {
        /// The URL asked.
        url: String,
        /// The HTTP status.
        status: StatusCode,
    },
    /// A 2xx answer that is not MCP.
    #[error("{url} does not speak MCP: {reason}")]
    NotMcp {
        /// The URL asked.
        url: String,
        /// What is wrong with the answer.
        reason: String,
    },
}

/// Sends requests to one gateway.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    url: String,
    token: Option<HeaderValue>,
}

impl Client {
    /// Prepares to ask `target`. Connects to nothing yet.
    ///
    /// # Errors
    /// [`ClientError::Url`], [`ClientError::Token`] or [`ClientError::Tls`].
    pub fn new(target: &Target) -> Result<Self, ClientError> {
        let url = reqwest::Url::parse(&target.url).map_err(|_| ClientError::Url(target.url.clone()))?;
        let builder = reqwest::Client::builder().connect_timeout(CONNECT_TIMEOUT).read_timeout(SILENCE);
        let builder = match url.scheme() {
            "https" => builder.https_only(true),
            // No roots to load, and a proxy would look for 127.0.0.1 on its own machine.
            "http" => builder.tls_certs_only([]).no_proxy(),
            _ => return Err(ClientError::Url(target.url.clone())),
        };
        // An error says that a provider is installed already, which serves as well.
        drop(ring::default_provider().install_default());
        let http = builder.build().map_err(|error| ClientError::Tls(innermost(&error)))?;
        let token = target.token.as_ref().map(|token| bearer(token)).transpose()?;
        Ok(Self { http, url: target.url.clone(), token })
    }

    /// Posts a request and waits for the head of its answer.
    ///
    /// # Errors
    /// [`ClientError`] if there is no answer, or one that is not MCP.
    pub async fn send(&self, request: &Request) -> Result<Answer, ClientError> {
        let mut headers: HeaderMap = request.headers();
        if let Some(token) = &self.token {
            headers.insert(header::AUTHORIZATION, token.clone());
        }
        let response = self.http.post(&self.url).headers(headers).body(request.body()).send().await;
        let error = match response {
            Ok(response) => return Answer::read(response, self.url.clone()).await,
            Err(error) => error,
        };
        let (url, reason) = (self.url.clone(), innermost(&error));
        Err(match error.is_connect() {
            // Only a local host is served without TLS.
            true if url.starts_with("http:") => ClientError::NotRunning { url, reason },
            true => ClientError::Unreachable { url, reason },
            false => ClientError::Broken { url, reason },
        })
    }
}

fn bearer(token: &str) -> Result<HeaderValue, ClientError> {
    let mut value = HeaderValue::from_str(&format!("Bearer {token}")).map_err(|_| ClientError::Token)?;
    value.set_sensitive(true);
    Ok(value)
}

/// The error at the bottom: `Connection refused` rather than `error sending request`.
fn innermost(error: &reqwest::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| (*cause).source());
    causes.last().map_or_else(|| error.to_string(), ToString::to_string)
}

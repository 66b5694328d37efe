//! Clients: who asks, as a metadata document or a registration says.

mod document;
mod hosts;
mod name;
mod registered;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use moka::Expiry;
use moka::future::Cache;
use penstock_fetch::{FetchError, Fetcher};
use penstock_seal::Keys;
use url::Url;

pub use hosts::ClientHosts;
pub(crate) use name::clean;
pub(crate) use registered::{MAX_CLIENT_ID, MAX_REDIRECT_URIS, Registration};

use crate::pkce::sha256;
use crate::redirect_uri::RedirectUri;
use crate::throttle::{Rate, Throttle};

/// Most documents remembered at once.
const MAX_DOCUMENTS: u64 = 500;

/// How often documents are fetched from one host.
const FETCHES_PER_HOST: Rate = Rate { burst: 30, interval: Duration::from_secs(1) };

/// How often documents are fetched at all: strangers name the hosts.
const FETCHES: Rate = Rate { burst: 100, interval: Duration::from_millis(200) };

/// A client whose id stands for what it says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Client {
    /// What it calls itself, cleaned.
    pub(crate) name: String,
    /// The host of its metadata document; `None` if it has only registered.
    pub(crate) document_host: Option<String>,
    /// Whether the operator has named that host.
    pub(crate) is_trusted: bool,
    redirect_uris: Vec<String>,
}

/// Why there is no client.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoClient {
    #[error("the client id is unknown here")]
    Unknown,
    #[error("client documents of this host are not read here")]
    Host,
    #[error("the client's document could not be fetched")]
    Unreachable(#[from] FetchError),
    #[error("the client's document cannot be used: {0}")]
    Document(&'static str),
    #[error("too many client documents are being fetched")]
    Throttled,
}

impl Client {
    /// The redirect URI asked for, if it is registered.
    pub(crate) fn redirect_uri(&self, asked: &str) -> Option<RedirectUri> {
        let asked = RedirectUri::parse(asked).ok()?;
        self.redirect_uris.iter().any(|registered| asked.is_allowed_by(registered)).then_some(asked)
    }
}

/// Finds clients by their ids.
pub(crate) struct Clients {
    hosts: ClientHosts,
    fetcher: Fetcher,
    keys: Keys,
    issuer: String,
    documents: Cache<Url, Remembered>,
    fetches: Throttle<String>,
}

/// A document and how long it stays good.
#[derive(Clone)]
struct Remembered {
    client: Arc<Client>,
    fresh_for: Duration,
}

impl Clients {
    pub(crate) fn new(hosts: ClientHosts, fetcher: Fetcher, keys: Keys, issuer: String) -> Self {
        let documents = Cache::builder().max_capacity(MAX_DOCUMENTS).expire_after(AsLongAsFresh).build();
        Self { hosts, fetcher, keys, issuer, documents, fetches: Throttle::new(FETCHES_PER_HOST, FETCHES) }
    }

    /// The client with this id: a document's URL, or what `/register` has given out.
    pub(crate) async fn find(&self, id: &str) -> Result<Arc<Client>, NoClient> {
        if !id.starts_with("https:") {
            return registered::open(&self.keys, &self.issuer, id).map(Arc::new).ok_or(NoClient::Unknown);
        }
        let url = document::url(id).ok_or(NoClient::Document("its URL is not a canonical https URL"))?;
        if !self.hosts.admit(&url) {
            return Err(NoClient::Host);
        }
        // One fetch at a time for a document. Failures are not remembered (the draft's section 4.4).
        let found = self.documents.try_get_with_by_ref(&url, self.fetch(&url)).await;
        found.map(|found| found.client).map_err(|error| (*error).clone())
    }

    /// Whether a client that was once let in still is: its document's host may have been taken off the list.
    pub(crate) fn admit(&self, id: &str) -> bool {
        !id.starts_with("https:") || document::url(id).is_some_and(|url| self.hosts.admit(&url))
    }

    /// A registration as a client id.
    pub(crate) fn register(&self, registration: &Registration) -> Option<String> {
        registered::seal(&self.keys, &self.issuer, registration)
    }

    async fn fetch(&self, url: &Url) -> Result<Remembered, NoClient> {
        let host = url.host_str().unwrap_or_default().to_owned();
        self.fetches.take(host.clone()).map_err(|_| NoClient::Throttled)?;
        let fetched = self.fetcher.get(url.as_str()).await?;
        let document = document::read(url, &fetched).map_err(NoClient::Document)?;
        let client = Client {
            name: clean(Some(&document.client_name)),
            document_host: Some(host),
            is_trusted: self.hosts.names(url),
            redirect_uris: document.redirect_uris,
        };
        Ok(Remembered { client: Arc::new(client), fresh_for: document::fresh_for(&fetched.headers) })
    }
}

impl fmt::Debug for Clients {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Clients").field("hosts", &self.hosts).finish_non_exhaustive()
    }
}

/// How a log names a client: the host of its document, or the beginning of its id's digest.
pub(crate) fn label(id: &str) -> String {
    let host = Url::parse(id).ok().filter(|url| url.scheme() == "https");
    host.and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_else(|| sha256(id).chars().take(12).collect())
}

struct AsLongAsFresh;

impl Expiry<Url, Remembered> for AsLongAsFresh {
    fn expire_after_create(&self, _: &Url, remembered: &Remembered, _: Instant) -> Option<Duration> {
        Some(remembered.fresh_for)
    }
}

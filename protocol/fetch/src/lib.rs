//! Small documents from other origins: keys and metadata of issuers, metadata of clients, tokens.
//!
//! Nothing is followed and everything is bounded: no redirects, no proxies, a few seconds, a few hundred KiB. Who named
//! the URL decides how far it may lead: see [`Reach`].

mod error;
mod public;
mod reach;
mod resolver;
mod tls;

#[cfg(test)]
mod tests;

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, StatusCode};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder};
use url::Url;

pub use error::FetchError;
pub use reach::{Reach, is_loopback};
pub use tls::{Roots, RootsError};

/// How long a connection may take to open.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// How long a whole exchange may take.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The largest body read, in bytes.
pub const MAX_BODY: usize = 256 * 1024;

/// Fetches. Cheap to clone; clones share connections.
#[derive(Debug, Clone)]
pub struct Fetcher {
    http: Client,
    reach: Reach,
}

/// What came back, whatever its status.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// The status; redirects are not followed.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, of at most [`MAX_BODY`] bytes.
    pub body: Bytes,
}

impl Fetcher {
    /// A fetcher for URLs within `reach` that trusts `roots`.
    ///
    /// # Errors
    /// [`FetchError::Setup`] if the TLS client refuses the roots.
    pub fn new(reach: Reach, roots: &Roots) -> Result<Self, FetchError> {
        let mut client = Client::builder()
            .tls_backend_preconfigured(roots.client())
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            .user_agent(concat!("penstock/", env!("CARGO_PKG_VERSION")));
        if let Some(resolver) = reach.resolver() {
            client = client.dns_resolver(resolver);
        }
        Ok(Self { http: client.build().map_err(|error| FetchError::Setup(error::chain(&error)))?, reach })
    }

    /// Gets a document.
    ///
    /// # Errors
    /// [`FetchError`] if there is no answer within the bounds.
    pub async fn get(&self, url: &str) -> Result<Fetched, FetchError> {
        let url = self.reach.admit(url)?;
        read(self.http.get(url).header(http::header::ACCEPT, "application/json")).await
    }

    /// Posts a form, as OAuth endpoints take them; `basic` is the client's id and secret (RFC 6749, section 2.3.1).
    ///
    /// # Errors
    /// [`FetchError`] if there is no answer within the bounds.
    pub async fn post_form(
        &self,
        url: &str,
        form: &[(&str, &str)],
        basic: Option<(&str, &str)>,
    ) -> Result<Fetched, FetchError> {
        let url = self.reach.admit(url)?;
        let request = self.http.post(url).header(http::header::ACCEPT, "application/json").form(form);
        read(match basic {
            // Both are form-encoded before they are joined.
            Some((id, secret)) => request.basic_auth(encoded(id), Some(encoded(secret))),
            None => request,
        })
        .await
    }
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

async fn read(request: RequestBuilder) -> Result<Fetched, FetchError> {
    let mut response = request.send().await.map_err(|error| FetchError::from_transport(&error))?;
    let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| FetchError::from_transport(&error))? {
        if body.len() + chunk.len() > MAX_BODY {
            return Err(FetchError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Fetched { status, headers, body: body.freeze() })
}

/// A URL that a configuration names: https, or http on this machine; no user, no fragment.
///
/// # Errors
/// [`FetchError::Url`] for anything else.
pub fn configured_url(text: &str) -> Result<Url, FetchError> {
    Reach::Configured.admit(text)
}

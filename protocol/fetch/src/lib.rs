//! Small documents from other origins: keys and metadata of issuers, metadata of clients, tokens; and, by [`Service`],
//! what the HTTP API an operator has named answers to a tool.
//!
//! Everything is bounded: no proxies, a few seconds, a few hundred KiB, for services a few MiB. Redirects lead nowhere,
//! for services nowhere else. Who named the URL decides how far it may lead: see [`Reach`].

mod error;
mod public;
mod reach;
mod resolver;
mod service;
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
pub use service::{Get, Service, ServiceError, ServiceSetupError, Text, in_words};
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
        whole(self.http.get(url).header(http::header::ACCEPT, "application/json"), MAX_BODY).await
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
        let request = match basic {
            // Both are form-encoded before they are joined.
            Some((id, secret)) => request.basic_auth(encoded(id), Some(encoded(secret))),
            None => request,
        };
        whole(request, MAX_BODY).await
    }
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

async fn whole(request: RequestBuilder, most: usize) -> Result<Fetched, FetchError> {
    match read(request, most).await? {
        (fetched, false) => Ok(fetched),
        (_, true) => Err(FetchError::TooLarge),
    }
}

/// What came back, with `most` bytes of the body at most, and whether there is more of it.
async fn read(request: RequestBuilder, most: usize) -> Result<(Fetched, bool), FetchError> {
    let mut response = request.send().await.map_err(|error| FetchError::from_transport(&error))?;
    let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
    let mut body = BytesMut::new();
    let mut is_cut = false;
    while let Some(chunk) = response.chunk().await.map_err(|error| FetchError::from_transport(&error))? {
        let room = most - body.len();
        if chunk.len() > room {
            body.extend_from_slice(&chunk[..room]);
            is_cut = true;
            break;
        }
        body.extend_from_slice(&chunk);
    }
    Ok((Fetched { status, headers, body: body.freeze() }, is_cut))
}

/// A URL that a configuration names: https, or http on this machine; no user, no fragment.
///
/// # Errors
/// [`FetchError::Url`] for anything else.
pub fn configured_url(text: &str) -> Result<Url, FetchError> {
    Reach::Configured.admit(text)
}

//! A test token of the identity provider that `penstock dev --auth` runs, and of no other.
//!
//! The gateway's metadata names its authorization server, which is the origin it is served at, and there a document
//! names the provider behind. Only `penstock dev --auth` serves that document, and every step stays on this machine, so
//! nothing here can be turned against a deployment.

use penstock_fetch::{Fetched, Fetcher, Reach, Roots, configured_url};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::Url;

use crate::client::DEFAULT_URL;
use crate::identity_provider::TEST_GRANT;

/// Where `penstock dev --auth` names its identity provider.
pub const DOCUMENT: &str = "/.well-known/penstock-development";

/// Where a resource's metadata is, before the resource's own path (RFC 9728, section 3.1).
const RESOURCE_METADATA: &str = "/.well-known/oauth-protected-resource";

/// Whose token is wanted, for what.
#[derive(Debug, Clone, clap::Args)]
pub struct TokenRequest {
    /// The MCP endpoint of `penstock dev --auth`.
    #[arg(long, default_value = DEFAULT_URL, value_name = "URL")]
    pub url: String,
    /// Who is to be signed in: alice or bob.
    #[arg(long, default_value = "alice", value_name = "NAME")]
    pub user: String,
    /// The scopes, separated by spaces; all there are, unless said otherwise.
    #[arg(long, value_name = "SCOPES")]
    pub scope: Option<String>,
}

/// Why there is no token. The text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The URL, or one that was found there, is not one of this machine.
    #[error("{0} is not http on this machine; test tokens exist for `cargo run -- dev --auth` and nothing else")]
    NotLocal(String),
    /// No answer.
    #[error("nothing answers at {url} ({reason}); start it with `cargo run -- dev --auth`")]
    NotRunning {
        /// The URL asked.
        url: String,
        /// What went wrong.
        reason: String,
    },
    /// There is no metadata of the resource.
    #[error("{0} does not say who may sign in; start it with `cargo run -- dev --auth`")]
    Open(String),
    /// The gateway goes by another URL.
    #[error("the gateway at {url} is known as {resource}; say --url {resource}")]
    OtherResource {
        /// The URL given.
        url: String,
        /// What its metadata says.
        resource: String,
    },
    /// Another authorization server.
    #[error("{0} is not served by `penstock dev --auth`; test tokens exist for nothing else")]
    NotDevelopment(String),
    /// The provider says no.
    #[error("the identity provider refuses: {description} ({code})")]
    Refused {
        /// The error code of OAuth.
        code: String,
        /// What it means.
        description: String,
    },
    /// The HTTP client cannot be set up.
    #[error("cannot set up HTTP: {0}")]
    Setup(String),
}

#[derive(Deserialize)]
struct ResourceMetadata {
    resource: String,
    authorization_servers: Vec<String>,
}

#[derive(Deserialize)]
struct Development {
    token_endpoint: String,
}

#[derive(Deserialize)]
struct Tokens {
    access_token: String,
}

#[derive(Deserialize)]
struct OAuthError {
    error: String,
    #[serde(default)]
    error_description: String,
}

/// Gets an access token from the development identity provider behind a gateway on this machine.
///
/// # Errors
/// [`TokenError`] if the URL is not that of a running `penstock dev --auth`, or user or scope are unknown.
pub async fn request(wanted: &TokenRequest) -> Result<String, TokenError> {
    let url = local(&wanted.url)?;
    let fetcher = Fetcher::new(Reach::Configured, &Roots::default());
    let fetcher = fetcher.map_err(|error| TokenError::Setup(error.to_string()))?;

    let path = if url.path() == "/" { "" } else { url.path() };
    let metadata = document(&fetcher, &at(&url, &format!("{RESOURCE_METADATA}{path}"))).await?;
    let metadata: ResourceMetadata = metadata.ok_or_else(|| TokenError::Open(wanted.url.clone()))?;
    if metadata.resource != wanted.url {
        return Err(TokenError::OtherResource { url: wanted.url.clone(), resource: metadata.resource });
    }
    let other = || TokenError::NotDevelopment(wanted.url.clone());
    let server = local(metadata.authorization_servers.first().ok_or_else(other)?)?;
    let development: Development = document(&fetcher, &at(&server, DOCUMENT)).await?.ok_or_else(other)?;
    let endpoint = local(&development.token_endpoint)?;

    let mut form = vec![("grant_type", TEST_GRANT), ("user", &wanted.user), ("resource", &wanted.url)];
    form.extend(wanted.scope.as_deref().map(|scope| ("scope", scope)));
    let answer = fetcher.post_form(endpoint.as_str(), &form, None).await;
    let answer = answer.map_err(|error| not_running(&endpoint, &error))?;
    if let Ok(OAuthError { error: code, error_description: description }) = serde_json::from_slice(&answer.body) {
        return Err(TokenError::Refused { code, description });
    }
    let tokens: Tokens = found(&answer).ok_or_else(other)?;
    Ok(tokens.access_token)
}

/// A URL that cannot leave this machine: where it can be fetched without TLS, it is loopback.
fn local(text: &str) -> Result<Url, TokenError> {
    let url = configured_url(text).ok().filter(|url| url.scheme() == "http");
    url.ok_or_else(|| TokenError::NotLocal(text.to_owned()))
}

/// Another path at the origin of `url`.
fn at(url: &Url, path: &str) -> Url {
    let mut other = url.clone();
    other.set_path(path);
    other.set_query(None);
    other
}

/// A document, if there is one of the expected form.
async fn document<T: DeserializeOwned>(fetcher: &Fetcher, url: &Url) -> Result<Option<T>, TokenError> {
    let answer = fetcher.get(url.as_str()).await.map_err(|error| not_running(url, &error))?;
    Ok(found(&answer))
}

fn found<T: DeserializeOwned>(answer: &Fetched) -> Option<T> {
    if answer.status.is_success() { serde_json::from_slice(&answer.body).ok() } else { None }
}

fn not_running(url: &Url, error: &penstock_fetch::FetchError) -> TokenError {
    TokenError::NotRunning { url: url.to_string(), reason: error.to_string() }
}

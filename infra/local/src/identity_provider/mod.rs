//! An OIDC provider for development: it stands where Amazon Cognito or another provider stands in a deployment, issues
//! tokens with the same claims, and lets anyone on this machine sign in as either of two users.
//!
//! It serves one client, the OAuth front, which is registered when it starts. Nothing is written down: keys, codes and
//! refresh tokens go when it stops. Pages and issuer say what it is for.
//!
//! | module | holds |
//! |---|---|
//! | `metadata` | the discovery document and the key set |
//! | `authorize` | what an authorization request has to be, and where its errors go |
//! | `sign_in` | the page to sign in at, and what follows from it |
//! | `token` | the grants of the token endpoint; `revoke` is their end |
//! | `client` | the one client and how it authenticates |
//! | `claims` | what tokens say |
//! | `key` | the key that signs them |
//! | `once` | codes and refresh tokens: secrets that are good for one use |

mod authorize;
mod claims;
mod client;
mod guard;
mod key;
mod metadata;
mod once;
mod pages;
mod parameters;
mod refusal;
mod revoke;
mod sign_in;
mod token;
mod users;

use std::collections::BTreeSet;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{get, post};
use http::Request;
use hyper::body::Incoming;
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub use self::client::Client;
pub use self::users::User;

use self::claims::Grant;
use self::key::SigningKey;
use self::once::Once;
use self::sign_in::Code;
use crate::host::listener;

/// The grant type only this provider has: a token for a user named by the request, for tests and for
/// `penstock token`.
pub const TEST_GRANT: &str = "urn:penstock:params:oauth:grant-type:test";

/// The path of the issuer, and the beginning of every other path: no token of this provider can be mistaken for one
/// that means anything.
const PATH: &str = "/development-only";

/// The claim that names a user's tenant. Cognito calls what its pools add so, and needs a trigger to put it into access
/// tokens.
pub const TENANT_CLAIM: &str = "custom:tenant";

/// The scope that asks for an ID token. It is always there.
pub const OPENID: &str = "openid";

/// Longest form, in bytes.
const MAX_FORM: usize = 16 * 1024;

/// Codes that wait to be redeemed at once; the oldest gives way.
const MAX_CODES: usize = 100;

/// Refresh tokens at once; the one that was not used for longest gives way.
const MAX_REFRESH_TOKENS: usize = 1000;

/// What a provider serves, and for how long what it gives out is good.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The one client.
    pub client: Client,
    /// The scopes there are. `openid` is always among them.
    pub scopes: BTreeSet<String>,
    /// The one resource (RFC 8707) tokens can be asked for.
    pub resource: String,
    /// From a sign-in to the redemption of its code.
    pub code_lifetime: Duration,
    /// Of access and ID tokens.
    pub token_lifetime: Duration,
    /// Of a refresh token that is not used.
    pub refresh_lifetime: Duration,
}

impl Settings {
    /// Scopes and a resource for a client, with lifetimes as Cognito's defaults are.
    pub fn new(client: Client, scopes: BTreeSet<String>, resource: impl Into<String>) -> Self {
        Self {
            client,
            scopes,
            resource: resource.into(),
            code_lifetime: Duration::from_mins(1),
            token_lifetime: Duration::from_hours(1),
            refresh_lifetime: Duration::from_hours(24 * 30),
        }
    }
}

/// Why a provider does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// No port can be bound.
    #[error("the development identity provider has no port: {0}")]
    Io(#[from] io::Error),
    /// The system gave no randomness for a key.
    #[error("the development identity provider has no key")]
    Key,
}

/// A running provider. Dropping it closes its port.
#[derive(Debug)]
pub struct IdentityProvider {
    issuer: String,
    server: JoinHandle<()>,
}

/// What its requests share.
#[derive(Debug)]
struct Provider {
    issuer: String,
    /// What the `Host` of every request says.
    authority: String,
    settings: Settings,
    key: SigningKey,
    codes: Once<Code>,
    refresh_tokens: Once<Grant>,
}

/// Starts a provider with a new key on a free port of 127.0.0.1.
///
/// # Errors
/// [`StartError`] if the system refuses a port or randomness.
pub async fn start(mut settings: Settings) -> Result<IdentityProvider, StartError> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address: SocketAddr = listener.local_addr()?;
    let issuer = format!("http://{address}{PATH}");
    settings.scopes.insert(OPENID.to_owned());
    let provider = Provider {
        issuer: issuer.clone(),
        authority: address.to_string(),
        key: SigningKey::generate().map_err(|_| StartError::Key)?,
        codes: Once::new(MAX_CODES, settings.code_lifetime),
        refresh_tokens: Once::new(MAX_REFRESH_TOKENS, settings.refresh_lifetime),
        settings,
    };
    let service = TowerToHyperService::new(router(Arc::new(provider)));
    let handler = move |request: Request<Incoming>| {
        let answer = service.call(request);
        async move { answer.await.unwrap_or_else(|never| match never {}) }
    };
    Ok(IdentityProvider { issuer, server: tokio::spawn(listener::serve(listener, handler, std::future::pending())) })
}

impl IdentityProvider {
    /// Its issuer identifier, below which its discovery document is (OIDC Discovery 1.0, section 4).
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Where tokens are asked for, by the [`TEST_GRANT`] too.
    pub fn token_endpoint(&self) -> String {
        format!("{}{}", self.issuer, token::PATH)
    }
}

impl Drop for IdentityProvider {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn router(provider: Arc<Provider>) -> Router {
    let routes = Router::new()
        .route(metadata::DISCOVERY, get(metadata::discovery))
        .route(metadata::JWKS, get(metadata::jwks))
        .route(authorize::PATH, get(sign_in::show).post(sign_in::submit))
        .route(pages::STYLE, get(pages::style))
        .route(token::PATH, post(token::exchange))
        .route(revoke::PATH, post(revoke::revoke));
    Router::new()
        .nest(PATH, routes)
        .layer(middleware::from_fn_with_state(Arc::clone(&provider), guard::check))
        .layer(DefaultBodyLimit::max(MAX_FORM))
        .with_state(provider)
}

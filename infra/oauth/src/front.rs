//! The front as a whole: what its endpoints share, and which path is which endpoint.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use penstock_fetch::{FetchError, Fetcher, Reach};
use penstock_function::OriginSecrets;
use tower_http::cors::{Any, CorsLayer};
use tower_http::timeout::TimeoutLayer;

use crate::access::observe;
use crate::client::Clients;
use crate::config::Config;
use crate::endpoint::register::Registrations;
use crate::endpoint::{authorize, callback, consent, metadata, register, revoke, token};
use crate::identity::{Issuer, Resource};
use crate::scope::Scopes;
use crate::seals::Seals;
use crate::upstream::{Settings, Upstream};

/// Where the upstream sends people back to.
const CALLBACK: &str = "/callback";

/// Largest body, in bytes.
const MAX_BODY: usize = 32 * 1024;

/// How long a request may take: an upstream that answers slowly three times.
const TIMEOUT: Duration = Duration::from_secs(20);

/// The OAuth front.
#[derive(Debug)]
pub struct Front {
    pub(crate) issuer: Issuer,
    pub(crate) resource: Resource,
    pub(crate) scopes: Scopes,
    pub(crate) seals: Seals,
    pub(crate) clients: Clients,
    pub(crate) upstream: Upstream,
    pub(crate) registrations: Registrations,
    origin_secrets: OriginSecrets,
}

impl Front {
    /// A front that is configured.
    ///
    /// # Errors
    /// [`FetchError::Setup`] if there is no HTTPS client.
    pub fn new(config: Config) -> Result<Self, FetchError> {
        let strangers = Reach::Public { on_this_machine: config.client_hosts.on_this_machine() };
        let documents = Fetcher::new(strangers, &config.roots)?;
        let upstream = Fetcher::new(Reach::Configured, &config.roots)?;
        let issuer = config.issuer.as_str().to_owned();
        let settings = Settings {
            issuer: config.upstream_issuer.as_str().to_owned(),
            client_id: config.upstream_client_id,
            client_secret: config.upstream_client_secret,
            own_scopes: config.upstream_scopes,
            callback: config.issuer.at(CALLBACK),
        };
        Ok(Self {
            clients: Clients::new(config.client_hosts, documents, config.keys.clone(), issuer.clone()),
            seals: Seals::new(config.keys, issuer, config.clock),
            upstream: Upstream::new(settings, upstream),
            registrations: register::throttle(),
            issuer: config.issuer,
            resource: config.resource,
            scopes: config.scopes,
            origin_secrets: config.origin_secrets,
        })
    }

    /// The endpoints.
    pub fn router(self) -> Router {
        let front = Arc::new(self);
        let any_origin = CorsLayer::new().allow_origin(Any).allow_methods([Method::GET, Method::POST]).allow_headers([
            header::ACCEPT,
            header::CONTENT_TYPE,
            HeaderName::from_static("mcp-protocol-version"),
        ]);
        let for_clients = Router::new()
            .route(metadata::PATH, get(metadata::metadata))
            .route("/token", post(token::token))
            .route("/revoke", post(revoke::revoke))
            .route("/register", post(register::register))
            .layer(any_origin);
        let for_people = Router::new()
            .route("/authorize", get(authorize::authorize))
            .route("/consent", post(consent::consent))
            .route(CALLBACK, get(callback::callback));
        for_clients
            .merge(for_people)
            .layer(DefaultBodyLimit::max(MAX_BODY))
            .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, TIMEOUT))
            .layer(from_fn_with_state(front.clone(), observe))
            .with_state(front)
    }

    /// Whether a request came through the front door.
    pub(crate) fn admits(&self, headers: &HeaderMap) -> bool {
        self.origin_secrets.admit(headers)
    }

    /// Whether requests come through a front door that says who sent them.
    pub(crate) const fn is_behind_a_door(&self) -> bool {
        !self.origin_secrets.is_empty()
    }
}

//! From a token to a caller.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use penstock_fetch::{FetchError, Fetcher, Reach};
use penstock_protocol::call::Caller;

use super::challenge::Challenge;
use super::keys::{KeySource, NoKey, crypto};
use super::refusal::Refusal;
use super::resource::Resource;
use super::settings::{IssuerSettings, Settings};
use super::token::{InvalidToken, MAX_TOKEN, Unverified};
use super::verified::{VerifiedTokens, digest_of};
use super::{claims, metadata};

/// Verifies access tokens of the issuers it knows (rule A-4). Cheap to clone; clones share keys and what they know of
/// tokens.
#[derive(Clone)]
pub struct Verifier(Arc<Inner>);

struct Inner {
    resource: Resource,
    metadata: Bytes,
    /// What clients are told to ask for, separated by spaces.
    scope: String,
    issuers: Vec<Issuer>,
    verified: VerifiedTokens,
}

struct Issuer {
    settings: IssuerSettings,
    keys: Arc<KeySource>,
}

impl Verifier {
    /// A verifier that has fetched nothing yet.
    ///
    /// # Errors
    /// [`FetchError::Setup`] if the trusted roots are refused.
    pub fn new(settings: Settings) -> Result<Self, FetchError> {
        crypto::install();
        let fetcher = Fetcher::new(Reach::Configured, &settings.roots)?;
        let metadata = metadata::document(&settings);
        let issuers = settings.issuers.0.into_iter().map(|settings| {
            let keys = KeySource::new(&settings, fetcher.clone());
            Issuer { settings, keys: Arc::new(keys) }
        });
        Ok(Self(Arc::new(Inner {
            issuers: issuers.collect(),
            resource: settings.resource,
            metadata,
            scope: settings.scopes.0.join(" "),
            verified: VerifiedTokens::new(),
        })))
    }

    /// The caller a token speaks for.
    pub(super) async fn verify(&self, token: &str, now: SystemTime) -> Result<Arc<Caller>, Refusal> {
        if token.len() > MAX_TOKEN {
            return Err(InvalidToken::TooLong.into());
        }
        let digest = digest_of(token);
        if let Some(caller) = self.0.verified.get(&digest, now) {
            return Ok(caller);
        }
        let (caller, expires) = self.look(token, now).await?;
        let caller = Arc::new(caller);
        self.0.verified.keep(digest, &caller, expires, now);
        Ok(caller)
    }

    async fn look(&self, token: &str, now: SystemTime) -> Result<(Caller, SystemTime), Refusal> {
        let token = Unverified::read(token)?;
        let issued_by = token.issuer().ok_or(InvalidToken::Claims)?;
        let issuer = self.0.issuers.iter().find(|issuer| issuer.settings.issuer == issued_by);
        let Issuer { settings, keys } = issuer.ok_or(InvalidToken::Issuer)?;
        if !settings.algorithms.contains(&token.algorithm) {
            return Err(InvalidToken::Algorithm.into());
        }
        let key = keys.find(token.key_id.as_deref(), token.algorithm).await?;
        let token = token.verify(&key)?;
        Ok(claims::caller(&token, settings, &self.0.resource, now)?)
    }

    /// The resource this gateway is.
    pub fn resource(&self) -> &Resource {
        &self.0.resource
    }

    /// The metadata document of the resource.
    pub(crate) fn metadata(&self) -> Bytes {
        self.0.metadata.clone()
    }

    /// What a client is told that is refused.
    pub(crate) fn challenge<'a>(&'a self, refusal: Refusal, description: &'a str) -> Challenge<'a> {
        let error = refusal.code();
        let description = if error.is_empty() { "" } else { description };
        Challenge { error, description, scope: &self.0.scope, resource_metadata: self.0.resource.metadata_url() }
    }
}

impl From<NoKey> for Refusal {
    fn from(no_key: NoKey) -> Self {
        match no_key {
            NoKey::Unknown => InvalidToken::Key.into(),
            NoKey::Unavailable => Self::KeysUnavailable,
        }
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let issuers: Vec<_> = self.0.issuers.iter().map(|issuer| &issuer.settings.issuer).collect();
        f.debug_struct("Verifier").field("resource", &self.0.resource.uri()).field("issuers", &issuers).finish()
    }
}

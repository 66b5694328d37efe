//! An issuer's keys, fetched by one request for all that wait, and kept through its outages.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use http::StatusCode;
use jsonwebtoken::{Algorithm, DecodingKey};
use penstock_fetch::Fetcher;
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};

use super::set::KeySet;
use super::{KeysError, discovery, freshness};
use crate::auth::settings::IssuerSettings;

/// How often keys are fetched because a token names one that is not there, and how often after a failure while there
/// are others: anybody can make up the name of a key.
const INTERVAL: Duration = Duration::from_mins(1);

/// How soon keys are asked for again while there are none at all.
const RETRY: Duration = Duration::from_secs(5);

/// How long metadata and keys may take together.
const TIMEOUT: Duration = Duration::from_secs(8);

/// Why there is no key for a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::auth) enum NoKey {
    /// The issuer has none of this name that fits.
    Unknown,
    /// The issuer's keys cannot be had, and never could.
    Unavailable,
}

/// The keys of one issuer.
pub(in crate::auth) struct KeySource {
    issuer: String,
    jwks_uri: Option<String>,
    fetcher: Fetcher,
    kept: RwLock<Option<Kept>>,
    /// Who holds it may fetch.
    attempts: Arc<Mutex<Attempts>>,
}

/// The last good keys.
#[derive(Clone)]
struct Kept {
    keys: Arc<KeySet>,
    fresh_until: Instant,
}

/// What has been tried.
#[derive(Default)]
struct Attempts {
    /// Where metadata says that the keys are.
    discovered: Option<String>,
    failed: Option<Instant>,
    for_an_unknown_key: Option<Instant>,
}

impl Kept {
    fn is_stale(&self) -> bool {
        self.fresh_until <= Instant::now()
    }
}

impl KeySource {
    pub(in crate::auth) fn new(settings: &IssuerSettings, fetcher: Fetcher) -> Self {
        let (issuer, jwks_uri) = (settings.issuer.clone(), settings.jwks_uri.clone());
        Self { issuer, jwks_uri, fetcher, kept: RwLock::default(), attempts: Arc::default() }
    }

    /// The key that a token has to be signed with.
    pub(in crate::auth) async fn find(
        self: &Arc<Self>,
        id: Option<&str>,
        algorithm: Algorithm,
    ) -> Result<Arc<DecodingKey>, NoKey> {
        let kept = match self.kept() {
            Some(kept) => kept,
            None => self.first().await?,
        };
        if kept.is_stale() {
            self.refresh_behind();
        }
        if let Some(key) = kept.keys.find(id, algorithm) {
            return Ok(key);
        }
        let newer = if id.is_some() { self.newer_than(&kept).await } else { None };
        newer.and_then(|newer| newer.keys.find(id, algorithm)).ok_or(NoKey::Unknown)
    }

    fn kept(&self) -> Option<Kept> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn first(self: &Arc<Self>) -> Result<Kept, NoKey> {
        let attempts = Arc::clone(&self.attempts).lock_owned().await;
        if let Some(kept) = self.kept() {
            return Ok(kept);
        }
        if within(attempts.failed, RETRY) {
            return Err(NoKey::Unavailable);
        }
        self.fetch(attempts).await.ok().flatten().ok_or(NoKey::Unavailable)
    }

    /// Keys that are not fresh any more are used until others are there: nobody waits for an issuer that is slow.
    fn refresh_behind(self: &Arc<Self>) {
        let Ok(attempts) = Arc::clone(&self.attempts).try_lock_owned() else { return };
        let still_stale = self.kept().is_none_or(|kept| kept.is_stale());
        if still_stale && !within(attempts.failed, INTERVAL) {
            drop(self.fetch(attempts));
        }
    }

    /// Other keys than those at hand, if the issuer may be asked and has some.
    async fn newer_than(self: &Arc<Self>, old: &Kept) -> Option<Kept> {
        let mut attempts = Arc::clone(&self.attempts).lock_owned().await;
        let kept = self.kept()?;
        if !Arc::ptr_eq(&kept.keys, &old.keys) {
            return Some(kept);
        }
        if within(attempts.for_an_unknown_key, INTERVAL) {
            return None;
        }
        attempts.for_an_unknown_key = Some(Instant::now());
        self.fetch(attempts).await.ok().flatten()
    }

    /// Fetches in a task of its own, which goes on when the request that began it is given up.
    fn fetch(self: &Arc<Self>, mut attempts: OwnedMutexGuard<Attempts>) -> JoinHandle<Option<Kept>> {
        let source = Arc::clone(self);
        tokio::spawn(async move {
            let fetched = timeout(TIMEOUT, source.fetched(&mut attempts)).await.unwrap_or(Err(KeysError::Timeout));
            attempts.failed = fetched.is_err().then(Instant::now);
            match fetched {
                Ok(kept) => {
                    *source.kept.write().unwrap_or_else(PoisonError::into_inner) = Some(kept.clone());
                    Some(kept)
                }
                Err(error) => {
                    attempts.discovered = None;
                    tracing::warn!(issuer = source.issuer, %error, "an issuer's keys could not be had");
                    None
                }
            }
        })
    }

    async fn fetched(&self, attempts: &mut Attempts) -> Result<Kept, KeysError> {
        const WHAT: &str = "the issuer's keys";
        let url = match self.jwks_uri.as_ref().or(attempts.discovered.as_ref()) {
            Some(url) => url.clone(),
            None => discovery::jwks_uri(&self.fetcher, &self.issuer).await?,
        };
        let fetched = discovery::fetch(&self.fetcher, WHAT, &url).await?;
        attempts.discovered = Some(url);
        if fetched.status != StatusCode::OK {
            return Err(KeysError::Status(WHAT, fetched.status.as_u16()));
        }
        let keys = Arc::new(KeySet::read(&fetched.body)?);
        Ok(Kept { keys, fresh_until: Instant::now() + freshness::lifetime(&fetched.headers) })
    }
}

fn within(moment: Option<Instant>, time: Duration) -> bool {
    moment.is_some_and(|moment| moment.elapsed() < time)
}

impl fmt::Debug for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeySource").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

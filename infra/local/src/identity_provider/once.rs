use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use moka::policy::EvictionPolicy;
use moka::sync::Cache;
use ring::error::Unspecified;
use ring::rand::{self, SystemRandom};

/// Values that are handed out as secrets and come back for one: bounded in number and in time.
pub(super) struct Once<T> {
    values: Cache<String, Arc<T>>,
    random: SystemRandom,
}

impl<T: Send + Sync + 'static> Once<T> {
    pub(super) fn new(capacity: u64, lifetime: Duration) -> Self {
        // The default policy would rather refuse a new value than drop one that is often looked for.
        let values = Cache::builder().max_capacity(capacity).time_to_live(lifetime);
        Self { values: values.eviction_policy(EvictionPolicy::lru()).build(), random: SystemRandom::new() }
    }

    /// Keeps a value; answers the secret to have it back for.
    pub(super) fn put(&self, value: T) -> Result<String, Unspecified> {
        let secret = BASE64_URL_SAFE_NO_PAD.encode(rand::generate::<[u8; 32]>(&self.random)?.expose());
        self.values.insert(secret.clone(), Arc::new(value));
        Ok(secret)
    }

    /// The value of a secret, which is good for nothing from then on.
    pub(super) fn take(&self, secret: &str) -> Option<Arc<T>> {
        self.values.remove(secret)
    }
}

impl<T> fmt::Debug for Once<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Once").finish_non_exhaustive()
    }
}

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ring::error::Unspecified;
use ring::rand::{self, SystemRandom};

/// Values that are handed out as secrets and come back for one: bounded in number and in time.
pub(super) struct Once<T> {
    capacity: usize,
    lifetime: Duration,
    /// The oldest first, so that it is the one that gives way.
    kept: Mutex<VecDeque<Kept<T>>>,
    random: SystemRandom,
}

struct Kept<T> {
    secret: String,
    since: Instant,
    value: T,
}

impl<T> Once<T> {
    pub(super) fn new(capacity: usize, lifetime: Duration) -> Self {
        Self { capacity, lifetime, kept: Mutex::default(), random: SystemRandom::new() }
    }

    /// Keeps a value; answers the secret to have it back for.
    pub(super) fn put(&self, value: T) -> Result<String, Unspecified> {
        let secret = BASE64_URL_SAFE_NO_PAD.encode(rand::generate::<[u8; 32]>(&self.random)?.expose());
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() == self.capacity {
            kept.pop_front();
        }
        kept.push_back(Kept { secret: secret.clone(), since: Instant::now(), value });
        Ok(secret)
    }

    /// The value of a secret, which is good for nothing from then on.
    pub(super) fn take(&self, secret: &str) -> Option<T> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let position = kept.iter().position(|kept| kept.secret == secret)?;
        let Kept { since, value, .. } = kept.remove(position)?;
        (since.elapsed() < self.lifetime).then_some(value)
    }
}

impl<T> fmt::Debug for Once<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Once").field("capacity", &self.capacity).finish_non_exhaustive()
    }
}

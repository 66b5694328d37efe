//! What the front remembers, as sealed text that others carry: nothing of a sign-in is stored anywhere.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use penstock_seal::{Keys, NoRandomness, Purpose};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::pkce::{Challenge, Verifier};
use crate::scope::Scopes;

/// How long a person may take to decide, and again to sign in.
const SIGN_IN: Duration = Duration::from_mins(10);

/// How long a client may take to redeem a code. It does so at once.
const CODE: Duration = Duration::from_mins(1);

/// Longest ticket or state that is given out, in bytes: it travels in the provider's URLs.
pub(crate) const MAX_CARRIED: usize = 6 * 1024;

/// Longest one that is read: a state holds a little more than the ticket it was made from.
pub(crate) const MAX_RETURNED: usize = 8 * 1024;

/// A kind of sealed text.
pub(crate) trait Record: Serialize + DeserializeOwned {
    /// What it is sealed for: no kind passes for another.
    const PURPOSE: Purpose;
    /// How long it is good for; `None` where something else decides.
    const LIFETIME: Option<Duration>;
}

/// What a client has asked for and the front has found in order.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Grant {
    /// Digest of the client's id, which itself may be long.
    pub(crate) client: String,
    pub(crate) redirect_uri: String,
    pub(crate) challenge: Challenge,
    pub(crate) resource: String,
    pub(crate) scopes: Scopes,
}

/// What the consent page brings back.
#[derive(Serialize, Deserialize)]
pub(crate) struct Ticket {
    pub(crate) grant: Grant,
    pub(crate) state: Option<String>,
    /// Digest of the browser's cookie.
    pub(crate) browser: String,
    pub(crate) login_hint: Option<String>,
    pub(crate) prompt: Option<String>,
}

/// What the upstream brings back as `state`.
#[derive(Serialize, Deserialize)]
pub(crate) struct Journey {
    pub(crate) grant: Grant,
    pub(crate) state: Option<String>,
    /// Digest of the browser's cookie.
    pub(crate) browser: String,
    /// What the front proves to the upstream.
    pub(crate) verifier: Verifier,
}

/// The front's authorization code: the upstream's, and who may redeem it.
#[derive(Serialize, Deserialize)]
pub(crate) struct Code {
    pub(crate) grant: Grant,
    pub(crate) upstream: String,
    pub(crate) verifier: Verifier,
}

/// The front's refresh token: the upstream's, and who may use it.
#[derive(Serialize, Deserialize)]
pub(crate) struct Refresh {
    pub(crate) upstream: String,
    pub(crate) client: String,
    pub(crate) resource: String,
    pub(crate) scopes: Scopes,
}

impl Record for Ticket {
    const PURPOSE: Purpose = Purpose::new("oauth ticket");
    const LIFETIME: Option<Duration> = Some(SIGN_IN);
}

impl Record for Journey {
    const PURPOSE: Purpose = Purpose::new("oauth journey");
    const LIFETIME: Option<Duration> = Some(SIGN_IN);
}

impl Record for Code {
    const PURPOSE: Purpose = Purpose::new("oauth code");
    const LIFETIME: Option<Duration> = Some(CODE);
}

impl Record for Refresh {
    const PURPOSE: Purpose = Purpose::new("oauth refresh token");
    /// The upstream ends its own.
    const LIFETIME: Option<Duration> = None;
}

/// Seals and opens records.
#[derive(Debug)]
pub(crate) struct Seals {
    keys: Keys,
    /// The front that seals: another one may have the same keys.
    issuer: String,
    clock: fn() -> SystemTime,
}

#[derive(Serialize, Deserialize)]
struct Envelope<T> {
    issuer: String,
    until: Option<u64>,
    record: T,
}

impl Seals {
    pub(crate) fn new(keys: Keys, issuer: String, clock: fn() -> SystemTime) -> Self {
        Self { keys, issuer, clock }
    }

    pub(crate) fn seal<T: Record>(&self, record: &T) -> Result<String, NoRandomness> {
        let until = T::LIFETIME.map(|lifetime| self.now() + lifetime.as_secs());
        let envelope = Envelope { issuer: self.issuer.clone(), until, record };
        // Strings and numbers only: there is nothing in it that JSON cannot say.
        self.keys.seal(T::PURPOSE, &serde_json::to_vec(&envelope).unwrap_or_default())
    }

    /// `None` for whatever this front has not sealed for this purpose, or too long ago.
    pub(crate) fn open<T: Record>(&self, sealed: &str) -> Option<T> {
        let text = self.keys.open(T::PURPOSE, sealed)?;
        let envelope: Envelope<T> = serde_json::from_slice(&text).ok()?;
        let in_time = envelope.until.is_none_or(|until| self.now() < until);
        (envelope.issuer == self.issuer && in_time).then_some(envelope.record)
    }

    /// Seconds since 1970.
    pub(crate) fn now(&self) -> u64 {
        (self.clock)().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
    }
}

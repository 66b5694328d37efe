//! Tokens that have been verified, so that one in use is not verified at every request.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use moka::sync::Cache;
use penstock_protocol::call::Caller;
use ring::digest::{SHA256, SHA256_OUTPUT_LEN, digest};

/// How long a token is believed without another look. A key its issuer withdraws opens nothing after this.
const LIFETIME: Duration = Duration::from_mins(5);

/// Most of what is kept, in KiB; each token counts as one at least, so this also bounds their number.
const CAPACITY: u64 = 10_000;

/// Callers by the SHA-256 of their tokens; the tokens themselves are not kept.
#[derive(Debug)]
pub(super) struct VerifiedTokens(Cache<Digest, Kept>);

/// The SHA-256 of a token.
pub(super) type Digest = [u8; SHA256_OUTPUT_LEN];

#[derive(Debug, Clone)]
struct Kept {
    caller: Arc<Caller>,
    until: SystemTime,
}

impl VerifiedTokens {
    pub(super) fn new() -> Self {
        Self(Cache::builder().max_capacity(CAPACITY).weigher(|_, kept: &Kept| weight(&kept.caller)).build())
    }

    /// The caller whose token this is the digest of, if it has been verified and has not expired.
    pub(super) fn get(&self, digest: &Digest, now: SystemTime) -> Option<Arc<Caller>> {
        self.0.get(digest).filter(|kept| kept.until > now).map(|kept| kept.caller)
    }

    /// Keeps the caller of a token that `expires`.
    pub(super) fn keep(&self, digest: Digest, caller: &Arc<Caller>, expires: SystemTime, now: SystemTime) {
        let until = expires.min(now + LIFETIME);
        if until > now {
            self.0.insert(digest, Kept { caller: Arc::clone(caller), until });
        }
    }
}

/// The digest of a token.
pub(super) fn digest_of(token: &str) -> Digest {
    digest(&SHA256, token.as_bytes()).as_ref().try_into().unwrap_or_default()
}

/// In KiB, rounded up.
fn weight(caller: &Caller) -> u32 {
    let lists = caller.scopes.iter().chain(&caller.groups).map(|text| text.len() + size_of::<String>());
    let texts = [Some(&caller.subject), Some(&caller.issuer), caller.client_id.as_ref(), caller.tenant.as_ref()];
    let bytes = lists.sum::<usize>() + texts.into_iter().flatten().map(String::len).sum::<usize>();
    u32::try_from(1 + bytes / 1024).unwrap_or(u32::MAX)
}

//! What a client carries from a question to the request that answers it (rules ).

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::Kind;
use super::canonical::Digest;
use crate::rpc::failure::Failure;
use crate::seal::{self, Keys};

/// How long a client may take to answer. State is good as often as it is sent within that time: a
/// worker for which once matters keeps count itself.
const GOOD_FOR: Duration = Duration::from_mins(10);

/// The longest `requestState`, in bytes: it comes back in a request.
const MAX_SEALED: usize = 64 * 1024;

/// Changes with the layout of [`Sealed`], so that a gateway never misreads another version's state.
const VERSION: u8 = 1;

/// What is remembered of a question.
#[derive(Debug)]
pub(super) struct State {
    /// What was asked, by the worker's keys.
    pub(super) asked: BTreeMap<String, Kind>,
    /// What the worker wants back.
    pub(super) worker: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    #[serde(rename = "v")]
    version: u8,
    /// Seconds since 1970 from which on the state is no longer good.
    #[serde(rename = "x")]
    expires: u64,
    /// The digest of the request that asked, in Base64url.
    #[serde(rename = "d")]
    digest: String,
    #[serde(rename = "a", default, skip_serializing_if = "BTreeMap::is_empty")]
    asked: BTreeMap<String, Kind>,
    #[serde(rename = "w", default, skip_serializing_if = "Option::is_none")]
    worker: Option<String>,
}

impl State {
    /// Seals the state for retries of one request.
    pub(super) fn seal(self, keys: &Keys, digest: &Digest, now: SystemTime) -> Result<String, Failure> {
        let sealed = Sealed {
            version: VERSION,
            expires: seconds(now + GOOD_FOR),
            digest: URL_SAFE_NO_PAD.encode(digest),
            asked: self.asked,
            worker: self.worker,
        };
        let text = serde_json::to_vec(&sealed).unwrap_or_default();
        let sealed = keys.seal(seal::REQUEST_STATE, &text)?;
        if sealed.len() > MAX_SEALED {
            return Err(Failure::Question("its requestState is too long"));
        }
        Ok(sealed)
    }

    /// Opens what came back with a request. Whoever changed or borrowed it is not told what gave them
    /// away. The request's digest is work, and made only for what a gateway has sealed.
    pub(super) fn open(
        text: &str,
        keys: &Keys,
        now: SystemTime,
        digest: impl FnOnce() -> Digest,
    ) -> Result<Self, Failure> {
        let opened = Some(text).filter(|text| text.len() <= MAX_SEALED);
        let opened = opened.and_then(|text| keys.open(seal::REQUEST_STATE, text));
        let sealed = opened.and_then(|text| serde_json::from_slice::<Sealed>(&text).ok());
        let ours = |sealed: &Sealed| sealed.version == VERSION && sealed.digest == URL_SAFE_NO_PAD.encode(digest());
        let Some(sealed) = sealed.filter(ours) else {
            return Err(Failure::InvalidParams("requestState: not one of this request's".to_owned()));
        };
        if sealed.expires <= seconds(now) {
            return Err(Failure::InvalidParams("requestState: expired; start again without it".to_owned()));
        }
        Ok(Self { asked: sealed.asked, worker: sealed.worker })
    }
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

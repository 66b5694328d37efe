//! What names a task, and what tells an instance to run it.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::clock;
use crate::gateway::Gateway;
use crate::rpc::failure::Failure;
use crate::seal;

/// Random bytes of an id: 144 bits, which nobody guesses (rule K-7).
const ID_BYTES: usize = 18;

/// Characters of an id.
const ID_LENGTH: usize = ID_BYTES / 3 * 4;

/// A task's id: Base64url.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TaskId(String);

impl TaskId {
    pub(super) fn random() -> Result<Self, Failure> {
        Ok(Self(URL_SAFE_NO_PAD.encode(seal::random::<ID_BYTES>()?)))
    }

    /// Where the store keeps the task.
    pub(crate) fn key(&self) -> String {
        format!("task/{self}")
    }

    /// The id a client names, if it has the form of one: nothing else may become part of a key.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let is_id =
            text.len() == ID_LENGTH && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        is_id.then(|| Self(text.to_owned()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One round of one task, to be run by whoever gets this sealed. Only gateways with the same keys can
/// write one, and it is good for one round that nobody else has begun.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Ticket {
    pub(super) id: TaskId,
    pub(super) round: u32,
    /// Milliseconds since 1970.
    expires_ms: u64,
}

impl Ticket {
    /// A ticket that is good for as long as a round may wait.
    pub(super) fn sealed(gateway: &Gateway, id: TaskId, round: u32) -> Result<String, Failure> {
        let ticket = Self { id, round, expires_ms: clock::now_ms(gateway) + clock::millis(super::START) };
        let text = serde_json::to_vec(&ticket).unwrap_or_default();
        Ok(gateway.keys().seal(seal::TASK, &text)?)
    }

    pub(super) fn open(gateway: &Gateway, sealed: &str) -> Option<Self> {
        let text = gateway.keys().open(seal::TASK, sealed)?;
        let ticket: Self = serde_json::from_slice(&text).ok()?;
        (ticket.expires_ms > clock::now_ms(gateway)).then_some(ticket)
    }
}

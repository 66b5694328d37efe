//! What a worker is sent: once for most calls, again each time the client has given it input.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use penstock_protocol::RawValue;
use penstock_protocol::call::{CallContext, CallEvent, Input};
use penstock_protocol::manifest::Contract;
use tokio::time::Instant;

use crate::gateway::{Gateway, PlatformDeadline};
use crate::relay::Upstream;

/// How much longer the gateway waits than it tells the worker: a worker's own word on running out
/// of time is better than the gateway's.
const GRACE: Duration = Duration::from_secs(1);

/// What the platform must leave the gateway for its last words: a killed gateway is a truncated 200.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// Everything needed to call one worker, as often as its questions demand.
#[derive(Debug, Clone)]
pub(crate) struct Rounds {
    pub(crate) function: String,
    pub(crate) contract: Contract,
    /// What a round may take.
    pub(crate) timeout: Duration,
    /// When the platform ends the gateway, if it does.
    pub(crate) platform: Option<PlatformDeadline>,
    pub(crate) method: String,
    /// The client's parameters, byte for byte.
    pub(crate) params: Box<RawValue>,
    /// The arguments alone, for functions that take nothing else.
    pub(crate) arguments: Box<RawValue>,
    /// What every round has in common; `deadline_ms` and `input` are each round's own.
    pub(crate) context: CallContext,
}

impl Rounds {
    /// Calls the worker. The stream's deadline comes with it: when the client gets an answer even if
    /// the worker gives none.
    pub(crate) fn invoke(&self, gateway: &Gateway, input: Option<Input>) -> (Upstream, Instant) {
        let allowed = self.allowed();
        let deadline = Instant::now() + allowed + GRACE;
        (gateway.invoke(&self.function, self.payload(input, allowed)), deadline)
    }

    /// The worker's own limit, unless the platform ends the gateway sooner.
    fn allowed(&self) -> Duration {
        let left = self.platform.and_then(|PlatformDeadline(at)| at.duration_since(SystemTime::now()).ok());
        left.map_or(self.timeout, |left| self.timeout.min(left.saturating_sub(LAST_WORDS + GRACE)))
    }

    fn payload(&self, input: Option<Input>, allowed: Duration) -> Vec<u8> {
        if self.contract == Contract::Arguments {
            return self.arguments.get().as_bytes().to_vec();
        }
        let deadline = (SystemTime::now() + allowed).duration_since(UNIX_EPOCH).unwrap_or_default();
        let deadline_ms = u64::try_from(deadline.as_millis()).unwrap_or(u64::MAX);
        let context = CallContext { deadline_ms, input, ..self.context.clone() };
        let event = CallEvent { method: self.method.clone(), params: self.params.clone(), context };
        serde_json::to_vec(&event).unwrap_or_default()
    }
}

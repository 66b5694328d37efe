//! What a worker is sent: once for most calls, again each time the client has given it input.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use penstock_protocol::RawValue;
use penstock_protocol::call::{CallContext, CallEvent, Input};
use penstock_protocol::manifest::Contract;
use tokio::time::Instant;

use super::cancellation::Cancellation;
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
    /// Whose instances serve the call, where the function is isolated.
    pub(crate) tenant: Option<String>,
    pub(crate) contract: Contract,
    /// What a round may take.
    pub(crate) timeout: Duration,
    /// When the platform ends the gateway, if it does.
    pub(crate) platform: Option<PlatformDeadline>,
    pub(crate) method: String,
    /// The client's parameters, byte for byte.
    pub(crate) params: Box<RawValue>,
    /// The arguments alone, for functions that take nothing else; empty for all others.
    pub(crate) arguments: Box<RawValue>,
    /// How the call can end before its worker does.
    pub(crate) cancellation: Cancellation,
    /// What every round has in common; `deadline_ms` and `input` are each round's own.
    pub(crate) context: CallContext,
}

impl Rounds {
    /// Calls the worker, until the call is cancelled. The stream's deadline comes with it: when the
    /// client gets an answer even if the worker gives none.
    pub(crate) fn invoke(&self, gateway: &Gateway, input: Option<Input>) -> (Upstream, Instant) {
        let deadline = Instant::now() + self.granted(Duration::ZERO);
        (self.cancellation.over(gateway, self.call(gateway, input)), deadline)
    }

    /// Calls the worker, whatever becomes of the call.
    pub(crate) fn call(&self, gateway: &Gateway, input: Option<Input>) -> Upstream {
        let allowed = self.timeout.min(self.left());
        gateway.invoke(&self.function, self.tenant.as_deref(), self.payload(input, allowed))
    }

    /// How long workers may still be waited for before the platform ends the gateway.
    pub(crate) fn left(&self) -> Duration {
        let Some(PlatformDeadline(at)) = self.platform else { return Duration::MAX };
        at.duration_since(SystemTime::now()).unwrap_or_default().saturating_sub(LAST_WORDS + GRACE)
    }

    /// How long a round takes at most after a wait of `before`: the worker's own limit, unless the
    /// platform ends the gateway sooner.
    pub(crate) fn granted(&self, before: Duration) -> Duration {
        (before + self.timeout).min(self.left()) + GRACE
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

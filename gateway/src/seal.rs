//! What this gateway seals for others to carry (rules and L-5).

pub use penstock_seal::{InvalidKeys, Keys};
pub(crate) use penstock_seal::{NoRandomness, Purpose, random};

/// `requestState` of a result that asks for input.
pub(crate) const REQUEST_STATE: Purpose = Purpose::new("penstock request state");

/// `Mcp-Session-Id`.
pub(crate) const SESSION: Purpose = Purpose::new("penstock session");

/// The id of a request to a client.
pub(crate) const QUESTION: Purpose = Purpose::new("penstock question");

/// What tells an instance to run a task.
pub(crate) const TASK: Purpose = Purpose::new("penstock task");

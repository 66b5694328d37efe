//! What a worker may ask a client in the middle of a call, and what the client answers (rules Q-1 to Q-8).

pub(crate) mod answers;
mod canonical;
pub(crate) mod capability;
mod round_trip;
mod state;

pub(crate) use round_trip::{RoundTrip, given};

use serde::{Deserialize, Serialize};

/// The kinds of question there are (rule Q-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Kind {
    /// `elicitation/create`: ask the user.
    #[serde(rename = "e")]
    Elicitation,
    /// `sampling/createMessage`: ask the client's model.
    #[serde(rename = "s")]
    Sampling,
    /// `roots/list`: ask which folders the client works in.
    #[serde(rename = "r")]
    Roots,
}

/// Whether a request of this method may be answered with a question (rule Q-1).
pub(crate) fn may_ask(method: &str) -> bool {
    matches!(method, "tools/call" | "prompts/get" | "resources/read")
}

impl Kind {
    pub(crate) const ALL: [Self; 3] = [Self::Elicitation, Self::Sampling, Self::Roots];

    /// The kind of a question with this method; `None` if clients are asked no such thing.
    pub(crate) fn of(method: &str) -> Option<Self> {
        match method {
            "elicitation/create" => Some(Self::Elicitation),
            "sampling/createMessage" => Some(Self::Sampling),
            "roots/list" => Some(Self::Roots),
            _ => None,
        }
    }
}

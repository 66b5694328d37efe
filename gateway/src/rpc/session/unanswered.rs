//! Why a worker does not get the input it asked for, in words for the model or the client's log.
//! They name the worker's question and never what the client said.

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use penstock_protocol::manifest::Contract;
use serde_json::{Value, json};

use crate::relay::Upstream;
use crate::rpc::call::Rounds;
use crate::rpc::failure::Failure;

/// Why a question stays without an answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unanswered {
    #[error("the request belongs to no session")]
    NoSession,
    #[error("the request takes no event stream")]
    NoStream,
    #[error("the client did not declare what this needs: {0}")]
    Undeclared(Value),
    #[error("the client was asked too often")]
    TooOften,
    #[error("the client refused the question {0:?}")]
    Refused(String),
    #[error("the client's answer to the question {0:?} is malformed")]
    Malformed(String),
    #[error("the client did not answer the question {0:?} in time")]
    Silent(String),
}

impl Unanswered {
    /// What is read in the worker's place: a tool has failed, which the model should know (rule L-9);
    /// other methods have no result that says so.
    pub(super) fn told(&self, rounds: &Rounds) -> Upstream {
        if rounds.method != "tools/call" {
            return stream::iter([Err(self.failure())]).boxed();
        }
        let text = format!("The tool needs input from the client: {self}.");
        let result = json!({ "content": [{ "type": "text", "text": text }], "isError": true });
        let said = if rounds.contract == Contract::Frames { json!({ "result": result }) } else { result };
        stream::iter([Ok(Bytes::from(format!("{said}\n")))]).boxed()
    }

    fn failure(&self) -> Failure {
        Failure::CannotAsk(match self {
            Self::NoSession => "the request belongs to no session",
            Self::NoStream => "the request takes no event stream",
            Self::Undeclared(_) => "the client did not declare the capability",
            Self::TooOften => "the client was asked too often",
            Self::Refused(_) => "the client refused a question",
            Self::Malformed(_) => "the client's answer is malformed",
            Self::Silent(_) => "the client did not answer in time",
        })
    }
}

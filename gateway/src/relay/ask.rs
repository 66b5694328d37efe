//! What becomes of a worker's questions to the client.

use std::time::Duration;

use futures_util::stream::BoxStream;
use penstock_protocol::Bytes;
use penstock_protocol::frame::InputRequired;

use crate::rpc::failure::Failure;

/// What a worker writes, as the relay reads it.
pub(crate) type Upstream = BoxStream<'static, Result<Bytes, Failure>>;

/// Takes a worker's questions to the client, each era in its own way.
pub(crate) trait Ask: Send {
    /// Decides what the client reads. The stream the question came from has ended.
    fn ask(&mut self, question: InputRequired) -> Result<Asked, Failure>;
}

/// How a question goes on.
pub(crate) enum Asked {
    /// It is the result of this request: a whole result object, as JSON. The client comes back with
    /// the answers in a request of its own (2026-07-28).
    Result(Vec<u8>),
    /// It leaves as requests on the open stream, whole JSON-RPC messages; the worker's next round is
    /// read from `upstream`, which waits for the answers first (handshake revisions).
    Requests {
        messages: Vec<Vec<u8>>,
        upstream: Upstream,
        /// How much time answers and next round get together.
        timeout: Duration,
    },
}

/// For methods that may not ask (rule Q-1).
pub(crate) struct NoQuestions;

impl Ask for NoQuestions {
    fn ask(&mut self, _: InputRequired) -> Result<Asked, Failure> {
        Err(Failure::NotAResult)
    }
}

//! What becomes of a worker's questions to the client.

use std::time::Duration;

use futures_util::stream::BoxStream;
use penstock_protocol::Bytes;
use penstock_protocol::frame::{FrameError, InputRequired};
use tokio::time::Instant;

use super::source::Source;
use super::{Framing, Relay, sse};
use crate::access::Outcome;
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

impl Relay {
    /// Does with a worker's question what the era says.
    pub(super) fn question(&mut self, frame: &Bytes) {
        let Ok(question) = serde_json::from_slice::<InputRequired>(frame) else {
            return self.fail(&Failure::Contract(FrameError::Malformed));
        };
        match self.ask.ask(question) {
            Ok(Asked::Result(result)) => {
                self.open_response();
                self.response.whole(&result, &mut self.out);
                self.close_event(Outcome::InputRequired);
            }
            Ok(Asked::Requests { messages, .. }) if !messages.is_empty() && !self.may_stream() => {
                self.fail(&Failure::CannotAsk("the client takes no event stream"));
            }
            Ok(Asked::Requests { messages, upstream, timeout }) => {
                for message in messages {
                    self.framing = Framing::EventStream;
                    self.out.extend_from_slice(sse::OPEN);
                    sse::put_json(&message, &mut self.out);
                    self.out.extend_from_slice(sse::CLOSE);
                }
                self.release_upstream();
                self.source = Source::new(self.contract, self.kind);
                self.upstream = Some(upstream);
                self.timer.set_deadline(Instant::now() + timeout);
            }
            Err(failure) => self.fail(&failure),
        }
    }
}

//! What a worker streams, kept instead of passed on: for calls nobody waits for on a connection.

use std::future::poll_fn;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use penstock_protocol::frame::{Event, FrameError, InputRequired};
use penstock_protocol::jsonrpc::ErrorObject;
use penstock_protocol::manifest::{Contract, Kind};
use tokio::time::{Instant, timeout_at};

use super::ask::Upstream;
use super::changes::Changes;
use super::output::Output;
use super::read::{release, thrown};
use super::source::Source;
use super::splice::{Additions, Splice};
use crate::catalog::Schema;
use crate::gateway::Gateway;
use crate::rpc::failure::{self, Failure};

/// The largest result that is kept, in bytes.
pub(crate) const MAX_KEPT: usize = 4 * 1024 * 1024;

/// What a result must be like, and what it becomes.
pub(crate) struct ResultShape {
    pub(crate) additions: Additions,
    /// What structured content must conform to.
    pub(crate) output: Option<Arc<Schema>>,
}

/// Reads one round of a tool's worker to its end.
pub(crate) struct Collector {
    upstream: Upstream,
    source: Source,
    changes: Changes,
    splice: Splice,
    result: BytesMut,
    /// What ends the round once everything before it has been heard.
    fault: Option<Failure>,
    deadline: Instant,
}

/// What a worker says. Everything but progress is its last word.
pub(crate) enum Heard {
    /// A `progress` frame's object, as JSON.
    Progress(Bytes),
    /// A whole result object as a client gets it, as JSON.
    Result(Bytes),
    /// Questions for the client.
    Question(InputRequired),
    /// The worker's own error, its code one a worker may use.
    Error(ErrorObject),
    /// Nothing that could be used.
    Failed(Failure),
}

impl Collector {
    /// Reads `upstream` until `deadline`.
    pub(crate) fn new(
        gateway: &Gateway,
        contract: Contract,
        result: ResultShape,
        upstream: Upstream,
        deadline: Instant,
    ) -> Self {
        let splice = Splice::new(result.additions, result.output.map(Output::new));
        let (source, changes) = (Source::new(contract, Kind::Tool), Changes::of(gateway));
        Self { upstream, source, changes, splice, result: BytesMut::new(), fault: None, deadline }
    }

    /// What the worker says next. Can be dropped between polls without losing anything; not to be
    /// called again behind a last word.
    pub(crate) async fn next(&mut self) -> Heard {
        'reading: loop {
            // Told before anything behind it is heard.
            poll_fn(|cx| self.changes.poll_told(cx)).await;
            while let Some(event) = self.source.next_event() {
                match self.hear(event) {
                    Ok(None) if self.changes.is_telling() => continue 'reading,
                    Ok(None) => {}
                    Ok(Some(heard)) => return heard,
                    Err(failure) => return Heard::Failed(failure),
                }
            }
            if let Some(fault) = self.fault.take() {
                return Heard::Failed(fault);
            }
            match timeout_at(self.deadline, self.upstream.next()).await {
                Ok(Some(Ok(chunk))) => self.fault = self.source.push(chunk).err().map(Failure::Contract),
                Ok(Some(Err(failure))) => {
                    if !thrown(&failure).is_some_and(|details| self.source.finish_failed(details)) {
                        self.fault = Some(failure);
                    }
                }
                Ok(None) => {
                    let error = self.source.finish().err().unwrap_or(FrameError::Truncated);
                    self.fault = Some(Failure::Contract(error));
                }
                Err(_) => self.fault = Some(Failure::Deadline),
            }
        }
    }

    /// Lets the worker's connection be used again, whose last word has been heard.
    pub(crate) fn release(self) {
        release(self.upstream);
    }

    fn hear(&mut self, event: Event) -> Result<Option<Heard>, Failure> {
        let malformed = || Failure::Contract(FrameError::Malformed);
        match event {
            Event::Progress(frame) => Ok(Some(Heard::Progress(frame))),
            Event::Log(_) => Ok(None),
            Event::Changed(frame) => {
                self.changes.tell(&frame);
                Ok(None)
            }
            Event::Result(piece) => {
                self.splice.push(&piece, &mut self.result).map_err(|_| Failure::NotAResult)?;
                if self.result.len() > MAX_KEPT { Err(Failure::TooLarge) } else { Ok(None) }
            }
            Event::ResultEnd => {
                self.splice.finish().map_err(|_| Failure::NotAResult)?;
                if !self.splice.conforms() {
                    return Err(Failure::Output);
                }
                Ok(Some(Heard::Result(self.result.split().freeze())))
            }
            Event::InputRequired(frame) => {
                serde_json::from_slice(&frame).map(|question| Some(Heard::Question(question))).map_err(|_| malformed())
            }
            Event::Error(frame) => {
                let error: ErrorObject = serde_json::from_slice(&frame).map_err(|_| malformed())?;
                Ok(Some(Heard::Error(failure::from_worker(error, Kind::Tool, true))))
            }
        }
    }
}

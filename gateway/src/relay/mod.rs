//! Hop 6: what a worker streams, as the answer of one MCP request.
//!
//! Pulled, never pushed: each poll of the response body reads the worker as far as the client takes
//! it, so memory stays bounded and a client that leaves takes the relay with it. Whether the answer
//! is one JSON object or an event stream is decided by a bounded peek at what the worker writes
//! first, because the HTTP status cannot be changed afterwards (rule E-4).

mod ask;
mod caching;
mod changes;
mod collect;
mod notice;
mod output;
mod read;
mod response;
mod scan;
mod source;
mod splice;
pub(crate) mod sse;
mod timer;
mod utf8;

pub(crate) use ask::{Ask, Asked, NoQuestions, Upstream};
pub(crate) use caching::Caching;
pub(crate) use changes::Changes;
pub(crate) use collect::{Collector, Heard, MAX_KEPT, ResultShape};
pub(crate) use notice::Wanted;
pub(crate) use read::release;
pub(crate) use source::Source;
pub(crate) use splice::Additions;
pub(crate) use timer::QUIET;

use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use penstock_protocol::frame::{Event, FrameError};
use penstock_protocol::jsonrpc::{ErrorObject, Id};
use penstock_protocol::manifest::{Contract, Kind};
use tokio::time::Instant;

use crate::access::{Access, Outcome};
use crate::catalog::schema::Schema;
use crate::http::{Accepts, Body, response as reply};
use crate::rpc::failure::{self, Failure};
use notice::Notices;
use read::Read;
use read::thrown;
use response::FinalResponse;
use timer::{Timer, Wake};

/// A result that is longer than this leaves as a stream rather than from memory.
const MAX_BUFFERED: usize = 64 * 1024;

/// Events that are there together leave together, up to about this many bytes.
const MAX_CHUNK: usize = 16 * 1024;

/// What a relay needs to know about the request it answers.
#[derive(Debug)]
pub(crate) struct Call {
    /// Echoed in the response.
    pub(crate) id: Id,
    /// What the worker serves.
    pub(crate) kind: Kind,
    /// What the worker's function returns.
    pub(crate) contract: Contract,
    /// What its structured content must conform to.
    pub(crate) output: Option<Arc<Schema>>,
    /// What the gateway adds to the result.
    pub(crate) additions: Additions,
    /// Which notices the client wants.
    pub(crate) wanted: Wanted,
    /// The media types the client takes.
    pub(crate) accepts: Accepts,
    /// Who is told of the changes the worker speaks of.
    pub(crate) changes: Changes,
}

/// How the answer is framed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Framing {
    Undecided,
    Json,
    EventStream,
}

/// The response body ends here without being complete, and nothing valid can be appended.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the worker failed while its result was being passed on")]
pub struct Aborted;

/// Relays one call.
pub(crate) struct Relay {
    /// `None` once it has ended or is no longer needed.
    upstream: Option<Upstream>,
    kind: Kind,
    contract: Contract,
    source: Source,
    /// What was wrong with the chunk read last, told when everything before it has been.
    broken: Option<FrameError>,
    changes: Changes,
    ask: Box<dyn Ask>,
    notices: Notices,
    response: FinalResponse,
    framing: Framing,
    accepts: Accepts,
    timer: Timer,
    out: BytesMut,
    /// Where in `out` the final response begins; meaningless once part of it has left.
    response_at: usize,
    response_left: bool,
    aborted: bool,
    status: http::StatusCode,
    access: Access,
}

impl Relay {
    /// Relays `upstream`; by `deadline` the client gets an answer even if the worker gives none.
    pub(crate) fn new(call: Call, upstream: Upstream, deadline: Instant, ask: Box<dyn Ask>, access: Access) -> Self {
        Self {
            upstream: Some(upstream),
            kind: call.kind,
            contract: call.contract,
            source: Source::new(call.contract, call.kind),
            broken: None,
            changes: call.changes,
            ask,
            notices: Notices::new(call.wanted),
            response: FinalResponse::new(call.id, call.additions, call.output),
            framing: Framing::Undecided,
            accepts: call.accepts,
            timer: Timer::new(deadline),
            out: BytesMut::new(),
            response_at: 0,
            response_left: false,
            aborted: false,
            status: http::StatusCode::OK,
            access,
        }
    }

    /// Waits until the kind of answer is known, then gives its head; the body relays the rest.
    pub(crate) async fn answer(mut self) -> http::Response<Body> {
        poll_fn(|cx| self.poll_decided(cx)).await;
        self.access.status(self.status);
        match self.framing {
            Framing::EventStream => reply::event_stream(Body::relay(self)),
            _ if self.response.is_done() => {
                self.access.sent(self.out.len());
                reply::json(self.status, Body::from(self.out.split().freeze()))
            }
            _ => reply::json(self.status, Body::relay(self)),
        }
    }

    fn poll_decided(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            let overflow = self.out.len() > MAX_BUFFERED;
            if self.framing == Framing::Undecided && (self.response.is_done() || overflow) {
                let whole_as_json = self.accepts.json || self.status != http::StatusCode::OK;
                let json = if self.response.is_done() { whole_as_json } else { !self.accepts.sse };
                self.decide(if json { Framing::Json } else { Framing::EventStream });
            }
            if self.framing != Framing::Undecided {
                return Poll::Ready(());
            }
            match ready!(self.poll_step(cx)) {
                Step::Quiet if self.accepts.sse => self.decide(Framing::EventStream),
                Step::Quiet | Step::Read => {}
            }
        }
    }

    fn decide(&mut self, framing: Framing) {
        self.framing = framing;
        if framing == Framing::EventStream && !self.response.is_awaited() {
            let response = std::mem::take(&mut self.out);
            self.out.extend_from_slice(sse::OPEN);
            self.out.extend_from_slice(&response);
            if self.response.is_done() {
                self.out.extend_from_slice(sse::CLOSE);
            }
        }
    }

    /// The next bytes of the body: everything the worker has written by now, up to [`MAX_CHUNK`].
    pub(crate) fn poll_bytes(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Aborted>>> {
        while self.out.len() < MAX_CHUNK && !self.response.is_done() {
            match self.poll_step(cx) {
                Poll::Ready(Step::Read) => {}
                Poll::Ready(Step::Quiet) => self.keep_alive(),
                Poll::Pending if self.out.is_empty() => return Poll::Pending,
                Poll::Pending => break,
            }
        }
        if !self.out.is_empty() {
            self.response_left |= !self.response.is_awaited();
            self.access.sent(self.out.len());
            self.timer.wrote();
            return Poll::Ready(Some(Ok(self.out.split().freeze())));
        }
        Poll::Ready(std::mem::take(&mut self.aborted).then_some(Err(Aborted)))
    }

    /// Never inside an event: the comment would become part of its data.
    fn keep_alive(&mut self) {
        if self.framing == Framing::EventStream && self.response.is_awaited() {
            self.out.extend_from_slice(sse::KEEP_ALIVE);
        }
    }

    /// Reads the worker once, or notices that time has passed.
    fn poll_step(&mut self, cx: &mut Context<'_>) -> Poll<Step> {
        match self.poll_read(cx) {
            Poll::Ready(Read::Told) => self.drain(),
            Poll::Ready(Read::Chunk(chunk)) => {
                self.broken = self.source.push(chunk).err();
                self.drain();
            }
            Poll::Ready(Read::Failed(Failure::Cancelled)) if self.may_stream() => self.cancelled(),
            Poll::Ready(Read::Failed(failure)) => self.upstream_failed(&failure),
            Poll::Ready(Read::End) => {
                self.upstream = None;
                self.broken = self.source.finish().err();
                self.drain();
            }
            Poll::Pending => match ready!(self.timer.poll(cx)) {
                Wake::Quiet => return Poll::Ready(Step::Quiet),
                Wake::Deadline => self.fail(&Failure::Deadline),
            },
        }
        if self.response.is_done() {
            self.release_upstream();
        }
        Poll::Ready(Step::Read)
    }

    fn upstream_failed(&mut self, failure: &Failure) {
        self.upstream = None;
        if thrown(failure).is_some_and(|details| self.source.finish_failed(details)) {
            self.drain();
        } else {
            self.fail(failure);
        }
    }

    /// Handles what has been read, up to a change that has to be told first.
    fn drain(&mut self) {
        while !self.response.is_done() && !self.changes.is_telling() {
            let Some(event) = self.source.next_event() else {
                if let Some(error) = self.broken.take() {
                    self.fail(&Failure::Contract(error));
                }
                return;
            };
            let result = match event {
                Event::Progress(frame) => {
                    self.notice(|notices, out| notices.progress(&frame, out));
                    Ok(())
                }
                Event::Log(frame) => {
                    self.notice(|notices, out| notices.log(&frame, out));
                    Ok(())
                }
                Event::Result(piece) => {
                    self.open_response();
                    self.response.result(&piece, &mut self.out)
                }
                Event::ResultEnd => {
                    self.response.end_result(&mut self.out).map(|()| self.close_event(Outcome::Completed))
                }
                Event::Changed(frame) => {
                    self.changes.tell(&frame);
                    Ok(())
                }
                Event::InputRequired(frame) => {
                    self.question(&frame);
                    Ok(())
                }
                Event::Error(frame) => {
                    self.worker_error(&frame);
                    Ok(())
                }
            };
            if let Err(failure) = result {
                self.fail(&failure);
            }
        }
    }

    fn notice(&mut self, write: impl FnOnce(&mut Notices, &mut BytesMut) -> bool) {
        if self.may_stream() && write(&mut self.notices, &mut self.out) {
            self.framing = Framing::EventStream;
            self.access.event();
        }
    }

    fn may_stream(&self) -> bool {
        self.framing != Framing::Json && self.accepts.sse
    }

    fn worker_error(&mut self, frame: &Bytes) {
        match serde_json::from_slice::<ErrorObject>(frame) {
            Ok(error) => {
                let error = failure::from_worker(error, self.kind, self.response.is_stateless());
                self.write_error(&error, Outcome::WorkerError);
            }
            Err(_) => self.fail(&Failure::Contract(FrameError::Malformed)),
        }
    }

    fn fail(&mut self, failure: &Failure) {
        if self.response.is_done() {
            return;
        }
        // Given up, not read to its end: a worker that broke its word may never end.
        self.upstream = None;
        self.access.failure(failure);
        self.write_error(&failure.to_error_about(self.kind), Outcome::Failed);
    }

    /// Ends the stream: whoever has cancelled a request expects no response (rule L-8). A client that
    /// takes JSON only has to be told something.
    fn cancelled(&mut self) {
        self.upstream = None;
        if !self.response.is_awaited() {
            self.discard_response();
        }
        self.framing = Framing::EventStream;
        self.response.abandon();
        self.access.failure(&Failure::Cancelled);
        self.access.outcome(Outcome::Cancelled);
    }

    fn write_error(&mut self, error: &ErrorObject, outcome: Outcome) {
        if self.response.is_stateless() {
            self.status = failure::worker_status(error);
        }
        if !self.response.is_awaited() {
            self.discard_response();
        }
        self.open_response();
        self.response.error(error, &mut self.out);
        self.close_event(outcome);
        if self.aborted {
            self.out.clear();
        }
    }

    /// Takes back a response that has begun: from memory, or by telling the client to skip it.
    fn discard_response(&mut self) {
        if !self.response_left {
            self.out.truncate(self.response_at);
        } else if self.framing == Framing::EventStream {
            self.out.clear();
            self.out.extend_from_slice(sse::CLOSE_DISCARDED);
        } else {
            self.aborted = true;
        }
        self.response.discard();
    }

    fn open_response(&mut self) {
        if self.response.is_awaited() {
            self.response_at = self.out.len();
            if self.framing == Framing::EventStream {
                self.out.extend_from_slice(sse::OPEN);
            }
        }
    }

    fn close_event(&mut self, outcome: Outcome) {
        if self.framing == Framing::EventStream {
            self.out.extend_from_slice(sse::CLOSE);
        }
        self.access.outcome(outcome);
    }
}

enum Step {
    /// Something was read or decided.
    Read,
    /// Nothing has happened for a while.
    Quiet,
}

//! One invocation, from the event to exactly one terminal frame.

use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant, SystemTime};

use futures_util::FutureExt;
use penstock_protocol::call::CallEvent;
use penstock_protocol::frame::{Frame, MAX_LINE};
use penstock_protocol::manifest::Kind;
use penstock_protocol::{Bytes, RawValue, depth};
use tokio::sync::{mpsc, watch};

use crate::admit::{self, Asked};
use crate::cancellation::{self, Records};
use crate::deployed::{Deployed, Handlers};
use crate::line::Line;
use crate::reply::failure_line;
use crate::{Call, ErrorObject, Input, ToolError, code};

/// How long before its deadline a call is stopped: time for the last frame to get through.
pub(crate) const MARGIN: Duration = Duration::from_millis(200);

/// Messages a tool may be ahead of its reader.
const AHEAD: usize = 16;

/// One invocation, as Lambda hands it out.
#[derive(Debug)]
pub(crate) struct Invocation {
    /// The payload.
    pub(crate) event: Box<RawValue>,
    /// When Lambda stops the function.
    pub(crate) deadline: SystemTime,
    /// Lambda's id, as it stands in every log line of the platform.
    pub(crate) request_id: String,
}

/// Starts the call. The receiver yields its lines; dropping it drops the tool's future.
pub(crate) fn respond(deployed: Arc<Deployed>, invocation: Invocation) -> mpsc::Receiver<Bytes> {
    let (frames, receiver) = mpsc::channel(AHEAD);
    tokio::spawn(async move {
        let start = Instant::now();
        let end = run(&deployed, &invocation, &frames).await;
        let (tool, request_id, outcome) = (deployed.identity.id(), &*invocation.request_id, end.as_str());
        let elapsed_us = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
        tracing::info!(tool, request_id, outcome, elapsed_us, "call");
        if let Some(line) = end.into_line(deployed.identity.kind) {
            // An error means that the reader has left.
            drop(frames.send(line).await);
        }
    });
    receiver
}

/// How a call ended.
enum End {
    Result(Bytes),
    Failed(String),
    Protocol(ErrorObject),
    InputRequired(Input),
    Panicked,
    OutOfTime,
    Cancelled,
    ReaderGone,
    /// By this, after part of the result has left.
    CutShort(&'static str),
}

impl From<ToolError> for End {
    fn from(error: ToolError) -> Self {
        match error {
            ToolError::Failed(reason) => Self::Failed(reason),
            ToolError::Protocol(error) => Self::Protocol(error),
            ToolError::InputRequired(input) => Self::InputRequired(input),
        }
    }
}

async fn run(deployed: &Deployed, invocation: &Invocation, frames: &mpsc::Sender<Bytes>) -> End {
    // Dropped when the call ends, however it does: that is what `Call::cancelled` waits for.
    let (_running, ended) = watch::channel(());
    let (call, asked) = match admit(deployed, invocation, frames, ended) {
        Ok(admitted) => admitted,
        Err(error) => return End::Protocol(error),
    };
    let time = call.time_left().saturating_sub(MARGIN);
    let record = call.context().cancellation.clone();
    let Handlers { call: answer, complete, list } = &deployed.handlers;
    let answer = match (asked, complete, list) {
        (Asked::Call(about), ..) => answer(call, about),
        (Asked::Complete(completion), Some(complete), _) => complete(call, completion),
        (Asked::List, _, Some(list)) => list(call, ()),
        (Asked::Complete(_) | Asked::List, ..) => return End::Protocol(admit::unknown_method()),
    };
    let mut stopped = pin!(stopped(frames, time, &deployed.records, record.as_deref()));
    let streamed = tokio::select! {
        // The tool comes last: one that never waits for long would keep the others from being looked at.
        biased;
        end = &mut stopped => return end,
        outcome = AssertUnwindSafe(answer).catch_unwind() => match outcome {
            Ok(Ok(Line::Whole(line))) => return End::Result(line),
            Ok(Ok(Line::Streamed(streamed))) => streamed,
            Ok(Err(error)) => return error.into(),
            Err(_) => return End::Panicked,
        },
    };
    let begun = AtomicBool::new(false);
    let end = tokio::select! {
        biased;
        end = stopped => end,
        written = AssertUnwindSafe(streamed.write(frames, &begun)).catch_unwind() => match written {
            Ok(Ok(tail)) => End::Result(tail),
            Ok(Err(error)) => {
                tracing::error!(request_id = invocation.request_id, %error, "the content of a result could not be read");
                End::Failed("the content could not be read".to_owned())
            }
            Err(_) => End::Panicked,
        },
    };
    if begun.into_inner() { end.after_beginning() } else { end }
}

/// Waits for what ends a call from outside.
async fn stopped(frames: &mpsc::Sender<Bytes>, time: Duration, records: &Records, record: Option<&str>) -> End {
    tokio::select! {
        biased;
        () = frames.closed() => End::ReaderGone,
        () = tokio::time::sleep(time) => End::OutOfTime,
        () = cancellation::cancelled(records, record) => End::Cancelled,
    }
}

/// The event, what it asks for, and until when.
fn admit(
    deployed: &Deployed,
    invocation: &Invocation,
    frames: &mpsc::Sender<Bytes>,
    ended: watch::Receiver<()>,
) -> Result<(Call, Asked), ErrorObject> {
    let malformed = |error| ErrorObject::new(code::INVALID_REQUEST, format!("not a call event: {error}"));
    let event: CallEvent = serde_json::from_str(invocation.event.get()).map_err(malformed)?;
    let asked = admit::admit(&deployed.identity, &event)?;
    let promised = SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(event.context.deadline_ms));
    let deadline = promised.map_or(invocation.deadline, |promised| promised.min(invocation.deadline));
    Ok((Call::new(event, deadline, frames.clone(), ended), asked))
}

impl End {
    /// The same end where part of the result has left. A frame would become part of it; a stream without an end tells
    /// the gateway that it is not whole.
    fn after_beginning(self) -> Self {
        match self {
            Self::Result(tail) => Self::Result(tail),
            Self::Failed(_) => Self::CutShort("cut short by a failure"),
            Self::Panicked => Self::CutShort("cut short by a panic"),
            Self::OutOfTime => Self::CutShort("cut short by the deadline"),
            Self::Cancelled => Self::CutShort("cancelled"),
            end => end,
        }
    }

    fn as_str(&self) -> &'static str {
        match self {
            Self::Result(_) => "result",
            Self::Failed(_) => "failed",
            Self::Protocol(_) => "error",
            Self::InputRequired(_) => "input required",
            Self::Panicked => "panicked",
            Self::OutOfTime => "out of time",
            Self::Cancelled => "cancelled",
            Self::ReaderGone => "reader gone",
            Self::CutShort(by) => by,
        }
    }

    /// The terminal frame, if there is anyone to read it.
    fn into_line(self, kind: Kind) -> Option<Bytes> {
        match self {
            Self::Result(line) => Some(line),
            Self::ReaderGone | Self::CutShort(_) => None,
            Self::Failed(reason) => Some(failure(kind, reason)),
            Self::OutOfTime => Some(failure(kind, "stopped: it did not finish before its deadline".to_owned())),
            Self::InputRequired(input) => Some(input_line(input)),
            Self::Protocol(error) => Some(error_line(error)),
            // Nobody reads it; the stream ends in order.
            Self::Cancelled => Some(error_line(ErrorObject::new(code::INTERNAL_ERROR, "the call was cancelled"))),
            Self::Panicked => Some(error_line(internal_error())),
        }
    }
}

/// A failure: of a tool, a result the model reads; of anything else, an error.
fn failure(kind: Kind, reason: String) -> Bytes {
    if kind == Kind::Tool {
        failure_line(&reason).unwrap_or_else(|_| error_line(internal_error()))
    } else {
        error_line(ErrorObject::new(code::INTERNAL_ERROR, reason))
    }
}

/// An `inputRequired` line the gateway accepts.
fn input_line(input: Input) -> Bytes {
    match input.into_line() {
        Some(line) if is_short(&line) => line,
        Some(_) => error_line(ErrorObject::new(code::INTERNAL_ERROR, "the input asked for is too large")),
        None => error_line(ErrorObject::new(code::INTERNAL_ERROR, "input is required, but none is asked for")),
    }
}

fn internal_error() -> ErrorObject {
    ErrorObject::new(code::INTERNAL_ERROR, "the tool failed unexpectedly")
}

/// An `error` line the gateway accepts, whatever the tool put in.
fn error_line(error: ErrorObject) -> Bytes {
    match Frame::<()>::Error(error).to_line() {
        Ok(line) if is_short(&line) => line.into(),
        _ => Bytes::from_static(b"{\"error\":{\"code\":-32603,\"message\":\"the tool's error is too large\"}}\n"),
    }
}

fn is_short(line: &[u8]) -> bool {
    line.len() <= MAX_LINE && depth::within_limit(line)
}

#[cfg(test)]
mod tests;

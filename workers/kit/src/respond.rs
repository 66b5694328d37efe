//! One invocation, from the event to exactly one terminal frame.

use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use penstock_protocol::call::CallEvent;
use penstock_protocol::frame::{Frame, MAX_LINE};
use penstock_protocol::{Bytes, RawValue, depth};
use tokio::sync::mpsc;

use crate::arguments::CallParams;
use crate::reply::failure_line;
use crate::{Call, ErrorObject, ToolError, code};

/// How long before its deadline a call is stopped: time for the last frame to get through.
pub(crate) const MARGIN: Duration = Duration::from_millis(200);

/// Messages a tool may be ahead of its reader.
const AHEAD: usize = 16;

type Outcome = Result<Bytes, ToolError>;

/// The one tool this process answers for, its types hidden: takes the call and the arguments' JSON
/// text, answers the result line.
pub(crate) struct Deployed {
    pub(crate) name: String,
    pub(crate) call: Box<dyn Fn(Call, String) -> BoxFuture<'static, Outcome> + Send + Sync>,
}

impl fmt::Debug for Deployed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Deployed").field(&self.name).finish()
    }
}

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
pub(crate) fn respond(tool: Arc<Deployed>, invocation: Invocation) -> mpsc::Receiver<Bytes> {
    let (frames, receiver) = mpsc::channel(AHEAD);
    tokio::spawn(async move {
        let start = Instant::now();
        let end = run(&tool, &invocation, &frames).await;
        let (tool, request_id, outcome) = (&*tool.name, &*invocation.request_id, end.as_str());
        let elapsed_us = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
        tracing::info!(tool, request_id, outcome, elapsed_us, "call");
        if let Some(line) = end.into_line() {
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
    Panicked,
    OutOfTime,
    ReaderGone,
}

async fn run(tool: &Deployed, invocation: &Invocation, frames: &mpsc::Sender<Bytes>) -> End {
    let (call, arguments) = match admit(tool, invocation, frames) {
        Ok(admitted) => admitted,
        Err(error) => return End::Protocol(error),
    };
    let time = call.time_left().saturating_sub(MARGIN);
    let outcome = AssertUnwindSafe((tool.call)(call, arguments)).catch_unwind();
    tokio::select! {
        // The tool comes last: one that never waits for long would keep the others from being looked at.
        biased;
        () = frames.closed() => End::ReaderGone,
        () = tokio::time::sleep(time) => End::OutOfTime,
        outcome = outcome => match outcome {
            Ok(Ok(line)) => End::Result(line),
            Ok(Err(ToolError::Failed(reason))) => End::Failed(reason),
            Ok(Err(ToolError::Protocol(error))) => End::Protocol(error),
            Err(_) => End::Panicked,
        },
    }
}

/// Checks that the event is a call of this tool.
fn admit(
    tool: &Deployed,
    invocation: &Invocation,
    frames: &mpsc::Sender<Bytes>,
) -> Result<(Call, String), ErrorObject> {
    let malformed = |error| ErrorObject::new(code::INVALID_REQUEST, format!("not a call event: {error}"));
    let event: CallEvent = serde_json::from_str(invocation.event.get()).map_err(malformed)?;
    if event.method != "tools/call" {
        return Err(ErrorObject::new(code::METHOD_NOT_FOUND, "this function takes `tools/call` only"));
    }
    let params = CallParams::read(&event.params)
        .map_err(|error| ErrorObject::new(code::INVALID_PARAMS, format!("`params`: {error}")))?;
    if params.name != tool.name {
        let message = format!("this function is deployed as `{}`, not as the tool called", tool.name);
        return Err(ErrorObject::new(code::INVALID_PARAMS, message));
    }
    let arguments = params.arguments().to_owned();
    let promised = SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(event.context.deadline_ms));
    let deadline = promised.map_or(invocation.deadline, |promised| promised.min(invocation.deadline));
    Ok((Call::new(event, deadline, frames.clone()), arguments))
}

impl End {
    fn as_str(&self) -> &'static str {
        match self {
            Self::Result(_) => "result",
            Self::Failed(_) => "failed",
            Self::Protocol(_) => "error",
            Self::Panicked => "panicked",
            Self::OutOfTime => "out of time",
            Self::ReaderGone => "reader gone",
        }
    }

    /// The terminal frame, if there is anyone to read it.
    fn into_line(self) -> Option<Bytes> {
        let line = match self {
            Self::Result(line) => return Some(line),
            Self::ReaderGone => return None,
            Self::Failed(reason) => failure_line(&reason),
            Self::OutOfTime => failure_line("the tool was stopped: it did not finish before its deadline"),
            Self::Protocol(error) => return Some(error_line(error)),
            Self::Panicked => return Some(error_line(internal_error())),
        };
        Some(line.unwrap_or_else(|_| error_line(internal_error())))
    }
}

fn internal_error() -> ErrorObject {
    ErrorObject::new(code::INTERNAL_ERROR, "the tool failed unexpectedly")
}

/// An `error` line the gateway accepts, whatever the tool put in.
fn error_line(error: ErrorObject) -> Bytes {
    match Frame::<()>::Error(error).to_line() {
        Ok(line) if line.len() <= MAX_LINE && depth::within_limit(&line) => line.into(),
        _ => Bytes::from_static(b"{\"error\":{\"code\":-32603,\"message\":\"the tool's error is too large\"}}\n"),
    }
}

#[cfg(test)]
mod tests;

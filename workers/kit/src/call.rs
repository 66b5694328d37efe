use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use penstock_protocol::call::{CallContext, CallEvent, Caller, TraceContext};
use penstock_protocol::frame::{Changed, Frame, Log, MAX_LINE, Progress};
use penstock_protocol::meta::LogLevel;
use penstock_protocol::revision::Revision;
use penstock_protocol::{Bytes, RawValue, depth};
use serde_json::{Number, Value};
use tokio::sync::{mpsc, watch};
use tokio::task::coop::consume_budget;

/// One call: what the gateway knows about it, and the way back to the client.
#[derive(Debug)]
pub struct Call {
    event: CallEvent,
    deadline: SystemTime,
    frames: mpsc::Sender<Bytes>,
    ended: watch::Receiver<()>,
}

impl Call {
    pub(crate) fn new(
        event: CallEvent,
        deadline: SystemTime,
        frames: mpsc::Sender<Bytes>,
        ended: watch::Receiver<()>,
    ) -> Self {
        Self { event, deadline, frames, ended }
    }

    /// Tells the client how far the call has come, if it asked. `done` must grow from call to call;
    /// `total` is in the same unit, if known.
    ///
    /// Returns once the message is on its way, so a tool is never faster than its reader. A long
    /// computation that reports progress now and then can be stopped here, wanted or not.
    pub async fn progress(&self, done: u64, total: Option<u64>, message: impl Into<String> + Send) {
        if self.event.context.progress {
            let progress =
                Progress { progress: done.into(), total: total.map(Number::from), message: Some(message.into()) };
            self.send(&Frame::Progress(progress)).await;
        } else {
            consume_budget().await;
        }
    }

    /// Sends the client a log message, if it wants messages of this level.
    pub async fn log(&self, level: LogLevel, data: impl Into<Value> + Send) {
        if self.event.context.log_level.is_some_and(|least| level >= least) {
            self.send(&Frame::Log(Log { level, logger: None, data: data.into() })).await;
        } else {
            consume_budget().await;
        }
    }

    /// Tells clients that subscribed to it, whoever they are, that a list or a resource has changed.
    pub async fn changed(&self, what: Changed) {
        self.send(&Frame::Changed(what)).await;
    }

    async fn send(&self, frame: &Frame<()>) {
        match frame.to_line() {
            // The gateway ends a stream whose line is longer or deeper: a message is not worth that.
            Ok(line) if line.len() <= MAX_LINE && depth::within_limit(&line) => {
                if self.frames.send(line.into()).await.is_err() {
                    // The reader has left and the call is about to be dropped, once it waits.
                    std::future::pending::<()>().await;
                }
            }
            _ => tracing::warn!("a message to the client is too large and was left out"),
        }
    }

    /// When the answer must be complete. The call is stopped shortly before.
    pub fn deadline(&self) -> SystemTime {
        self.deadline
    }

    /// How much time is left until [`deadline`](Self::deadline).
    pub fn time_left(&self) -> Duration {
        self.deadline.duration_since(SystemTime::now()).unwrap_or_default()
    }

    /// Completes once the call has ended: cancelled by the client, left by its reader, out of time, or
    /// answered.
    ///
    /// The tool's own future is dropped then and need not wait for this. It is for work that goes on
    /// elsewhere, such as [`tokio::spawn`]; in [`tokio::task::spawn_blocking`] a look now and then
    /// (`now_or_never` of `futures_util`) says whether to go on. A cancellation is seen within about a
    /// second, with the crate's feature `cancellation` where `PENSTOCK_STORE_TABLE` is set; else the
    /// deadline ends the call.
    pub fn cancelled(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut ended = self.ended.clone();
        async move {
            // Nothing is ever sent; the sender goes when the call ends.
            while ended.changed().await.is_ok() {}
        }
    }

    /// The verified caller; absent if the gateway runs without authentication.
    pub fn caller(&self) -> Option<&Caller> {
        self.event.context.caller.as_ref()
    }

    /// The JSON-RPC id, as the client spelled it. Unique only together with the client.
    pub fn request_id(&self) -> &RawValue {
        &self.event.context.request_id
    }

    /// The task this call runs as, if it does (MCP extension `io.modelcontextprotocol/tasks`).
    pub fn task_id(&self) -> Option<&str> {
        self.event.context.task_id.as_deref()
    }

    /// The request's `params`, byte for byte: for numbers beyond 64 bits, `_meta` of its own.
    pub fn params(&self) -> &RawValue {
        &self.event.params
    }

    /// The MCP revision the client speaks.
    pub fn revision(&self) -> Revision {
        self.event.context.protocol_version
    }

    /// W3C trace context, if the client sent one.
    pub fn trace(&self) -> Option<&TraceContext> {
        self.event.context.trace.as_ref()
    }

    pub(crate) fn uri_variables(&self) -> &BTreeMap<String, String> {
        &self.event.context.uri_variables
    }

    pub(crate) fn context(&self) -> &CallContext {
        &self.event.context
    }
}

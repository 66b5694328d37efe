//! When a call is no longer wanted, and how its worker learns of it.
//!
//! Lambda stops no function whose reader has left, so a worker that cares looks for a record in the
//! store: `cancel/<function>/<call>`. The function's name comes first, so that a policy can give a
//! worker its own records and no others (`dynamodb:LeadingKeys`).

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::{Stream, StreamExt as _, stream};
use penstock_protocol::jsonrpc::Id;
use penstock_store::{Store, When, Write};
use tokio::time::sleep;

use crate::gateway::Gateway;
use crate::relay::Upstream;
use crate::rpc::exchange::{Era, Exchange};
use crate::rpc::failure::Failure;
use crate::rpc::session::cancel;
use crate::seal::{NoRandomness, random};

/// How often the instance that serves a call looks whether the client has cancelled it.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// How long a record is kept: longer than any worker runs.
const KEPT: Duration = Duration::from_mins(20);

/// How a call can end before its worker does.
#[derive(Debug, Clone)]
pub(crate) enum Cancellation {
    /// Not at all: nobody could be told.
    Never,
    /// The client closes the stream of a 2026-07-28 request (rule T-5).
    Departure { record: String },
    /// A note appears in the session: clients of handshake revisions say so, and mean nothing by
    /// closing a stream (rule L-8).
    Note { note: String, record: Option<String> },
}

impl Cancellation {
    /// How this request can be cancelled, once its worker is `function`.
    pub(super) fn of(
        gateway: &Gateway,
        exchange: &Exchange<'_>,
        request_id: &Id,
        function: &str,
    ) -> Result<Self, NoRandomness> {
        let record = || new_record(gateway, function);
        match (&exchange.session, exchange.era) {
            (Some(session), _) => {
                Ok(Self::Note { note: cancel::key(session, &request_id.to_raw()), record: record()? })
            }
            (None, Era::Stateless) => Ok(record()?.map_or(Self::Never, |record| Self::Departure { record })),
            (None, Era::Handshake) => Ok(Self::Never),
        }
    }

    /// Where the worker finds the record.
    pub(super) fn record(&self) -> Option<&str> {
        match self {
            Self::Never => None,
            Self::Departure { record } => Some(record),
            Self::Note { record, .. } => record.as_deref(),
        }
    }

    /// The same stream, which ends or leaves a record when the call is no longer wanted.
    pub(crate) fn over(&self, gateway: &Gateway, upstream: Upstream) -> Upstream {
        match self {
            Self::Never => upstream,
            Self::Departure { record } => {
                let unfinished = Some((Arc::clone(gateway.store()), record.clone()));
                Departing { upstream, unfinished }.boxed()
            }
            Self::Note { note, record } => noted(gateway, upstream, note.clone(), record.clone()),
        }
    }
}

/// Where a new call of `function` finds its record; `None` if workers do not see the store.
pub(crate) fn new_record(gateway: &Gateway, function: &str) -> Result<Option<String>, NoRandomness> {
    gateway.workers_share_store().then(|| record_key(function)).transpose()
}

/// `cancel/<name>/<random>`, with the bare name of a function that may be given as an ARN or with a version.
fn record_key(function: &str) -> Result<String, NoRandomness> {
    let name = function.rsplit_once("function:").map_or(function, |(_, name)| name);
    let name = name.split(':').next().unwrap_or(name);
    Ok(format!("cancel/{name}/{}", URL_SAFE_NO_PAD.encode(random::<16>()?)))
}

fn noted(gateway: &Gateway, upstream: Upstream, note: String, record: Option<String>) -> Upstream {
    let store = Arc::clone(gateway.store());
    let cancelled = async move {
        loop {
            sleep(LOOK_EVERY).await;
            // Best effort: a store that cannot be read now may be read at the next look.
            if matches!(store.get(&note).await, Ok(Some(_))) {
                return record.map(|record| (store, record));
            }
        }
    };
    stream::unfold(Some((upstream, Box::pin(cancelled))), |reading| async {
        let (mut upstream, mut cancelled) = reading?;
        tokio::select! {
            // First, or a worker that never pauses would never be stopped.
            biased;
            unfinished = &mut cancelled => {
                leave_record(unfinished);
                Some((Err(Failure::Cancelled), None))
            }
            piece = upstream.next() => Some((piece?, Some((upstream, cancelled)))),
        }
    })
    .boxed()
}

/// Leaves a record if it is dropped before its end.
struct Departing {
    upstream: Upstream,
    unfinished: Option<(Arc<dyn Store>, String)>,
}

impl Stream for Departing {
    type Item = <Upstream as Stream>::Item;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let polled = self.upstream.poll_next_unpin(cx);
        if matches!(polled, Poll::Ready(None | Some(Err(_)))) {
            self.unfinished = None;
        }
        polled
    }
}

impl Drop for Departing {
    fn drop(&mut self) {
        leave_record(self.unfinished.take());
    }
}

/// Behind everybody's back: nobody is left to wait for it.
fn leave_record(unfinished: Option<(Arc<dyn Store>, String)>) {
    let (Some((store, record)), Ok(runtime)) = (unfinished, tokio::runtime::Handle::try_current()) else { return };
    runtime.spawn(async move { leave(&*store, &record).await });
}

/// Tells the worker that looks for this record that its call is no longer wanted.
pub(crate) async fn leave(store: &dyn Store, record: &str) {
    let write = Write { value: "1".into(), when: When::Always, expires: std::time::SystemTime::now() + KEPT };
    if let Err(error) = store.put(record, write).await {
        tracing::warn!(%error, "a worker was not told that its call is no longer wanted");
    }
}

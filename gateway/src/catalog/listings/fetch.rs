//! One call of a library's function for its listing.

use std::time::{Duration, UNIX_EPOCH};

use bytes::BytesMut;
use futures_util::StreamExt as _;
use penstock_protocol::call::{CallContext, CallEvent};
use penstock_protocol::frame::{Event, FrameError};
use penstock_protocol::revision::Revision;
use penstock_protocol::{Bytes, RawValue};
use tokio::time::timeout;

use crate::catalog::Library;
use crate::gateway::Gateway;
use crate::relay::{Source, Upstream, release};
use crate::rpc::failure::Failure;

/// How long a function may take to list, whatever its manifest says of calls.
const DEADLINE: Duration = Duration::from_secs(10);

/// The largest listing, in bytes.
const MAX_LISTING: usize = 8 * 1024 * 1024;

/// Why a call has brought no listing. Says nothing a worker said.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    #[error("it took longer than {} seconds", DEADLINE.as_secs())]
    Deadline,
    #[error("the listing has more than {MAX_LISTING} bytes")]
    TooLarge,
    #[error("the function answered with an error")]
    Refused,
    #[error("the function asks for input, and nobody is there to answer")]
    Asks,
    #[error(transparent)]
    Contract(#[from] FrameError),
    #[error("{0}")]
    Call(Failure),
}

/// Asks the function of a library for its listing: the result, as JSON.
pub(super) async fn fetch(gateway: &Gateway, library: &Library) -> Result<Bytes, FetchError> {
    let allowed = DEADLINE.min(library.worker.timeout);
    let upstream = gateway.invoke(&library.worker.function, None, event(gateway, library, allowed));
    timeout(allowed, read(upstream, library)).await.unwrap_or(Err(FetchError::Deadline))
}

/// Nobody in particular asks: a listing is the same for every caller.
fn event(gateway: &Gateway, library: &Library, allowed: Duration) -> Vec<u8> {
    let method = library.method();
    let deadline = (gateway.now() + allowed).duration_since(UNIX_EPOCH).unwrap_or_default();
    let raw = |json: String| RawValue::from_string(json).unwrap_or_default();
    let context = CallContext {
        request_id: raw(format!("{method:?}")),
        deadline_ms: u64::try_from(deadline.as_millis()).unwrap_or(u64::MAX),
        protocol_version: Revision::V2026_07_28,
        progress: false,
        log_level: None,
        client_capabilities: None,
        trace: None,
        caller: None,
        uri_variables: std::collections::BTreeMap::new(),
        input: None,
        cancellation: None,
        task_id: None,
    };
    let event = CallEvent { method: method.to_owned(), params: raw("{}".to_owned()), context };
    serde_json::to_vec(&event).unwrap_or_default()
}

async fn read(mut upstream: Upstream, library: &Library) -> Result<Bytes, FetchError> {
    let mut source = Source::new(library.worker.contract, library.lists);
    let (mut listing, mut ended) = (BytesMut::new(), false);
    loop {
        while let Some(event) = source.next_event() {
            match event {
                Event::Result(piece) if listing.len() + piece.len() > MAX_LISTING => return Err(FetchError::TooLarge),
                Event::Result(piece) => listing.extend_from_slice(&piece),
                Event::ResultEnd => {
                    release(upstream);
                    return Ok(listing.freeze());
                }
                Event::Error(_) => return Err(FetchError::Refused),
                Event::InputRequired(_) => return Err(FetchError::Asks),
                Event::Progress(_) | Event::Log(_) | Event::Changed(_) => {}
            }
        }
        if ended {
            return Err(FrameError::Truncated.into());
        }
        match upstream.next().await {
            Some(Ok(chunk)) => source.push(chunk)?,
            Some(Err(failure)) => return Err(FetchError::Call(failure)),
            None => {
                ended = true;
                source.finish()?;
            }
        }
    }
}

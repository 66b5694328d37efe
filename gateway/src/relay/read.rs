//! What a relay reads, and how it stops reading.

use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_util::StreamExt as _;

use super::{Relay, Upstream, timer};
use crate::invoke::InvokeError;
use crate::rpc::failure::Failure;

/// What there is to be handled.
pub(super) enum Read {
    /// A change has been told.
    Told,
    /// The worker wrote this.
    Chunk(Bytes),
    /// The call to it failed.
    Failed(Failure),
    /// It has written everything.
    End,
}

impl Relay {
    /// A change is told before anything more is read, so that none is lost when the call ends.
    pub(super) fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<Read> {
        if ready!(self.changes.poll_told(cx)) {
            return Poll::Ready(Read::Told);
        }
        let Some(upstream) = &mut self.upstream else { return Poll::Ready(Read::End) };
        upstream.poll_next_unpin(cx).map(|read| match read {
            Some(Ok(chunk)) => Read::Chunk(chunk),
            Some(Err(failure)) => Read::Failed(failure),
            None => Read::End,
        })
    }

    /// The worker has said its last word.
    pub(super) fn release_upstream(&mut self) {
        if let Some(upstream) = self.upstream.take() {
            release(upstream);
        }
    }
}

/// Reads a worker's stream to its end behind everyone's back: only a connection that was read to the
/// end is used again.
pub(crate) fn release(mut upstream: Upstream) {
    tokio::spawn(async move {
        let rest = async { while upstream.next().await.is_some() {} };
        let _ = tokio::time::timeout(timer::RELEASE, rest).await;
    });
}

/// What is said of a failure of the function's own code, rather than of Lambda or its limits.
pub(super) fn thrown(failure: &Failure) -> Option<&str> {
    let Failure::Invoke(InvokeError::Function { code, details }) = failure else { return None };
    // Of these the details are Lambda's words, which say more than a client should read.
    let is_lambdas = code.starts_with("Runtime.") || code.starts_with("Function.");
    (!code.starts_with("Sandbox.")).then_some(if is_lambdas { "" } else { details })
}

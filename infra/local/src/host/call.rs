//! One call on its way through the host: what the function is given, and the two halves that carry
//! its answer back.
//!
//! Chunks and the outcome travel apart, so that a caller who reads slowly holds up the function's
//! stream and nothing else: an environment is free again as soon as its last byte was taken.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot};

use super::error::FunctionError;
use super::tenant::Tenant;

/// Chunks held between function and caller. Beyond them the function's writes have to wait.
const CHUNKS_IN_FLIGHT: usize = 4;

/// What to do with a function's output once its caller is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReaderGone {
    /// Read and drop it: Lambda does not stop a function whose caller left.
    Drain,
    /// End the upload, so that the runtime drops the handler's body.
    Close,
}

/// What a function is invoked with.
#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) payload: Bytes,
    /// Decoded JSON, if the caller sent a client context.
    pub(crate) client_context: Option<String>,
    /// Whose environments take it; anybody's of a function that tells no tenants apart.
    pub(crate) tenant: Option<Tenant>,
    pub(crate) trace_id: String,
    pub(crate) reader_gone: ReaderGone,
}

/// A call that waits for an execution environment to take it.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) request_id: String,
    pub(crate) event: Event,
    pub(crate) answer: Answer,
}

/// The function's end of a call.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) chunks: mpsc::Sender<Bytes>,
    pub(crate) outcome: oneshot::Sender<Result<(), FunctionError>>,
    /// The call's share of the function's concurrency, returned when the call is over.
    pub(crate) permit: OwnedSemaphorePermit,
}

/// The caller's end of a call. Dropping it means the caller is gone.
#[derive(Debug)]
pub(crate) struct Reply {
    chunks: mpsc::Receiver<Bytes>,
    outcome: oneshot::Receiver<Result<(), FunctionError>>,
    ended: Option<Result<(), FunctionError>>,
}

/// A piece of an answer.
#[derive(Debug)]
pub(crate) enum Part {
    Chunk(Bytes),
    End(Result<(), FunctionError>),
}

impl Call {
    pub(crate) fn new(event: Event, permit: OwnedSemaphorePermit) -> (Self, Reply) {
        let (chunk_sender, chunks) = mpsc::channel(CHUNKS_IN_FLIGHT);
        let (outcome_sender, outcome) = oneshot::channel();
        let answer = Answer { chunks: chunk_sender, outcome: outcome_sender, permit };
        let call = Self { request_id: uuid::Uuid::new_v4().to_string(), event, answer };
        (call, Reply { chunks, outcome, ended: None })
    }

    pub(crate) fn fail(self, error: FunctionError) {
        // The caller may be gone; then nobody needs to know.
        let _ = self.answer.outcome.send(Err(error));
    }
}

impl Reply {
    /// What comes next. Not to be polled after the end.
    pub(crate) fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Part> {
        // The outcome is looked at first: chunks sent before it are then certain to be seen.
        if self.ended.is_none()
            && let Poll::Ready(ended) = Pin::new(&mut self.outcome).poll(context)
        {
            self.ended = Some(ended.unwrap_or_else(|_| Err(FunctionError::stopped())));
        }
        match self.chunks.poll_recv(context) {
            Poll::Ready(Some(chunk)) => Poll::Ready(Part::Chunk(chunk)),
            Poll::Ready(None) | Poll::Pending => match self.ended.take() {
                Some(ended) => Poll::Ready(Part::End(ended)),
                None => Poll::Pending,
            },
        }
    }

    /// [`poll_next`](Self::poll_next) as a future.
    pub(crate) async fn next(&mut self) -> Part {
        std::future::poll_fn(|context| self.poll_next(context)).await
    }
}

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::stream::{BoxStream, Stream};
use http_body::{Frame, SizeHint};

use crate::relay::{Aborted, Relay};

/// Parts a buffered answer is put together from: an envelope around something kept.
const MAX_PARTS: usize = 3;

/// A response body: a few buffers, or something that is read as it is sent.
pub struct Body(Kind);

enum Kind {
    Buffered([Bytes; MAX_PARTS]),
    Relay(Box<Relay>),
    Stream(BoxStream<'static, Result<Bytes, Aborted>>),
}

impl Body {
    /// Nothing.
    pub fn empty() -> Self {
        Self(Kind::Buffered(Default::default()))
    }

    /// The parts in order, without joining them.
    pub(crate) fn parts(parts: [Bytes; MAX_PARTS]) -> Self {
        Self(Kind::Buffered(parts))
    }

    pub(crate) fn relay(relay: Relay) -> Self {
        Self(Kind::Relay(Box::new(relay)))
    }

    /// Whatever a stream yields, chunk by chunk.
    pub(crate) fn stream(stream: impl Stream<Item = Result<Bytes, Aborted>> + Send + 'static) -> Self {
        Self(Kind::Stream(Box::pin(stream)))
    }

    /// The length, unless it is still being written.
    pub(crate) fn length(&self) -> Option<usize> {
        match &self.0 {
            Kind::Buffered(parts) => Some(parts.iter().map(Bytes::len).sum()),
            Kind::Relay(_) | Kind::Stream(_) => None,
        }
    }
}

impl<T: Into<Bytes>> From<T> for Body {
    fn from(bytes: T) -> Self {
        Self(Kind::Buffered([bytes.into(), Bytes::new(), Bytes::new()]))
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Body").field(&self.length()).finish()
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = Aborted;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Aborted>>> {
        match &mut self.0 {
            Kind::Buffered(parts) => {
                let next = parts.iter_mut().find(|part| !part.is_empty()).map(std::mem::take);
                Poll::Ready(next.map(|part| Ok(Frame::data(part))))
            }
            Kind::Relay(relay) => relay.poll_bytes(cx).map_ok(Frame::data),
            Kind::Stream(stream) => stream.as_mut().poll_next(cx).map_ok(Frame::data),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.length() == Some(0)
    }

    fn size_hint(&self) -> SizeHint {
        self.length().map_or_else(SizeHint::default, |length| SizeHint::with_exact(length as u64))
    }
}

//! Response bodies that are held to the published schemas while a test reads them.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::{Response, header};
use http_body::Frame;
use penstock_gateway::Aborted;
use penstock_schemas::{Exchange, Reader};

/// What the gateway sends. Reading it fails the test if any message in it is not what the revision
/// of the request says.
#[derive(Debug)]
pub(crate) struct Body {
    sent: penstock_gateway::Body,
    reader: Option<Reader>,
}

/// Answers `response` with a body that checks itself as the answer to `exchange`.
pub(crate) fn checked(response: Response<penstock_gateway::Body>, exchange: Exchange) -> Response<Body> {
    let kind = response.headers().get(header::CONTENT_TYPE);
    let reader = Reader::new(exchange, kind.map(header::HeaderValue::as_bytes));
    response.map(|sent| Body { sent, reader: Some(reader) })
}

/// A body that is no message and is not checked.
pub(crate) fn unchecked(response: Response<penstock_gateway::Body>) -> Response<Body> {
    response.map(|sent| Body { sent, reader: None })
}

impl Body {
    /// What is left of a stream that ends without a response: a cancelled request's, or one opened by GET.
    pub(crate) fn without_response(self) -> Self {
        Self { reader: None, ..self }
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = Aborted;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Aborted>>> {
        let frame = ready!(Pin::new(&mut self.sent).poll_frame(cx));
        let checked = match (&frame, &mut self.reader) {
            (Some(Ok(frame)), Some(reader)) => frame.data_ref().map_or(Ok(()), |data| reader.take(data).map(drop)),
            (None, Some(reader)) => reader.end().map(drop),
            _ => Ok(()),
        };
        if frame.is_none() {
            self.reader = None;
        }
        checked.unwrap_or_else(|mistake| panic!("the gateway sent what no schema allows: {mistake}"));
        Poll::Ready(frame)
    }
}

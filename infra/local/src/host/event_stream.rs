//! A function's answer as `InvokeWithResponseStream` sends it: `application/vnd.amazon.eventstream`.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use bytes::{BufMut, Bytes};
use hyper::body::{Body, Frame};

use super::call::{Part, Reply};
use super::error::FunctionError;

/// The answer's media type.
pub(crate) const CONTENT_TYPE: &str = "application/vnd.amazon.eventstream";

/// Bytes a message takes on top of its payload: lengths, checksums and our headers.
const OVERHEAD: usize = 128;

/// The body of a streamed answer: a `PayloadChunk` per chunk, then one `InvokeComplete`.
#[derive(Debug)]
pub(crate) struct EventStream {
    /// `None` after the end.
    reply: Option<Reply>,
}

impl EventStream {
    pub(crate) fn new(reply: Reply) -> Self {
        Self { reply: Some(reply) }
    }
}

impl Body for EventStream {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let slot = &mut self.get_mut().reply;
        let Some(reply) = slot else { return Poll::Ready(None) };
        let message = match std::task::ready!(reply.poll_next(context)) {
            Part::Chunk(chunk) => message("PayloadChunk", "application/octet-stream", chunk),
            Part::End(outcome) => {
                *slot = None;
                message("InvokeComplete", "application/json", complete(outcome.err().as_ref()))
            }
        };
        Poll::Ready(Some(Ok(Frame::data(message))))
    }

    fn is_end_stream(&self) -> bool {
        self.reply.is_none()
    }
}

fn complete(error: Option<&FunctionError>) -> Bytes {
    let Some(error) = error else { return Bytes::from_static(b"{}") };
    let details = String::from_utf8_lossy(&error.body);
    serde_json::json!({ "ErrorCode": error.kind, "ErrorDetails": details }).to_string().into()
}

fn message(event_type: &'static str, content_type: &'static str, payload: Bytes) -> Bytes {
    let header = |name: &'static str, value: &'static str| Header::new(name, HeaderValue::String(value.into()));
    let mut buffer = Vec::with_capacity(payload.len() + OVERHEAD).limit(usize::MAX);
    let message = Message::new_from_parts(
        vec![
            header(":event-type", event_type),
            header(":content-type", content_type),
            header(":message-type", "event"),
        ],
        payload,
    );
    let written = write_message_to(&message, &mut buffer);
    debug_assert!(written.is_ok(), "three short headers and a payload far below 4 GiB always fit");
    buffer.into_inner().into()
}

//! What a function writes as `InvokeWithResponseStream` sends it.

use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use bytes::Bytes;

use super::script::Script;

/// The answer's media type.
pub(super) const CONTENT_TYPE: &str = "application/vnd.amazon.eventstream";

/// A `PayloadChunk` for each chunk of the script; `InvokeComplete` leaves together with the last.
pub(super) fn invoked(script: Script) -> impl Iterator<Item = Bytes> + Send + Sync {
    let mut frames = script.frames().peekable();
    std::iter::from_fn(move || {
        let mut message = message("PayloadChunk", "application/octet-stream", frames.next()?);
        if frames.peek().is_none() {
            message.extend(self::message("InvokeComplete", "application/json", Bytes::from_static(b"{}")));
        }
        Some(message.into())
    })
}

fn message(event_type: &'static str, content_type: &'static str, payload: Bytes) -> Vec<u8> {
    let header = |name: &'static str, value: &'static str| Header::new(name, HeaderValue::String(value.into()));
    let mut message = Message::new(payload);
    for (name, value) in [(":event-type", event_type), (":content-type", content_type), (":message-type", "event")] {
        message = message.add_header(header(name, value));
    }
    let mut bytes = Vec::new();
    // Three short headers and a small payload always fit; a message that did not would be missed.
    let _ = write_message_to(&message, &mut bytes);
    bytes
}

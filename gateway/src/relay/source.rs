//! A worker's stream as frame events, whichever contract the worker keeps.

use std::borrow::Cow;

use bytes::{BufMut, Bytes, BytesMut};
use penstock_protocol::RawValue;
use penstock_protocol::depth;
use penstock_protocol::frame::{Decoder, Event, FrameError, Prelude};
use penstock_protocol::manifest::{Contract, Kind};
use serde::{Deserialize, Serialize};

/// The largest answer of a function that does not stream: Lambda's own limit for one.
const MAX_PLAIN: usize = 6 * 1024 * 1024;

/// Turns what a function writes into [`Event`]s.
#[derive(Debug)]
pub(crate) enum Source {
    /// Frames, decoded as they arrive.
    Frames(Decoder),
    /// One JSON value, collected and then passed on as a result.
    Plain(Plain),
}

impl Source {
    pub(crate) fn new(contract: Contract, kind: Kind) -> Self {
        match contract {
            Contract::Frames => Self::Frames(Decoder::default()),
            Contract::Event | Contract::Arguments => Self::Plain(Plain {
                is_tool: kind == Kind::Tool,
                may_ask: contract == Contract::Event,
                ..Plain::default()
            }),
        }
    }

    pub(crate) fn push(&mut self, chunk: Bytes) -> Result<(), FrameError> {
        match self {
            Self::Frames(decoder) => decoder.push(chunk),
            Self::Plain(plain) => plain.push(chunk),
        }
    }

    pub(crate) fn finish(&mut self) -> Result<(), FrameError> {
        match self {
            Self::Frames(decoder) => decoder.finish(),
            Self::Plain(plain) => plain.finish(),
        }
    }

    pub(crate) fn next_event(&mut self) -> Option<Event> {
        match self {
            Self::Frames(decoder) => decoder.next_event(),
            Self::Plain(plain) => plain.events.pop(),
        }
    }

    /// Reads what a failed plain function left behind, as its answer or in the `details` of its end, as a result the
    /// model can read: its author knows no other way to say that the tool failed. False if it left nothing of the kind.
    pub(crate) fn finish_failed(&mut self, details: &str) -> bool {
        match self {
            Self::Frames(_) => false,
            Self::Plain(plain) => plain.finish_failed(details),
        }
    }
}

/// Collects one JSON value.
#[derive(Debug, Default)]
pub(crate) struct Plain {
    /// Whether values are wrapped: a tool may return anything, and says in its result that it failed.
    /// Prompts and resources have one shape, and no such result.
    is_tool: bool,
    prelude: Prelude,
    body: BytesMut,
    /// Whether the function can be told what the client answered.
    may_ask: bool,
    /// The last event first.
    events: Vec<Event>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Wrapped<'a> {
    content: [Text<'a>; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    structured_content: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    is_error: bool,
}

#[derive(Serialize)]
#[serde(tag = "type", rename = "text")]
struct Text<'a> {
    text: &'a str,
}

impl Plain {
    fn push(&mut self, chunk: Bytes) -> Result<(), FrameError> {
        let chunk = self.prelude.strip(chunk)?;
        if self.body.len() + chunk.len() > MAX_PLAIN {
            return Err(FrameError::LineTooLong);
        }
        self.body.put(chunk);
        Ok(())
    }

    /// A result is passed on; what is none becomes a tool's (rule R-9).
    fn finish(&mut self) -> Result<(), FrameError> {
        let held = self.prelude.finish()?;
        self.body.put(held);
        let body = self.body.split().freeze();
        if !depth::within_limit(&body) {
            return Err(FrameError::Malformed);
        }
        let value: &RawValue = serde_json::from_slice(&body).map_err(|_| FrameError::Malformed)?;
        if let Some(question) = question(value).filter(|_| self.may_ask) {
            self.events = vec![Event::InputRequired(question)];
        } else if !self.is_tool || is_call_tool_result(value) {
            self.emit(body);
        } else {
            let text = Text { text: value.get() };
            self.emit_wrapped(&Wrapped { content: [text], structured_content: Some(value), is_error: false });
        }
        Ok(())
    }

    fn finish_failed(&mut self, details: &str) -> bool {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Failure {
            error_message: String,
        }
        if !self.is_tool {
            return false;
        }
        self.body.extend_from_slice(&self.prelude.finish().unwrap_or_default());
        let left = if self.body.is_empty() { details.as_bytes() } else { &self.body };
        let Ok(Failure { error_message }) = serde_json::from_slice(left) else { return false };
        let text = Text { text: &error_message };
        self.emit_wrapped(&Wrapped { content: [text], structured_content: None, is_error: true });
        true
    }

    fn emit_wrapped(&mut self, result: &Wrapped<'_>) {
        self.emit(serde_json::to_vec(result).unwrap_or_default().into());
    }

    fn emit(&mut self, result: Bytes) {
        self.events = vec![Event::ResultEnd, Event::Result(result)];
    }
}

/// What a frame would hold, if the value is a result that asks for input.
fn question(value: &RawValue) -> Option<Bytes> {
    #[derive(Deserialize, Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Question<'a> {
        #[serde(borrow, skip_serializing)]
        result_type: Cow<'a, str>,
        #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
        input_requests: Option<&'a RawValue>,
        #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
        request_state: Option<&'a RawValue>,
    }
    let question: Question<'_> = serde_json::from_str(value.get()).ok()?;
    (question.result_type == "input_required").then(|| serde_json::to_vec(&question).unwrap_or_default().into())
}

fn is_call_tool_result(value: &RawValue) -> bool {
    #[derive(Deserialize)]
    struct CallToolResult<'a> {
        #[serde(rename = "content", borrow)]
        _content: Vec<&'a RawValue>,
    }
    value.get().starts_with('{') && serde_json::from_str::<CallToolResult<'_>>(value.get()).is_ok()
}

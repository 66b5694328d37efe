//! The JSON-RPC 2.0 envelope as MCP uses it: one message a body, ids echoed byte for byte.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, IgnoredAny};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::depth;

/// Error codes the gateway emits: JSON-RPC 2.0 section 5.1 and MCP 2026-07-28 "Error Codes" (rule E-2).
pub mod code {
    /// The body is not JSON.
    pub const PARSE_ERROR: i64 = -32700;
    /// The body is JSON but not a JSON-RPC request or notification.
    pub const INVALID_REQUEST: i64 = -32600;
    /// The method is not served here.
    pub const METHOD_NOT_FOUND: i64 = -32601;
    /// Parameters are missing, malformed or name something that does not exist.
    pub const INVALID_PARAMS: i64 = -32602;
    /// The request was sound and could not be carried out.
    pub const INTERNAL_ERROR: i64 = -32603;
    /// No such resource, in the handshake revisions; 2026-07-28 says [`INVALID_PARAMS`] (rule R-12).
    pub const RESOURCE_NOT_FOUND: i64 = -32002;
    /// A routing header is missing, malformed or differs from the body.
    pub const HEADER_MISMATCH: i64 = -32020;
    /// The client did not declare a capability the request needs.
    pub const MISSING_CLIENT_CAPABILITY: i64 = -32021;
    /// The protocol revision is not served here.
    pub const UNSUPPORTED_PROTOCOL_VERSION: i64 = -32022;
}

/// A request id: a JSON string or integer, kept as it was spelled (rule L-15).
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct Id(Box<RawValue>);

impl Id {
    /// The id as JSON text.
    pub fn as_json(&self) -> &str {
        self.0.get()
    }

    /// The id as a raw JSON value.
    pub fn to_raw(&self) -> Box<RawValue> {
        self.0.clone()
    }

    fn from_raw(raw: &RawValue) -> Result<Self, &'static str> {
        if is_string_or_integer(raw) { Ok(Self(raw.to_owned())) } else { Err("`id` must be a string or an integer") }
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_json())
    }
}

/// Whether a value is what ids and progress tokens may be.
pub fn is_string_or_integer(value: &RawValue) -> bool {
    let text = value.get();
    text.starts_with('"') || text.strip_prefix('-').unwrap_or(text).bytes().all(|byte| byte.is_ascii_digit())
}

/// One message from a client.
#[derive(Debug)]
pub enum Message<'a> {
    /// Wants an answer.
    Request(Request<'a>),
    /// Wants none.
    Notification(Notification<'a>),
    /// Answers a request the server sent on an earlier stream (handshake revisions only).
    Response(Response<'a>),
}

/// A request: `method` and `params` borrow from the body.
#[derive(Debug)]
pub struct Request<'a> {
    /// The id every answer echoes.
    pub id: Id,
    /// The method name.
    pub method: Cow<'a, str>,
    /// The parameters, verbatim; absent if the client sent none.
    pub params: Option<&'a RawValue>,
}

/// A notification: `method` and `params` borrow from the body.
#[derive(Debug)]
pub struct Notification<'a> {
    /// The method name.
    pub method: Cow<'a, str>,
    /// The parameters, verbatim; absent if the client sent none.
    pub params: Option<&'a RawValue>,
}

/// A client's answer to a request of the server's.
#[derive(Debug)]
pub struct Response<'a> {
    /// The id the server chose.
    pub id: Id,
    /// `result`, or `error` in `Err`, verbatim.
    pub outcome: Result<&'a RawValue, &'a RawValue>,
}

/// Why a body is not a message.
#[derive(Debug, thiserror::Error)]
pub enum ParseError {
    /// Not JSON at all: [`code::PARSE_ERROR`].
    #[error("the body is not JSON: {0}")]
    NotJson(serde_json::Error),
    /// Nested deeper than [`depth::MAX_DEPTH`]: [`code::INVALID_REQUEST`].
    #[error("the body nests deeper than {} levels", depth::MAX_DEPTH)]
    TooDeep,
    /// An array, which was a batch in revision 2025-03-26 only: [`code::INVALID_REQUEST`].
    #[error("the body is an array; send one message per POST")]
    Batch,
    /// JSON, but no JSON-RPC message: [`code::INVALID_REQUEST`]. The id is there if it could be read.
    #[error("not a JSON-RPC 2.0 message: {reason}")]
    Invalid {
        /// What is wrong with it.
        reason: String,
        /// The id to echo, if the body held a valid one (rule E-1).
        id: Option<Id>,
    },
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow, default)]
    jsonrpc: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "present")]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    method: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "present")]
    params: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    result: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    error: Option<&'a RawValue>,
}

/// Keeps `null` apart from absent, which `Option` alone would merge: for `deserialize_with`.
///
/// # Errors
/// If there is no JSON value.
pub fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

/// Reads one message. Members named twice are refused (rule S-6): two readers must not see two values.
///
/// # Errors
/// [`ParseError`], which says what to answer.
pub fn parse(body: &[u8]) -> Result<Message<'_>, ParseError> {
    // serde_json checks the strings it reads only, and members nobody asks for are not read (rule H-2).
    if std::str::from_utf8(body).is_err() {
        return Err(ParseError::NotJson(serde::de::Error::custom("it is not UTF-8")));
    }
    if !depth::within_limit(body) {
        return Err(ParseError::TooDeep);
    }
    if body.trim_ascii_start().first() == Some(&b'[') {
        // Looked at first: an array of the right values would pass for an envelope.
        return Err(serde_json::from_slice::<IgnoredAny>(body).map_or_else(ParseError::NotJson, |_| ParseError::Batch));
    }
    match serde_json::from_slice::<Envelope<'_>>(body) {
        Ok(envelope) => envelope.into_message(),
        Err(error) if !error.is_data() => Err(ParseError::NotJson(error)),
        Err(error) => Err(ParseError::Invalid { reason: error.to_string(), id: readable_id(body) }),
    }
}

/// The id of a body that is no message, so that its error can still be matched to it.
fn readable_id(body: &[u8]) -> Option<Id> {
    #[derive(Deserialize)]
    struct OnlyId<'a> {
        #[serde(borrow)]
        id: &'a RawValue,
    }
    let OnlyId { id } = serde_json::from_slice(body).ok()?;
    Id::from_raw(id).ok()
}

impl<'a> Envelope<'a> {
    fn into_message(self) -> Result<Message<'a>, ParseError> {
        let id = match self.id.map(Id::from_raw).transpose() {
            Ok(id) => id,
            Err(reason) => return Err(ParseError::Invalid { reason: reason.to_owned(), id: None }),
        };
        let invalid = |reason: &str, id| Err(ParseError::Invalid { reason: reason.to_owned(), id });
        if self.jsonrpc.as_deref() != Some("2.0") {
            return invalid("`jsonrpc` must be \"2.0\"", id);
        }
        if self.params.is_some_and(|params| !params.get().starts_with('{')) {
            return invalid("`params` must be an object", id);
        }
        match (self.method, id) {
            (Some(method), Some(id)) => Ok(Message::Request(Request { id, method, params: self.params })),
            (Some(method), None) => Ok(Message::Notification(Notification { method, params: self.params })),
            (None, Some(id)) => match (self.result, self.error) {
                (Some(result), None) => Ok(Message::Response(Response { id, outcome: Ok(result) })),
                (None, Some(error)) => Ok(Message::Response(Response { id, outcome: Err(error) })),
                _ => invalid("`method` is missing", Some(id)),
            },
            (None, id) => invalid("`method` is missing", id),
        }
    }
}

/// A JSON-RPC error object.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ErrorObject {
    /// One of [`code`], or a worker's own outside -32768..-32000.
    pub code: i64,
    /// One sentence for whoever reads the client's log.
    pub message: Cow<'static, str>,
    /// Structured detail, verbatim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Box<RawValue>>,
}

impl ErrorObject {
    /// An error without `data`.
    pub fn new(code: i64, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, message: message.into(), data: None }
    }

    /// The same error with `data`.
    #[must_use]
    pub fn with_data(mut self, data: &impl Serialize) -> Self {
        self.data = serde_json::value::to_raw_value(data).ok();
        self
    }
}

/// Writes an error response; `id` is left out if it could not be read (rule E-1).
pub fn error_response(id: Option<&Id>, error: &ErrorObject) -> Vec<u8> {
    #[derive(Serialize)]
    struct Response<'a> {
        jsonrpc: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<&'a RawValue>,
        error: &'a ErrorObject,
    }
    let response = Response { jsonrpc: "2.0", id: id.map(|id| &*id.0), error };
    serde_json::to_vec(&response).unwrap_or_default()
}

/// Reads parameters into `T`; absent ones are the empty object.
///
/// # Errors
/// What does not fit, in words for an [`code::INVALID_PARAMS`] answer.
pub fn parse_params<'a, T: Deserialize<'a>>(params: Option<&'a RawValue>) -> Result<T, String> {
    serde_json::from_str(params.map_or("{}", RawValue::get)).map_err(|error| error.to_string())
}

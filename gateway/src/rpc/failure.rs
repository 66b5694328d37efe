//! Everything that can go wrong with a message, and the one table that says what a client is told.
//!
//! What a client reads never holds what the log holds: AWS's words, function names and the worker's
//! own diagnostics stay inside.

use http::StatusCode;
use penstock_protocol::frame::FrameError;
use penstock_protocol::jsonrpc::{ErrorObject, ParseError, code};
use penstock_protocol::revision::Revision;
use penstock_store::StoreError;
use serde_json::json;

use crate::invoke::InvokeError;
use crate::seal::NoRandomness;

/// Why a message is not answered with a result. `Display` is for the log.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Parse(#[from] ParseError),
    #[error("header {header}: {reason}")]
    Header { header: String, reason: &'static str },
    #[error("_meta: {0}")]
    Meta(String),
    #[error("unsupported revision")]
    UnsupportedVersion(String),
    #[error("unknown method")]
    MethodNotFound(String),
    #[error("invalid parameters")]
    InvalidParams(String),
    #[error("unknown tool")]
    UnknownTool(String),
    #[error("the client did not declare a capability the worker needs")]
    MissingCapability(serde_json::Value),
    #[error("the worker asks for input: {0}")]
    CannotAsk(&'static str),
    #[error("the worker's question is none a client can answer: {0}")]
    Question(&'static str),
    #[error("the tool runs as a task only")]
    TaskOnly,
    #[error("unknown task")]
    UnknownTask,
    #[error("the task could not be started: {0}")]
    NotStarted(InvokeError),
    #[error("the task ended without an answer")]
    TaskLost,
    #[error("the worker's result is larger than what is kept")]
    TooLarge,
    #[error("the store failed: {0}")]
    Store(#[from] StoreError),
    #[error("the worker gave no answer in time")]
    Deadline,
    #[error("the worker broke its contract: {0}")]
    Contract(FrameError),
    #[error("the worker's result is not a JSON object with a complete result")]
    NotAResult,
    #[error(transparent)]
    Seal(#[from] NoRandomness),
    #[error(transparent)]
    Invoke(InvokeError),
}

impl Failure {
    /// What the client reads.
    pub(crate) fn to_error(&self) -> ErrorObject {
        match self {
            Self::Parse(error @ ParseError::NotJson(_)) => ErrorObject::new(code::PARSE_ERROR, error.to_string()),
            Self::Parse(error) => ErrorObject::new(code::INVALID_REQUEST, error.to_string()),
            Self::Header { .. } => ErrorObject::new(code::HEADER_MISMATCH, self.to_string()),
            Self::Meta(reason) => ErrorObject::new(code::INVALID_PARAMS, format!("_meta: {reason}")),
            Self::UnsupportedVersion(requested) => unsupported_version(requested),
            Self::MethodNotFound(method) => {
                ErrorObject::new(code::METHOD_NOT_FOUND, format!("method not found: {method}"))
            }
            Self::InvalidParams(reason) => ErrorObject::new(code::INVALID_PARAMS, reason.clone()),
            Self::UnknownTool(name) => ErrorObject::new(code::INVALID_PARAMS, format!("unknown tool: {name}")),
            Self::MissingCapability(required) => missing_capability(required),
            Self::CannotAsk(reason) => {
                ErrorObject::new(code::INTERNAL_ERROR, format!("the tool needs input from the client: {reason}"))
            }
            Self::TaskOnly => ErrorObject::new(
                code::INTERNAL_ERROR,
                "this tool runs as a task, which takes a client of protocol version 2026-07-28",
            ),
            Self::UnknownTask => ErrorObject::new(code::INVALID_PARAMS, "unknown task"),
            Self::TaskLost => worker_failure("the task ended without an answer", "lost", None),
            Self::TooLarge => worker_failure("the tool's result is too large to be kept", "tooLarge", None),
            Self::Store(_) | Self::Seal(_) => ErrorObject::new(code::INTERNAL_ERROR, "the gateway failed"),
            Self::Deadline => worker_failure("the tool did not answer in time", "deadline", None),
            Self::Contract(FrameError::Truncated) | Self::Invoke(InvokeError::Truncated) => {
                worker_failure("the tool broke off before it gave a result", "truncated", None)
            }
            Self::Contract(_) | Self::NotAResult | Self::Question(_) => {
                worker_failure("the tool's answer could not be read", "contract", None)
            }
            Self::Invoke(error) | Self::NotStarted(error) => not_invoked(error),
        }
    }

    /// The HTTP status, where it can still be chosen. Errors behind the negotiation of a revision
    /// stay at 200: clients of two eras take 4xx as a sign to fall back to `initialize`.
    pub(crate) fn status(&self, stateless: bool) -> StatusCode {
        match self {
            Self::Parse(_) | Self::Header { .. } | Self::Meta(_) | Self::UnsupportedVersion(_) => {
                StatusCode::BAD_REQUEST
            }
            Self::MissingCapability(_) if stateless => StatusCode::BAD_REQUEST,
            Self::MethodNotFound(_) if stateless => StatusCode::NOT_FOUND,
            _ => StatusCode::OK,
        }
    }
}

fn unsupported_version(requested: &str) -> ErrorObject {
    let supported = Revision::ALL.map(Revision::as_str);
    ErrorObject::new(code::UNSUPPORTED_PROTOCOL_VERSION, "unsupported protocol version")
        .with_data(&json!({ "supported": supported, "requested": requested }))
}

/// `required` is a `ClientCapabilities` object (rule E-3).
fn missing_capability(required: &serde_json::Value) -> ErrorObject {
    ErrorObject::new(code::MISSING_CLIENT_CAPABILITY, "the client did not declare a capability this request needs")
        .with_data(&json!({ "requiredCapabilities": required }))
}

fn not_invoked(error: &InvokeError) -> ErrorObject {
    match error {
        InvokeError::Throttled { retry_after, .. } => {
            let seconds = retry_after.as_deref().and_then(|text| text.parse::<u32>().ok());
            worker_failure("the tool is busy; try again later", "throttled", seconds)
        }
        InvokeError::Unavailable(_) => worker_failure("the tool is not available", "unavailable", None),
        InvokeError::Service(_) | InvokeError::Truncated => {
            worker_failure("the tool could not be reached", "unreachable", None)
        }
        InvokeError::Function { code, .. } if code.starts_with("Sandbox.") => {
            worker_failure("the tool did not answer in time", "deadline", None)
        }
        InvokeError::Function { .. } => worker_failure("the tool failed before it gave a result", "crashed", None),
    }
}

/// `data.reason` is for programs, the message for people; `retryAfterMs` where Lambda named a time.
fn worker_failure(message: &'static str, reason: &'static str, retry_after_seconds: Option<u32>) -> ErrorObject {
    let data = match retry_after_seconds {
        Some(seconds) => json!({ "reason": reason, "retryAfterMs": u64::from(seconds) * 1000 }),
        None => json!({ "reason": reason }),
    };
    ErrorObject::new(code::INTERNAL_ERROR, message).with_data(&data)
}

/// A worker's own error, its code kept where a worker may use it (rule E-2).
pub(crate) fn from_worker(mut error: ErrorObject) -> ErrorObject {
    const RESERVED: std::ops::RangeInclusive<i64> = -32768..=-32000;
    const ALLOWED: [i64; 3] = [code::INVALID_PARAMS, code::INTERNAL_ERROR, code::MISSING_CLIENT_CAPABILITY];
    if RESERVED.contains(&error.code) && !ALLOWED.contains(&error.code) {
        error.code = code::INTERNAL_ERROR;
    }
    error
}

/// The HTTP status of a worker's own error for a 2026-07-28 client.
pub(crate) fn worker_status(error: &ErrorObject) -> StatusCode {
    if error.code == code::MISSING_CLIENT_CAPABILITY { StatusCode::BAD_REQUEST } else { StatusCode::OK }
}

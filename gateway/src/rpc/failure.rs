//! Everything that can go wrong with a message, and the one table that says what a client is told.
//!
//! What a client reads never holds what the log holds: AWS's words, function names and the worker's
//! own diagnostics stay inside.

use std::collections::HashMap;

use http::StatusCode;
use penstock_policy::Decision;
use penstock_protocol::frame::FrameError;
use penstock_protocol::jsonrpc::{ErrorObject, ParseError, code};
use penstock_protocol::manifest::Kind;
use penstock_protocol::revision::Revision;
use penstock_store::StoreError;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::challenge::InsufficientScope;
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
    #[error("the session is unknown, has expired or has ended")]
    UnknownSession,
    #[error("no session")]
    NeedsSession,
    #[error("answers no question of this session")]
    NotAsked,
    #[error("the answer is too large")]
    AnswerTooLarge,
    #[error("the client has cancelled the request")]
    Cancelled,
    #[error("unknown tool")]
    UnknownTool(String),
    #[error("unknown prompt")]
    UnknownPrompt(String),
    #[error("unknown resource")]
    UnknownResource { uri: String, revision: Revision },
    #[error("insufficient scope")]
    InsufficientScope(InsufficientScope),
    #[error("denied by policy{}", reason(.0))]
    Denied(Decision),
    #[error("the caller has no tenant")]
    NoTenant,
    #[error("the client did not declare a capability the worker needs")]
    MissingCapability(Value),
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
    #[error("the worker gave no answer in time")]
    Deadline,
    #[error("the worker broke its contract: {0}")]
    Contract(FrameError),
    #[error("the worker's result is not a JSON object with a complete result")]
    NotAResult,
    #[error("the worker's result does not match the tool's outputSchema")]
    Output,
    #[error("the client takes no event stream")]
    EventsOnly,
    #[error("the store failed: {0}")]
    Store(#[from] StoreError),
    #[error(transparent)]
    Seal(#[from] NoRandomness),
    #[error(transparent)]
    Invoke(InvokeError),
}

impl Failure {
    /// What the client reads.
    pub(crate) fn to_error(&self) -> ErrorObject {
        self.to_error_about(Kind::Tool)
    }

    /// What the client reads, in words for what it asked for.
    pub(crate) fn to_error_about(&self, kind: Kind) -> ErrorObject {
        let worker_failure = |text: &str, reason| worker_failure(kind, text, reason, None);
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
            Self::UnknownSession => invalid_request("there is no such session; initialize again"),
            Self::NeedsSession => {
                invalid_request("this needs the Mcp-Session-Id that the answer to `initialize` came with")
            }
            Self::NotAsked => invalid_request("answers nothing that was asked in this session"),
            Self::AnswerTooLarge => invalid_request("the answer is larger than 350 KiB"),
            Self::Cancelled => ErrorObject::new(code::INTERNAL_ERROR, "cancelled"),
            Self::UnknownTool(name) => ErrorObject::new(code::INVALID_PARAMS, format!("unknown tool: {name}")),
            Self::UnknownPrompt(name) => ErrorObject::new(code::INVALID_PARAMS, format!("unknown prompt: {name}")),
            Self::UnknownResource { uri, revision } => unknown_resource(uri, *revision),
            Self::InsufficientScope(lacking) => insufficient_scope(lacking),
            Self::Denied(_) => ErrorObject::new(FORBIDDEN, "not permitted").with_data(&json!({ "reason": "policy" })),
            Self::NoTenant => ErrorObject::new(FORBIDDEN, "only for callers whose token names their tenant")
                .with_data(&json!({ "reason": "tenant" })),
            Self::MissingCapability(required) => missing_capability(required),
            Self::CannotAsk(reason) => {
                let noun = noun(kind);
                ErrorObject::new(code::INTERNAL_ERROR, format!("the {noun} needs input from the client: {reason}"))
            }
            Self::TaskOnly => ErrorObject::new(
                code::INTERNAL_ERROR,
                "this tool runs as a task, which takes a client of protocol version 2026-07-28",
            ),
            Self::UnknownTask => ErrorObject::new(code::INVALID_PARAMS, "unknown task"),
            Self::TaskLost => worker_failure("was given up: its time is over", "lost"),
            Self::TooLarge => worker_failure("gave a result that is too large to be kept", "tooLarge"),
            Self::Deadline => worker_failure("did not answer in time", "deadline"),
            Self::Contract(FrameError::Truncated) | Self::Invoke(InvokeError::Truncated) => {
                worker_failure("broke off before it gave a result", "truncated")
            }
            Self::Contract(_) | Self::NotAResult | Self::Question(_) => {
                worker_failure("gave an answer that could not be read", "contract")
            }
            Self::Output => worker_failure("gave a result that does not match its outputSchema", "contract"),
            Self::EventsOnly => {
                ErrorObject::new(code::INVALID_REQUEST, "answered with events: Accept must allow text/event-stream")
            }
            Self::Store(_) | Self::Seal(_) => ErrorObject::new(code::INTERNAL_ERROR, "the gateway failed"),
            Self::Invoke(error) | Self::NotStarted(error) => not_invoked(error, kind),
        }
    }

    /// The HTTP status, where it can still be chosen. Errors behind the negotiation of a revision
    /// stay at 200: clients of two eras take 4xx as a sign to fall back to `initialize`.
    pub(crate) fn status(&self, stateless: bool) -> StatusCode {
        match self {
            Self::Parse(_) | Self::Header { .. } | Self::Meta(_) | Self::UnsupportedVersion(_) => {
                StatusCode::BAD_REQUEST
            }
            Self::EventsOnly => StatusCode::NOT_ACCEPTABLE,
            Self::InsufficientScope(_) | Self::Denied(_) | Self::NoTenant => StatusCode::FORBIDDEN,
            Self::NeedsSession | Self::NotAsked => StatusCode::BAD_REQUEST,
            Self::UnknownSession => StatusCode::NOT_FOUND,
            Self::AnswerTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::MissingCapability(_) if stateless => StatusCode::BAD_REQUEST,
            Self::MethodNotFound(_) if stateless => StatusCode::NOT_FOUND,
            _ => StatusCode::OK,
        }
    }

    /// The HTTP status where no request waits for a response that could carry the failure.
    pub(crate) fn status_alone(&self) -> StatusCode {
        match self.status(true) {
            StatusCode::OK => StatusCode::SERVICE_UNAVAILABLE,
            status => status,
        }
    }
}

/// The code of an error that says what the caller may not do; outside what JSON-RPC keeps (rule E-2).
const FORBIDDEN: i64 = 403;

/// `wwwAuthenticate` repeats the header, which function URLs rename.
fn insufficient_scope(lacking: &InsufficientScope) -> ErrorObject {
    ErrorObject::new(FORBIDDEN, "insufficient scope")
        .with_data(&json!({ "wwwAuthenticate": lacking.challenge(), "requiredScopes": lacking.scopes }))
}

/// What made a decision, where it was not a policy's word.
fn reason(decision: &Decision) -> String {
    decision.reason.as_ref().map_or_else(String::new, |reason| format!(": {reason}"))
}

fn invalid_request(message: &'static str) -> ErrorObject {
    ErrorObject::new(code::INVALID_REQUEST, message)
}

fn unsupported_version(requested: &str) -> ErrorObject {
    let supported = Revision::ALL.map(Revision::as_str);
    ErrorObject::new(code::UNSUPPORTED_PROTOCOL_VERSION, "unsupported protocol version")
        .with_data(&json!({ "supported": supported, "requested": requested }))
}

/// `required` is a `ClientCapabilities` object (rule E-3).
fn missing_capability(required: &Value) -> ErrorObject {
    ErrorObject::new(code::MISSING_CLIENT_CAPABILITY, "the client did not declare a capability this request needs")
        .with_data(&json!({ "requiredCapabilities": required }))
}

fn not_invoked(error: &InvokeError, kind: Kind) -> ErrorObject {
    let worker_failure = |text: &str, reason, seconds| worker_failure(kind, text, reason, seconds);
    match error {
        InvokeError::Throttled { retry_after, .. } => {
            let seconds = retry_after.as_deref().and_then(|text| text.parse::<u32>().ok());
            worker_failure("is busy; try again later", "throttled", seconds)
        }
        InvokeError::Unavailable(_) => worker_failure("is not available", "unavailable", None),
        InvokeError::Service(_) | InvokeError::Truncated => worker_failure("could not be reached", "unreachable", None),
        InvokeError::Function { code, .. } if code.starts_with("Sandbox.") => {
            worker_failure("did not answer in time", "deadline", None)
        }
        InvokeError::Function { .. } => worker_failure("failed before it gave a result", "crashed", None),
    }
}

/// `data.reason` is for programs, the message for people; `retryAfterMs` where Lambda named a time.
fn worker_failure(kind: Kind, what: &str, reason: &'static str, retry_after_seconds: Option<u32>) -> ErrorObject {
    let data = match retry_after_seconds {
        Some(seconds) => json!({ "reason": reason, "retryAfterMs": u64::from(seconds) * 1000 }),
        None => json!({ "reason": reason }),
    };
    ErrorObject::new(code::INTERNAL_ERROR, format!("the {} {what}", noun(kind))).with_data(&data)
}

/// The revisions disagree on the code (rule R-12).
const fn not_found(stateless: bool) -> i64 {
    if stateless { code::INVALID_PARAMS } else { code::RESOURCE_NOT_FOUND }
}

fn unknown_resource(uri: &str, revision: Revision) -> ErrorObject {
    ErrorObject::new(not_found(revision.is_stateless()), "resource not found").with_data(&json!({ "uri": uri }))
}

/// What clients call an entry of a kind, or of a library of that kind.
const fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::Tool => "tool",
        Kind::Prompt | Kind::PromptLibrary => "prompt",
        Kind::Resource | Kind::ResourceTemplate | Kind::ResourceLibrary => "resource",
    }
}

/// A worker's own error, its code kept where a worker may use it (rule E-2). A resource that is not
/// there, which a worker tells by `data.uri`, has the code of the client's revision.
pub(crate) fn from_worker(mut error: ErrorObject, kind: Kind, stateless: bool) -> ErrorObject {
    const RESERVED: std::ops::RangeInclusive<i64> = -32768..=-32000;
    const ALLOWED: [i64; 3] = [code::INVALID_PARAMS, code::INTERNAL_ERROR, code::MISSING_CLIENT_CAPABILITY];
    if RESERVED.contains(&error.code) && !ALLOWED.contains(&error.code) {
        error.code = code::INTERNAL_ERROR;
    }
    // A client can do nothing with a -32021 that names no capability (rule E-3).
    if error.code == code::MISSING_CLIENT_CAPABILITY && !names_capabilities(&error) {
        error.code = code::INTERNAL_ERROR;
    }
    let reads = matches!(kind, Kind::Resource | Kind::ResourceTemplate);
    if reads && error.code == code::INVALID_PARAMS && names_a_uri(&error) {
        error.code = not_found(stateless);
    }
    error
}

fn names_a_uri(error: &ErrorObject) -> bool {
    #[derive(Deserialize)]
    struct Data {
        #[serde(rename = "uri")]
        _uri: String,
    }
    error.data.as_ref().is_some_and(|data| serde_json::from_str::<Data>(data.get()).is_ok())
}

fn names_capabilities(error: &ErrorObject) -> bool {
    #[derive(Deserialize)]
    struct Data {
        #[serde(rename = "requiredCapabilities")]
        _required: HashMap<String, Map<String, Value>>,
    }
    error.data.as_ref().is_some_and(|data| serde_json::from_str::<Data>(data.get()).is_ok())
}

/// The HTTP status of a worker's own error for a 2026-07-28 client.
pub(crate) fn worker_status(error: &ErrorObject) -> StatusCode {
    if error.code == code::MISSING_CLIENT_CAPABILITY { StatusCode::BAD_REQUEST } else { StatusCode::OK }
}

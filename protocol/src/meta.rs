//! The `_meta` members of a request that the gateway reads (MCP 2026-07-28, "Per-request fields").
//!
//! Everything else in `_meta` stays in the raw parameters and reaches the worker untouched.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// Names of reserved `_meta` members.
pub mod key {
    /// The revision a request is written in.
    pub const PROTOCOL_VERSION: &str = "io.modelcontextprotocol/protocolVersion";
    /// What the client can do, for this request alone.
    pub const CLIENT_CAPABILITIES: &str = "io.modelcontextprotocol/clientCapabilities";
    /// Who answered, on every result (rule M-4).
    pub const SERVER_INFO: &str = "io.modelcontextprotocol/serverInfo";
    /// The `subscriptions/listen` request a notification belongs to (rule M-8).
    pub const SUBSCRIPTION_ID: &str = "io.modelcontextprotocol/subscriptionId";
}

/// The tasks extension, as it is named under `capabilities.extensions`.
pub const TASKS_EXTENSION: &str = "io.modelcontextprotocol/tasks";

/// What a request says about itself. Members of the wrong JSON type stay visible as raw values, so
/// that the caller decides which of them is an error.
#[derive(Debug, Default, Clone, Copy, Deserialize)]
pub struct RequestMeta<'a> {
    /// `io.modelcontextprotocol/protocolVersion`: should be a string.
    #[serde(borrow, default, rename = "io.modelcontextprotocol/protocolVersion")]
    pub protocol_version: Option<&'a RawValue>,
    /// `io.modelcontextprotocol/clientCapabilities`: should be an object.
    #[serde(borrow, default, rename = "io.modelcontextprotocol/clientCapabilities")]
    pub client_capabilities: Option<&'a RawValue>,
    /// `io.modelcontextprotocol/logLevel`: the least severe log message wanted.
    #[serde(borrow, default, rename = "io.modelcontextprotocol/logLevel")]
    pub log_level: Option<&'a RawValue>,
    /// `progressToken`: a string or an integer, echoed verbatim (rule M-6).
    #[serde(borrow, default, rename = "progressToken")]
    pub progress_token: Option<&'a RawValue>,
    /// W3C `traceparent` (rule X-1).
    #[serde(borrow, default)]
    pub traceparent: Option<&'a RawValue>,
    /// W3C `tracestate`.
    #[serde(borrow, default)]
    pub tracestate: Option<&'a RawValue>,
    /// W3C `baggage`.
    #[serde(borrow, default)]
    pub baggage: Option<&'a RawValue>,
}

/// The raw value as text, if it is a JSON string.
pub fn as_str(raw: &RawValue) -> Option<Cow<'_, str>> {
    #[derive(Deserialize)]
    struct Text<'a>(#[serde(borrow)] Cow<'a, str>);
    serde_json::from_str::<Text<'_>>(raw.get()).ok().map(|Text(text)| text)
}

/// Severity of a log message, as in RFC 5424 and MCP `LoggingLevel`; ordered from least to most severe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// Detail for whoever debugs the tool.
    Debug,
    /// Normal operation.
    Info,
    /// Normal but significant.
    Notice,
    /// Something may be wrong.
    Warning,
    /// Something failed.
    Error,
    /// A component is broken.
    Critical,
    /// Someone must act now.
    Alert,
    /// Nothing works.
    Emergency,
}

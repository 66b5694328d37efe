//! The event a worker function is invoked with: the client's method and parameters, untouched, and
//! what the gateway knows about the call.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::meta::LogLevel;
use crate::revision::Revision;

/// One call, as a worker receives it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CallEvent {
    /// The MCP method, e.g. `tools/call`.
    pub method: String,
    /// The client's `params`, byte for byte.
    pub params: Box<RawValue>,
    /// What the gateway adds.
    pub context: CallContext,
}

/// What the gateway knows about a call. Never the client's token.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallContext {
    /// The JSON-RPC id, as the client spelled it. Unique only together with the client.
    pub request_id: Box<RawValue>,
    /// When the answer must be complete, in milliseconds since the Unix epoch. Lambda does not stop
    /// a function whose reader has left, so a worker that ignores this is billed for nothing.
    pub deadline_ms: u64,
    /// The revision the client speaks.
    pub protocol_version: Revision,
    /// Whether the client asked for progress; `progress` frames are dropped otherwise.
    pub progress: bool,
    /// The least severe `log` frame the client wants; `log` frames are dropped if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_level: Option<LogLevel>,
    /// The client's capabilities for this request, verbatim; absent if it declared none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_capabilities: Option<Box<RawValue>>,
    /// W3C trace context, if the client sent a well-formed one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<TraceContext>,
    /// The verified caller; absent if the gateway runs without authentication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller: Option<Caller>,
    /// What the variables of a resource template stand for in the URI that is read, percent-decoded.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub uri_variables: BTreeMap<String, String>,
    /// What the worker asked for the last time and has got; absent in the first round.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<Input>,
    /// The key in the store under which a record appears once nobody wants the answer any more;
    /// absent where the gateway has no shared store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancellation: Option<String>,
    /// The task this call runs as, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task_id: Option<String>,
}

/// What a client answered to an [`inputRequired`](crate::frame::InputRequired) frame.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Input {
    /// The answers by the keys the worker chose, verbatim: `ElicitResult`, `CreateMessageResult` or
    /// `ListRootsResult`. May lack some: a worker that cannot do without asks again (rule Q-8).
    #[serde(default)]
    pub responses: BTreeMap<String, Box<RawValue>>,
    /// The worker's own `requestState`, as it wrote it. No client has seen or changed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}

/// W3C trace context (rule X-1). A hint for telemetry, never a basis for decisions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceContext {
    /// `traceparent`, version 00.
    pub traceparent: String,
    /// `tracestate`, if sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracestate: Option<String>,
    /// `baggage`, if sent and short.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baggage: Option<String>,
}

/// Who calls, as verified by the gateway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Caller {
    /// The token's `sub`: unique within its issuer.
    pub subject: String,
    /// The token's `iss`.
    pub issuer: String,
    /// The OAuth client the token was issued to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// The scopes the token grants.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// The groups the issuer says the caller belongs to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// The tenant the caller belongs to, where the gateway knows of tenants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
}

//! What a worker streams back: one JSON object a line, each with exactly one member.
//!
//! ```text
//! {"progress":{"progress":1,"total":3,"message":"page 1"}}
//! {"log":{"level":"info","data":"hello"}}
//! {"result":{"content":[{"type":"text","text":"done"}]}}
//! ```
//!
//! Any number of `progress`, `log` and `changed` lines, then exactly one `result`, `error` or
//! `inputRequired`. Lambda cuts
//! chunks anywhere and cannot report a failure once a stream has begun, so the end is in-band: a
//! stream without a terminal frame was cut short.

mod decoder;
mod prelude;

pub use decoder::{Decoder, Event, FrameError, MAX_LINE};
pub use prelude::Prelude;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Number;
use serde_json::value::RawValue;

use crate::jsonrpc::ErrorObject;
use crate::meta::LogLevel;

/// One frame, as a worker writes it. `R` is the MCP result, e.g. a `CallToolResult`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Frame<R> {
    /// The `params` of `notifications/progress`; the gateway adds the token.
    Progress(Progress),
    /// The `params` of `notifications/message`.
    Log(Log),
    /// Something clients may have subscribed to has changed.
    Changed(Changed),
    /// The result, passed on verbatim. Ends the stream.
    Result(R),
    /// The worker cannot go on without input from the client. Ends the stream; the worker is called
    /// again with what the client answered.
    InputRequired(InputRequired),
    /// A JSON-RPC error. Ends the stream. A tool that failed sends a result with `isError` instead.
    Error(ErrorObject),
}

/// How far a call has come. `progress` must grow from frame to frame (rule T-3).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Progress {
    /// Work done so far, in any unit.
    pub progress: Number,
    /// All work there is, in the same unit, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<Number>,
    /// What is happening, for a human.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// A log message for the client.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Log {
    /// How severe it is.
    pub level: LogLevel,
    /// Which part of the tool speaks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logger: Option<String>,
    /// Anything JSON.
    pub data: serde_json::Value,
}

/// What has changed, for clients that subscribed to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Changed {
    /// A list: clients should fetch it again.
    List(List),
    /// The resource at this URI.
    Resource(String),
}

/// A list clients can subscribe to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum List {
    /// `tools/list`.
    Tools,
    /// `prompts/list`.
    Prompts,
    /// `resources/list`.
    Resources,
}

/// What a worker needs to know before it can go on (rule Q-2). At least one member is there.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InputRequired {
    /// What to ask the client, by keys of the worker's choice.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub input_requests: BTreeMap<String, InputRequest>,
    /// What the worker wants back beside the answers. Clients get it sealed: they can neither read
    /// nor change it, nor use it for another call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_state: Option<String>,
}

/// One question to the client.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct InputRequest {
    /// `elicitation/create`, `sampling/createMessage` or `roots/list` (rule Q-3).
    pub method: String,
    /// The method's parameters, passed on verbatim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub params: Option<Box<RawValue>>,
}

impl<R: Serialize> Frame<R> {
    /// The frame as a line, with its line feed.
    ///
    /// # Errors
    /// If `R` does not serialise (a map with keys that are not strings, say).
    pub fn to_line(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut line = serde_json::to_vec(self)?;
        line.push(b'\n');
        Ok(line)
    }
}

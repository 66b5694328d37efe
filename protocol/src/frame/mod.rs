//! What a worker streams back: one JSON object a line, each with exactly one member.
//!
//! ```text
//! {"progress":{"progress":1,"total":3,"message":"page 1"}}
//! {"log":{"level":"info","data":"hello"}}
//! {"result":{"content":[{"type":"text","text":"done"}]}}
//! ```
//!
//! Any number of `progress` and `log` lines, then exactly one `result` or `error`. Lambda cuts
//! chunks anywhere and cannot report a failure once a stream has begun, so the end is in-band: a
//! stream without a terminal frame was cut short.

mod decoder;
mod prelude;

pub use decoder::{Decoder, Event, FrameError, MAX_LINE};
pub use prelude::Prelude;

use serde::Serialize;
use serde_json::Number;

use crate::jsonrpc::ErrorObject;
use crate::meta::LogLevel;

/// One frame, as a worker writes it. `R` is the MCP result, e.g. a `CallToolResult`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Frame<R> {
    /// The `params` of `notifications/progress`; the gateway adds the token.
    Progress(Progress),
    /// The `params` of `notifications/message`.
    Log(Log),
    /// The result, passed on verbatim. Ends the stream.
    Result(R),
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

use std::fmt::Display;

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Call, ErrorObject, Reply};

/// One MCP tool.
pub trait Tool: Send + Sync + 'static {
    /// The text of the tool's `tool.json`: `include_str!("tool.json")`.
    const MANIFEST: &'static str;

    /// What the tool takes; the root must be an object. [`NoArguments`](crate::NoArguments) for none,
    /// a [`serde_json::Map`] where `inputSchema` is written by hand.
    type Arguments: DeserializeOwned + JsonSchema + Send;

    /// What stands in `structuredContent`; `()` for a tool that answers in [`Content`](crate::Content)
    /// only and declares no `outputSchema`.
    type Output: Serialize + JsonSchema + Send;

    /// Carries out one call. Dropped at an `await` when the deadline is near or the reader has left.
    ///
    /// # Errors
    /// [`ToolError`], which decides between a failure the model reads and one of the protocol.
    fn call(
        &self,
        arguments: Self::Arguments,
        call: &Call,
    ) -> impl Future<Output = Result<Reply<Self::Output>, ToolError>> + Send;
}

/// Why a call has no output.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ToolError {
    /// The tool ran and failed. The text reaches the model, as a result with `isError`, so that it
    /// can correct itself: say what was wrong and what would be right.
    #[error("{0}")]
    Failed(String),
    /// The request itself cannot be served. Reaches the client as a JSON-RPC error.
    #[error("{}", .0.message)]
    Protocol(ErrorObject),
}

impl ToolError {
    /// A failure the model reads. Usable as `.map_err(ToolError::failed)`; the text of the error is
    /// public then.
    pub fn failed(reason: impl Display) -> Self {
        Self::Failed(reason.to_string())
    }
}

impl From<ErrorObject> for ToolError {
    fn from(error: ErrorObject) -> Self {
        Self::Protocol(error)
    }
}

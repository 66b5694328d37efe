use std::fmt::Display;
use std::sync::Arc;

use futures_util::FutureExt;
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::deployed::Handlers;
use crate::{Call, ErrorObject, Input, Reply, arguments, code};

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

    /// Carries out one call. Dropped at an `await` when the deadline is near, the reader has left or
    /// the call is cancelled.
    ///
    /// # Errors
    /// [`ToolError`], which decides between a failure the model reads and one of the protocol.
    fn call(
        &self,
        arguments: Self::Arguments,
        call: &Call,
    ) -> impl Future<Output = Result<Reply<Self::Output>, ToolError>> + Send;
}

/// Why a call of a tool, prompt or resource has no output.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ToolError {
    /// The tool ran and failed. The text reaches the model, as a result with `isError`, so that it
    /// can correct itself: say what was wrong and what would be right. Of a prompt or resource, which
    /// have no such results, it becomes the message of an error.
    #[error("{0}")]
    Failed(String),
    /// The request itself cannot be served. Reaches the client as a JSON-RPC error.
    #[error("{}", .0.message)]
    Protocol(ErrorObject),
    /// The client has to answer something first. Ends this round; the call is made again.
    #[error("input from the client is required")]
    InputRequired(Input),
}

impl ToolError {
    /// A failure the model reads. Usable as `.map_err(ToolError::failed)`; the text of the error is
    /// public then.
    pub fn failed(reason: impl Display) -> Self {
        Self::Failed(reason.to_string())
    }

    /// There is no resource at `uri` (rule R-12).
    pub fn not_found(uri: &str) -> Self {
        let error = ErrorObject::new(code::INVALID_PARAMS, "there is no such resource");
        Self::Protocol(error.with_data(&serde_json::json!({ "uri": uri })))
    }

    /// There is no prompt of this name in a library, or no longer.
    pub fn unknown_prompt(name: &str) -> Self {
        Self::Protocol(ErrorObject::new(code::INVALID_PARAMS, format!("there is no prompt {name:?}")))
    }
}

impl From<Input> for ToolError {
    fn from(input: Input) -> Self {
        Self::InputRequired(input)
    }
}

impl From<ErrorObject> for ToolError {
    fn from(error: ErrorObject) -> Self {
        Self::Protocol(error)
    }
}

/// Hides the types of `tool`.
pub(crate) fn handlers<T: Tool>(tool: T) -> Handlers {
    let tool = Arc::new(tool);
    let call = move |call: Call, json: String| {
        let tool = Arc::clone(&tool);
        async move {
            let arguments = arguments::parse(&json).map_err(ToolError::Failed)?;
            tool.call(arguments, &call).await?.into_line()
        }
        .boxed()
    };
    Handlers { call: Box::new(call), complete: None, list: None }
}

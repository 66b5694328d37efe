use penstock_protocol::Bytes;
use penstock_protocol::frame::Frame;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value};

use crate::deployed::Outcome;
use crate::{Content, ErrorObject, ToolError, code};

/// What a tool answers: a `CallToolResult` in the making.
#[derive(Debug, Clone)]
pub struct Reply<T> {
    output: Option<T>,
    content: Vec<Content>,
    meta: Map<String, Value>,
}

impl Reply<()> {
    /// An answer in text only.
    pub fn text(text: impl Into<String>) -> Self {
        Self::content([Content::text(text)])
    }

    /// An answer in content blocks only.
    pub fn content(content: impl IntoIterator<Item = Content>) -> Self {
        Self { output: None, content: content.into_iter().collect(), meta: Map::new() }
    }
}

impl<T> From<T> for Reply<T> {
    /// `output` becomes `structuredContent` and, as JSON, the text beside it (rule R-9).
    fn from(output: T) -> Self {
        Self { output: Some(output), content: Vec::new(), meta: Map::new() }
    }
}

impl<T> Reply<T> {
    /// Shows `content` instead of the output's JSON. Called again, adds another block.
    #[must_use]
    pub fn with_content(mut self, content: Content) -> Self {
        self.content.push(content);
        self
    }

    /// Adds a member to the result's `_meta`.
    #[must_use]
    pub fn with_meta(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.meta.insert(key.into(), value.into());
        self
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CallToolResult<'a> {
    content: &'a [Content],
    #[serde(skip_serializing_if = "Option::is_none")]
    structured_content: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "is_false")]
    is_error: bool,
    #[serde(rename = "_meta", skip_serializing_if = "Map::is_empty")]
    meta: &'a Map<String, Value>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_false(flag: &bool) -> bool {
    !*flag
}

impl<T: Serialize> Reply<T> {
    /// The reply as a `result` line.
    pub(crate) fn into_line(self) -> Outcome {
        let structured = self.output.as_ref().map(to_raw_value).transpose().map_err(|error| no_json(&error))?;
        let mut content = self.content;
        if let (true, Some(json)) = (content.is_empty(), &structured) {
            content.push(Content::text(json.get()));
        }
        let result = CallToolResult {
            content: &content,
            structured_content: structured.as_deref(),
            is_error: false,
            meta: &self.meta,
        };
        result_line(&result)
    }
}

/// Any MCP result as a `result` line.
pub(crate) fn result_line<R: Serialize>(result: &R) -> Outcome {
    Frame::Result(result).to_line().map(Bytes::from).map_err(|error| no_json(&error))
}

fn no_json(error: &serde_json::Error) -> ToolError {
    tracing::error!(%error, "the output is not JSON");
    ErrorObject::new(code::INTERNAL_ERROR, "the tool's output is not JSON").into()
}

/// A result the model reads as a failure, as a line.
pub(crate) fn failure_line(reason: &str) -> Outcome {
    let content = [Content::text(reason)];
    let result = CallToolResult { content: &content, structured_content: None, is_error: true, meta: &Map::new() };
    result_line(&result)
}

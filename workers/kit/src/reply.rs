use std::io;

use bytes::Bytes;
use futures_util::Stream;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value};

use crate::deployed::Outcome;
use crate::line::{Line, no_json, streamed_line, whole_line};
use crate::source::{Encoding, Source};
use crate::{Content, ToolError};

/// What a tool answers: a `CallToolResult` in the making.
#[derive(Debug)]
pub struct Reply<T> {
    output: Option<T>,
    content: Vec<Content>,
    streamed: Option<Source>,
    meta: Map<String, Value>,
}

impl Reply<()> {
    /// An answer in text only.
    pub fn text(text: impl Into<String>) -> Self {
        Self::content([Content::text(text)])
    }

    /// An answer in content blocks only.
    pub fn content(content: impl IntoIterator<Item = Content>) -> Self {
        Self { output: None, content: content.into_iter().collect(), streamed: None, meta: Map::new() }
    }

    /// An answer in one text that is read while it is sent: see [`with_streamed_text`](Self::with_streamed_text).
    pub fn streaming(text: impl Stream<Item = io::Result<Bytes>> + Send + 'static) -> Self {
        Self::content([]).with_streamed_text(text)
    }
}

impl<T> From<T> for Reply<T> {
    /// `output` becomes `structuredContent` and, as JSON, the text beside it (rule R-9).
    fn from(output: T) -> Self {
        Self { output: Some(output), content: Vec::new(), streamed: None, meta: Map::new() }
    }
}

impl<T> Reply<T> {
    /// Shows `content` instead of the output's JSON. Called again, adds another block.
    #[must_use]
    pub fn with_content(mut self, content: Content) -> Self {
        self.content.push(content);
        self
    }

    /// Shows a text that is read while it is sent, as the last block: in bounded memory, at the client's pace, until
    /// the call's deadline. Called again, takes the place of the former.
    ///
    /// The chunks hold UTF-8, cut anywhere. Once the result has begun a failure of the stream can only cut it short;
    /// its text is logged, so it quotes no arguments and no content. What may fail in a way the model should read is
    /// better done before.
    #[must_use]
    pub fn with_streamed_text(mut self, text: impl Stream<Item = io::Result<Bytes>> + Send + 'static) -> Self {
        self.streamed = Some(Source::new(Encoding::Text, text));
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
    #[serde(skip_serializing_if = "Option::is_none")]
    structured_content: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "is_false")]
    is_error: bool,
    #[serde(rename = "_meta", skip_serializing_if = "Map::is_empty")]
    meta: &'a Map<String, Value>,
    /// Last, since the end of it may be streamed.
    content: &'a [Content],
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
        match (&self.streamed, &structured) {
            // Where the text goes.
            (Some(_), _) => content.push(Content::text("")),
            (None, Some(json)) if content.is_empty() => content.push(Content::text(json.get())),
            (None, _) => {}
        }
        let result = CallToolResult {
            structured_content: structured.as_deref(),
            is_error: false,
            meta: &self.meta,
            content: &content,
        };
        match self.streamed {
            Some(source) => streamed_line(&result, source),
            None => result_line(&result),
        }
    }
}

/// Any MCP result as a `result` line.
pub(crate) fn result_line<R: Serialize>(result: &R) -> Outcome {
    whole_line(result).map(Line::Whole)
}

/// A result the model reads as a failure, as a line.
pub(crate) fn failure_line(reason: &str) -> Result<Bytes, ToolError> {
    let content = [Content::text(reason)];
    whole_line(&CallToolResult { structured_content: None, is_error: true, meta: &Map::new(), content: &content })
}

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{FutureExt, Stream};
use serde::Serialize;

use crate::content::ResourceContents;
use crate::deployed::{Handlers, Outcome};
use crate::line::streamed_line;
use crate::reply::result_line;
use crate::source::{Encoding, Source};
use crate::{Call, ToolError};

/// One MCP resource, at one URI.
pub trait Resource: Send + Sync + 'static {
    /// The text of the resource's `resource.json`: `include_str!("resource.json")`.
    const MANIFEST: &'static str;

    /// Reads the resource. Dropped at an `await` when the deadline is near or the reader has left.
    ///
    /// # Errors
    /// [`ToolError`]; a resource has no results that say `isError`, so a failure is an error, too.
    fn read(&self, call: &Call) -> impl Future<Output = Result<Contents, ToolError>> + Send;
}

/// What a resource holds: a `ReadResourceResult` in the making. Mostly one part; a folder, say, has
/// several, each with a URI of its own.
#[derive(Debug, Serialize)]
pub struct Contents {
    contents: Vec<ResourceContents>,
    /// What the last part holds, if it is read while it is sent.
    #[serde(skip)]
    streamed: Option<Source>,
}

impl Contents {
    /// One text that is read while it is sent: in bounded memory, at the reader's pace, until the call's deadline.
    ///
    /// The chunks hold UTF-8, cut anywhere. Once the answer has begun a failure of the stream can only cut it short; its
    /// text is logged, so it quotes neither the URI nor the content. Whether there is such a resource has to be known
    /// before.
    pub fn stream_text(
        uri: impl Into<String>,
        mime_type: impl Into<String>,
        text: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
    ) -> Self {
        let part = ResourceContents::text(uri, mime_type, "");
        Self { contents: vec![part], streamed: Some(Source::new(Encoding::Text, text)) }
    }

    /// Bytes that are read while they are sent, and become base64 on the way: a third more than they are. As
    /// [`stream_text`](Self::stream_text), but for the UTF-8.
    pub fn stream_blob(
        uri: impl Into<String>,
        mime_type: impl Into<String>,
        bytes: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
    ) -> Self {
        let part = ResourceContents::blob(uri, mime_type, "");
        Self { contents: vec![part], streamed: Some(Source::new(Encoding::Base64, bytes)) }
    }
}

impl From<ResourceContents> for Contents {
    fn from(part: ResourceContents) -> Self {
        vec![part].into()
    }
}

impl<const N: usize> From<[ResourceContents; N]> for Contents {
    fn from(parts: [ResourceContents; N]) -> Self {
        Vec::from(parts).into()
    }
}

impl From<Vec<ResourceContents>> for Contents {
    fn from(contents: Vec<ResourceContents>) -> Self {
        Self { contents, streamed: None }
    }
}

/// The answer to `resources/read`. Nothing at all means that there is no such resource (rule R-12).
pub(crate) fn line(uri: &str, mut contents: Contents) -> Outcome {
    match contents.streamed.take() {
        Some(source) => streamed_line(&contents, source),
        None if contents.contents.is_empty() => Err(ToolError::not_found(uri)),
        None => result_line(&contents),
    }
}

/// Hides the types of `resource`.
pub(crate) fn handlers<R: Resource>(resource: R) -> Handlers {
    let resource = Arc::new(resource);
    let call = move |call: Call, uri: String| {
        let resource = Arc::clone(&resource);
        async move { line(&uri, resource.read(&call).await?) }.boxed()
    };
    Handlers { call: Box::new(call), complete: None, list: None }
}

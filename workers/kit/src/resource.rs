use std::sync::Arc;

use futures_util::FutureExt;
use serde::Serialize;

use crate::content::ResourceContents;
use crate::deployed::Handlers;
use crate::reply::result_line;
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
#[derive(Debug, Clone, Serialize)]
pub struct Contents {
    contents: Vec<ResourceContents>,
}

impl From<ResourceContents> for Contents {
    fn from(part: ResourceContents) -> Self {
        Self { contents: vec![part] }
    }
}

impl<const N: usize> From<[ResourceContents; N]> for Contents {
    fn from(parts: [ResourceContents; N]) -> Self {
        Self { contents: parts.into() }
    }
}

impl From<Vec<ResourceContents>> for Contents {
    fn from(contents: Vec<ResourceContents>) -> Self {
        Self { contents }
    }
}

/// The answer to `resources/read`. Nothing at all means that there is no such resource (rule R-12).
pub(crate) fn line(uri: &str, contents: &Contents) -> crate::deployed::Outcome {
    if contents.contents.is_empty() { Err(ToolError::not_found(uri)) } else { result_line(contents) }
}

/// Hides the types of `resource`.
pub(crate) fn handlers<R: Resource>(resource: R) -> Handlers {
    let resource = Arc::new(resource);
    let call = move |call: Call, uri: String| {
        let resource = Arc::clone(&resource);
        async move { line(&uri, &resource.read(&call).await?) }.boxed()
    };
    Handlers { call: Box::new(call), complete: None, list: None }
}

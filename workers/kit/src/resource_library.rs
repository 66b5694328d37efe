use std::sync::Arc;

use futures_util::FutureExt;
use serde::Serialize;

use crate::deployed::Handlers;
use crate::reply::result_line;
use crate::{Call, Contents, ToolError, resource};

/// Resources that one function lists and reads: which ones there are is known while it runs. A new one is seen
/// without a deployment, once the gateway asks again.
pub trait ResourceLibrary: Send + Sync + 'static {
    /// The text of the library's `library.json`: `include_str!("library.json")`.
    const MANIFEST: &'static str;

    /// All resources there are, whoever asks: nobody in particular does, and [`Call::caller`] is `None`. Asked again
    /// when the manifest's `cache.ttlMs` have passed.
    ///
    /// # Errors
    /// [`ToolError`]. The gateway goes on with the last listing it got.
    fn list(&self, call: &Call) -> impl Future<Output = Result<Vec<ResourceEntry>, ToolError>> + Send;

    /// Reads the resource at `uri`, which was listed, but may be gone by now. Dropped at an `await` when the deadline is
    /// near or the reader has left.
    ///
    /// # Errors
    /// [`ToolError::not_found`] if there is no such resource; otherwise as for a [`Resource`](crate::Resource).
    fn read(&self, uri: &str, call: &Call) -> impl Future<Output = Result<Contents, ToolError>> + Send;
}

/// One resource of a library, as clients see it: an MCP `Resource`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourceEntry {
    /// Where it is read: a URI with a scheme, of at most 8 KiB. Others are left out of the gateway's list.
    pub uri: String,
    /// What it is known by among all resources: 1 to 64 of `A-Z a-z 0-9 _ - .`. Others are left out.
    pub name: String,
    /// What people call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// E.g. `text/markdown`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<String>,
    /// How many bytes it holds, before any encoding.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
}

#[derive(Serialize)]
struct ListResourcesResult {
    resources: Vec<ResourceEntry>,
}

/// Hides the types of `library`.
pub(crate) fn handlers<L: ResourceLibrary>(library: L) -> Handlers {
    let library = Arc::new(library);
    let listing = Arc::clone(&library);
    let call = move |call: Call, uri: String| {
        let library = Arc::clone(&library);
        async move { resource::line(&uri, library.read(&uri, &call).await?) }.boxed()
    };
    let list = move |call: Call, ()| {
        let library = Arc::clone(&listing);
        async move { result_line(&ListResourcesResult { resources: library.list(&call).await? }) }.boxed()
    };
    Handlers { call: Box::new(call), complete: None, list: Some(Box::new(list)) }
}

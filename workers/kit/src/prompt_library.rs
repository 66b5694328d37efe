use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::FutureExt;
use serde::{Deserialize, Serialize};

use crate::deployed::Handlers;
use crate::reply::result_line;
use crate::{Call, Completion, Completions, ErrorObject, Messages, ToolError, code, completion};

/// Prompts that one function lists and fills in: which ones there are is known while it runs. A new one is seen
/// without a deployment, once the gateway asks again.
pub trait PromptLibrary: Send + Sync + 'static {
    /// The text of the library's `library.json`: `include_str!("library.json")`.
    const MANIFEST: &'static str;

    /// All prompts there are, whoever asks: nobody in particular does, and [`Call::caller`] is `None`. Asked again
    /// when the manifest's `cache.ttlMs` have passed.
    ///
    /// # Errors
    /// [`ToolError`]. The gateway goes on with the last listing it got.
    fn list(&self, call: &Call) -> impl Future<Output = Result<Vec<PromptEntry>, ToolError>> + Send;

    /// Fills a prompt in. `name` was listed, but may be gone by now; the required arguments are there. Dropped at an
    /// `await` when the deadline is near or the reader has left.
    ///
    /// # Errors
    /// [`ToolError::unknown_prompt`] if there is no such prompt; otherwise as for a [`Prompt`](crate::Prompt).
    fn get(
        &self,
        name: &str,
        arguments: BTreeMap<String, String>,
        call: &Call,
    ) -> impl Future<Output = Result<Messages, ToolError>> + Send;

    /// How an argument of the prompt could go on. Asked only if the manifest says `"completes": true`.
    ///
    /// # Errors
    /// [`ToolError`], but never [`InputRequired`](ToolError::InputRequired).
    fn complete(
        &self,
        _name: &str,
        _completion: Completion,
        _call: &Call,
    ) -> impl Future<Output = Result<Completions, ToolError>> + Send {
        std::future::ready(Ok(Completions::default()))
    }
}

/// One prompt of a library, as clients see it: an MCP `Prompt`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PromptEntry {
    /// What it is asked for by: 1 to 64 of `A-Z a-z 0-9 _ - .`. Others are left out of the gateway's list.
    pub name: String,
    /// What people call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What can be filled in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub arguments: Vec<PromptEntryArgument>,
}

/// One argument of a [`PromptEntry`]: an MCP `PromptArgument`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PromptEntryArgument {
    /// Its name.
    pub name: String,
    /// What to say there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether the prompt cannot do without it. The gateway refuses requests that lack it.
    pub required: bool,
}

#[derive(Serialize)]
struct ListPromptsResult {
    prompts: Vec<PromptEntry>,
}

#[derive(Deserialize)]
struct GetParams<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(default)]
    arguments: Option<BTreeMap<String, String>>,
}

/// Hides the types of `library`.
pub(crate) fn handlers<L: PromptLibrary>(library: L) -> Handlers {
    let library = Arc::new(library);
    let (listing, completing) = (Arc::clone(&library), Arc::clone(&library));
    let call = move |call: Call, params: String| {
        let library = Arc::clone(&library);
        async move {
            let misfit = |error| ErrorObject::new(code::INVALID_PARAMS, format!("`params`: {error}"));
            let GetParams { name, arguments } = serde_json::from_str(&params).map_err(misfit)?;
            result_line(&library.get(&name, arguments.unwrap_or_default(), &call).await?)
        }
        .boxed()
    };
    let complete = move |call: Call, asked: Completion| {
        let library = Arc::clone(&completing);
        async move {
            let name = asked.of().to_owned();
            completion::line(library.complete(&name, asked, &call).await)
        }
        .boxed()
    };
    let list = move |call: Call, ()| {
        let library = Arc::clone(&listing);
        async move { result_line(&ListPromptsResult { prompts: library.list(&call).await? }) }.boxed()
    };
    Handlers { call: Box::new(call), complete: Some(Box::new(complete)), list: Some(Box::new(list)) }
}

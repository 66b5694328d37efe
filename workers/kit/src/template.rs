use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::FutureExt;
use serde::de::DeserializeOwned;
use serde::de::value::{Error, MapDeserializer};

use crate::deployed::Handlers;
use crate::{Call, Completion, Completions, Contents, ToolError, completion, resource};

/// One MCP resource template: resources at every URI that matches.
pub trait Template: Send + Sync + 'static {
    /// The text of the template's `resource.json`: `include_str!("resource.json")`.
    const MANIFEST: &'static str;

    /// The variables of the URI by name, percent-decoded; all of them are strings. A URI whose
    /// variables do not fit this type names no resource.
    type Variables: DeserializeOwned + Send;

    /// Reads the resource at `uri`. Dropped at an `await` when the deadline is near or the reader has
    /// left.
    ///
    /// # Errors
    /// [`ToolError::not_found`] if there is no such resource; otherwise as for a
    /// [`Resource`](crate::Resource).
    fn read(
        &self,
        uri: &str,
        variables: Self::Variables,
        call: &Call,
    ) -> impl Future<Output = Result<Contents, ToolError>> + Send;

    /// How a variable could go on. Asked only if the manifest says `"completes": true`.
    ///
    /// # Errors
    /// [`ToolError`], but never [`InputRequired`](ToolError::InputRequired).
    fn complete(
        &self,
        _completion: Completion,
        _call: &Call,
    ) -> impl Future<Output = Result<Completions, ToolError>> + Send {
        std::future::ready(Ok(Completions::default()))
    }
}

/// Hides the types of `template`.
pub(crate) fn handlers<T: Template>(template: T) -> Handlers {
    let template = Arc::new(template);
    let completing = Arc::clone(&template);
    let call = move |call: Call, uri: String| {
        let template = Arc::clone(&template);
        async move {
            let variables = variables(call.uri_variables()).map_err(|_| ToolError::not_found(&uri))?;
            let contents = template.read(&uri, variables, &call).await?;
            resource::line(&uri, contents)
        }
        .boxed()
    };
    let complete = move |call: Call, asked: Completion| {
        let template = Arc::clone(&completing);
        async move { completion::line(template.complete(asked, &call).await) }.boxed()
    };
    Handlers { call: Box::new(call), complete: Some(Box::new(complete)), list: None }
}

fn variables<V: DeserializeOwned>(variables: &BTreeMap<String, String>) -> Result<V, Error> {
    V::deserialize(MapDeserializer::new(variables.iter().map(|(name, value)| (name.as_str(), value.as_str()))))
}

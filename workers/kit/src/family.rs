use std::fmt;
use std::process::ExitCode;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use serde::Deserialize;

use crate::init::InitError;
use crate::respond::Deployed;
use crate::{Tool, arguments, serve};

type BoxError = Box<dyn std::error::Error + Send + Sync>;
type Construct = Box<dyn FnOnce(String) -> LocalBoxFuture<'static, Result<Deployed, BoxError>>>;

/// The tools of one binary. Each is deployed as a function of its own, which `PENSTOCK_TOOL` names;
/// only that one is constructed.
#[derive(Default)]
pub struct Family {
    tools: Vec<Entry>,
}

struct Entry {
    manifest: &'static str,
    construct: Construct,
}

impl Family {
    /// A family without tools.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a tool that needs nothing to be built.
    #[must_use]
    pub fn tool<T: Tool>(self, construct: impl FnOnce() -> T + 'static) -> Self {
        self.try_tool(async || Ok::<T, BoxError>(construct()))
    }

    /// Adds a tool whose construction takes time or can fail, such as one with an AWS client. An
    /// error fails the function's init phase; its text is logged.
    #[must_use]
    pub fn try_tool<T, F, E>(mut self, construct: F) -> Self
    where
        T: Tool,
        F: AsyncFnOnce() -> Result<T, E> + 'static,
        E: Into<BoxError>,
    {
        let construct: Construct = Box::new(|name| {
            async move { construct().await.map(|tool| deploy(name, tool)).map_err(Into::into) }.boxed_local()
        });
        self.tools.push(Entry { manifest: T::MANIFEST, construct });
        self
    }

    /// Serves the deployed tool until Lambda ends the process. Returns only if the function cannot
    /// start, which it has reported, or has lost the Runtime API.
    pub fn serve(self) -> ExitCode {
        serve::run(self)
    }

    /// Constructs the tool named `deployed`.
    pub(crate) async fn construct(self, deployed: Option<String>) -> Result<Deployed, InitError> {
        let mut known = Vec::new();
        for entry in self.tools {
            let name = tool_name(entry.manifest)?;
            if deployed.as_deref() == Some(&*name) {
                let construct = (entry.construct)(name.clone());
                return construct.await.map_err(|source| InitError::Construct { name, source });
            }
            known.push(name);
        }
        Err(InitError::tool(deployed, &known))
    }
}

/// Hides the types of `tool`, so that everything around a call is compiled once.
pub(crate) fn deploy<T: Tool>(name: String, tool: T) -> Deployed {
    let tool = Arc::new(tool);
    let call = move |call: crate::Call, arguments: String| {
        let tool = Arc::clone(&tool);
        async move {
            let arguments = arguments::parse(&arguments)?;
            let reply = tool.call(arguments, &call).await?;
            reply.into_line().map_err(|error| {
                tracing::error!(%error, "the output is not JSON");
                crate::ErrorObject::new(crate::code::INTERNAL_ERROR, "the tool's output is not JSON").into()
            })
        }
        .boxed()
    };
    Deployed { name, call: Box::new(call) }
}

/// The `definition.name` of a manifest, whatever else stands in it.
pub(crate) fn tool_name(manifest: &str) -> Result<String, InitError> {
    #[derive(Deserialize)]
    struct Named {
        definition: Definition,
    }
    #[derive(Deserialize)]
    struct Definition {
        name: String,
    }
    let named: Named = serde_json::from_str(manifest).map_err(InitError::Manifest)?;
    Ok(named.definition.name)
}

impl fmt::Debug for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.tools.iter().map(|entry| tool_name(entry.manifest))).finish()
    }
}

#[cfg(test)]
mod tests;

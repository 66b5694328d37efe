use std::fmt;
use std::process::ExitCode;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use penstock_protocol::manifest::Kind;

use crate::deployed::{Deployed, Handlers, Identity};
use crate::init::InitError;
use crate::{Prompt, PromptLibrary, Resource, ResourceLibrary, Template, Tool};
use crate::{prompt, prompt_library, resource, resource_library, serve, template, tool};

type BoxError = Box<dyn std::error::Error + Send + Sync>;
type Construct = Box<dyn FnOnce() -> LocalBoxFuture<'static, Result<Handlers, BoxError>>>;

/// The tools, prompts, resources and libraries of one binary. Each is deployed as a function of its own, which
/// `PENSTOCK_TOOL` names; only that one is constructed.
///
/// The `try_` forms are for what takes time to construct or can fail to, such as a tool with an AWS
/// client. An error fails the function's init phase; its text is logged.
#[derive(Default)]
pub struct Family {
    members: Vec<Member>,
}

struct Member {
    kind: Kind,
    manifest: &'static str,
    construct: Construct,
}

impl Family {
    /// A family without members.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a tool that needs nothing to be built.
    #[must_use]
    pub fn tool<T: Tool>(self, construct: impl FnOnce() -> T + 'static) -> Self {
        self.try_tool(async || Ok::<T, BoxError>(construct()))
    }

    /// Adds a tool.
    #[must_use]
    pub fn try_tool<T, F, E>(self, construct: F) -> Self
    where
        T: Tool,
        F: AsyncFnOnce() -> Result<T, E> + 'static,
        E: Into<BoxError>,
    {
        self.add(Kind::Tool, T::MANIFEST, construct, tool::handlers)
    }

    /// Adds a prompt that needs nothing to be built.
    #[must_use]
    pub fn prompt<P: Prompt>(self, construct: impl FnOnce() -> P + 'static) -> Self {
        self.try_prompt(async || Ok::<P, BoxError>(construct()))
    }

    /// Adds a prompt.
    #[must_use]
    pub fn try_prompt<P, F, E>(self, construct: F) -> Self
    where
        P: Prompt,
        F: AsyncFnOnce() -> Result<P, E> + 'static,
        E: Into<BoxError>,
    {
        self.add(Kind::Prompt, P::MANIFEST, construct, prompt::handlers)
    }

    /// Adds a resource that needs nothing to be built.
    #[must_use]
    pub fn resource<R: Resource>(self, construct: impl FnOnce() -> R + 'static) -> Self {
        self.try_resource(async || Ok::<R, BoxError>(construct()))
    }

    /// Adds a resource.
    #[must_use]
    pub fn try_resource<R, F, E>(self, construct: F) -> Self
    where
        R: Resource,
        F: AsyncFnOnce() -> Result<R, E> + 'static,
        E: Into<BoxError>,
    {
        self.add(Kind::Resource, R::MANIFEST, construct, resource::handlers)
    }

    /// Adds a resource template that needs nothing to be built.
    #[must_use]
    pub fn template<T: Template>(self, construct: impl FnOnce() -> T + 'static) -> Self {
        self.try_template(async || Ok::<T, BoxError>(construct()))
    }

    /// Adds a resource template.
    #[must_use]
    pub fn try_template<T, F, E>(self, construct: F) -> Self
    where
        T: Template,
        F: AsyncFnOnce() -> Result<T, E> + 'static,
        E: Into<BoxError>,
    {
        self.add(Kind::ResourceTemplate, T::MANIFEST, construct, template::handlers)
    }

    /// Adds a library of prompts that needs nothing to be built.
    #[must_use]
    pub fn prompt_library<L: PromptLibrary>(self, construct: impl FnOnce() -> L + 'static) -> Self {
        self.try_prompt_library(async || Ok::<L, BoxError>(construct()))
    }

    /// Adds a library of prompts.
    #[must_use]
    pub fn try_prompt_library<L, F, E>(self, construct: F) -> Self
    where
        L: PromptLibrary,
        F: AsyncFnOnce() -> Result<L, E> + 'static,
        E: Into<BoxError>,
    {
        self.add(Kind::PromptLibrary, L::MANIFEST, construct, prompt_library::handlers)
    }

    /// Adds a library of resources that needs nothing to be built.
    #[must_use]
    pub fn resource_library<L: ResourceLibrary>(self, construct: impl FnOnce() -> L + 'static) -> Self {
        self.try_resource_library(async || Ok::<L, BoxError>(construct()))
    }

    /// Adds a library of resources.
    #[must_use]
    pub fn try_resource_library<L, F, E>(self, construct: F) -> Self
    where
        L: ResourceLibrary,
        F: AsyncFnOnce() -> Result<L, E> + 'static,
        E: Into<BoxError>,
    {
        self.add(Kind::ResourceLibrary, L::MANIFEST, construct, resource_library::handlers)
    }

    fn add<T: 'static, E: Into<BoxError>>(
        mut self,
        kind: Kind,
        manifest: &'static str,
        construct: impl AsyncFnOnce() -> Result<T, E> + 'static,
        handlers: fn(T) -> Handlers,
    ) -> Self {
        let construct: Construct =
            Box::new(move || async move { construct().await.map(handlers).map_err(Into::into) }.boxed_local());
        self.members.push(Member { kind, manifest, construct });
        self
    }

    /// Serves the deployed member until Lambda ends the process. Returns only if the function cannot
    /// start, which it has reported, or has lost the Runtime API.
    pub fn serve(self) -> ExitCode {
        serve::run(self)
    }

    /// Constructs the member whose id is `deployed`.
    pub(crate) async fn construct(self, deployed: Option<String>) -> Result<Deployed, InitError> {
        let mut known = Vec::new();
        for member in self.members {
            let identity = Identity::read(member.manifest).map_err(InitError::Manifest)?;
            let id = identity.id();
            if identity.kind != member.kind {
                return Err(InitError::Kind { id, kind: member.kind });
            }
            if deployed.as_deref() != Some(&*id) {
                known.push(id);
                continue;
            }
            return match (member.construct)().await {
                Ok(handlers) => Ok(Deployed::new(identity, handlers)),
                Err(source) => Err(InitError::Construct { name: id, source }),
            };
        }
        Err(InitError::tool(deployed, &known))
    }

    /// The manifests of all members.
    pub(crate) fn manifests(&self) -> impl Iterator<Item = &'static str> {
        self.members.iter().map(|member| member.manifest)
    }
}

impl fmt::Debug for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.manifests().map(|manifest| Identity::read(manifest).map(|known| known.id())))
            .finish()
    }
}

#[cfg(test)]
mod tests;

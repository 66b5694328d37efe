//! One thing the gateway serves, read and checked.

use std::sync::Arc;

use bytes::Bytes;
use penstock_policy::Entry as ForPolicies;
use penstock_protocol::depth;
use penstock_protocol::manifest::{Definition, Kind, Manifest, ManifestError, is_name};

use super::compact::compact;
use super::library::Library;
use super::list::Listed;
use super::{InvalidHeaderParam, InvalidSchema, InvalidUriTemplate, MAX_URI, Prompt, Resource, Template, Tool, Worker};

/// Why something is not served.
#[derive(Debug, thiserror::Error)]
pub enum EntryError {
    /// The document cannot be read.
    #[error("cannot be read: {0}")]
    Io(#[from] std::io::Error),
    /// The document is no manifest.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// The entry does not say what to invoke.
    #[error("`function` is missing: a catalog entry names the function it is served by")]
    NoFunction,
    /// An `x-mcp-header` annotation clients would refuse (rule H-18).
    #[error(transparent)]
    HeaderParam(#[from] InvalidHeaderParam),
    /// `inputSchema` cannot be checked against (rule R-10).
    #[error("`inputSchema`: {0}")]
    Input(InvalidSchema),
    /// `outputSchema` cannot be checked against (rule R-9).
    #[error("`outputSchema`: {0}")]
    Output(InvalidSchema),
    /// A template whose URIs cannot be told apart from others.
    #[error("`definition.uriTemplate`: {0}")]
    UriTemplate(#[from] InvalidUriTemplate),
    /// No URI, or one that is too long.
    #[error("`definition.uri` is {0:?}; use a URI with a scheme, of at most {MAX_URI} bytes")]
    Uri(String),
    /// Another entry has the same name or URI.
    #[error("{0} is already in the catalog")]
    Duplicate(String),
    /// A library lists what is not of its kind, or nests too deep.
    #[error("a library lists what is no {0:?}")]
    NotListable(Kind),
    /// A library lists a resource at a URI of another entry's template.
    #[error("{uri} is read by the template {template}")]
    Matched {
        /// The resource's.
        uri: String,
        /// The template's name.
        template: String,
    },
}

/// One thing the gateway serves. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) enum Entry {
    Tool(Defined<Tool>),
    Prompt(Defined<Prompt>),
    Resource(Defined<Resource>),
    Template(Defined<Template>),
    Library(Arc<Library>),
}

/// A thing, what is listed of it, and what policies can know of it.
#[derive(Debug)]
pub(super) struct Defined<T> {
    pub(super) value: Arc<T>,
    pub(super) listed: Listed,
    pub(super) for_policies: Arc<ForPolicies>,
}

impl Entry {
    /// Reads a document of the catalog.
    pub(super) fn read(json: &[u8]) -> Result<Self, EntryError> {
        let (manifest, definition) = Manifest::parse(json)?;
        let worker = Arc::new(Worker::new(&manifest)?);
        let text = manifest.definition.get();
        match ForPolicies::new(&manifest, &definition) {
            Some(known) => Self::new(definition, text, worker, known),
            None => Ok(Self::Library(Arc::new(Library::new(&manifest, &definition, worker)))),
        }
    }

    /// Reads something a library lists, held to what a document would be held to. `json` is its definition.
    pub(super) fn listed(library: &Library, json: &str) -> Result<Self, EntryError> {
        let kind = library.lists;
        let no_such = |_| EntryError::NotListable(kind);
        if !depth::within_limit(json.as_bytes()) {
            return Err(EntryError::NotListable(kind));
        }
        let definition = Definition::parse(kind, json).map_err(no_such)?;
        if !is_name(definition.name()) {
            return Err(ManifestError::Name(definition.name().to_owned()).into());
        }
        let known = ForPolicies::listed(&definition, &library.tags).ok_or(EntryError::NotListable(kind))?;
        Self::new(definition, json, library.worker.clone(), known)
    }

    fn new(
        definition: Definition,
        text: &str,
        worker: Arc<Worker>,
        for_policies: ForPolicies,
    ) -> Result<Self, EntryError> {
        let name = definition.name().to_owned();
        let compacted = Bytes::from(compact(text));
        let (scopes, isolation) = (worker.scopes.clone(), worker.isolation);
        let listed = Listed { name, scopes, isolation, built_in: false, definition: compacted };
        let for_policies = Arc::new(for_policies);
        Ok(match definition {
            Definition::Tool(tool) => Self::Tool(Defined::new(Tool::new(tool, worker)?, listed, for_policies)),
            Definition::Prompt(prompt) => Self::Prompt(Defined::new(Prompt::new(prompt, worker), listed, for_policies)),
            Definition::Resource(resource) => {
                Self::Resource(Defined::new(Resource::new(resource, worker)?, listed, for_policies))
            }
            Definition::ResourceTemplate(template) => {
                Self::Template(Defined::new(Template::new(template, worker)?, listed, for_policies))
            }
            Definition::PromptLibrary(_) => return Err(EntryError::NotListable(Kind::PromptLibrary)),
            Definition::ResourceLibrary(_) => return Err(EntryError::NotListable(Kind::ResourceLibrary)),
        })
    }

    /// What it is known by, as [`Kind::id`] spells it.
    pub(super) fn id(&self) -> String {
        match self {
            Self::Tool(tool) => Kind::Tool.id(&tool.listed.name),
            Self::Prompt(prompt) => Kind::Prompt.id(&prompt.listed.name),
            Self::Resource(resource) => Kind::Resource.id(&resource.listed.name),
            Self::Template(template) => Kind::ResourceTemplate.id(&template.listed.name),
            Self::Library(library) => library.id.clone(),
        }
    }

    /// The percentage of callers it is for, if it is a canary.
    pub(super) fn canary(&self) -> Option<u8> {
        let worker = match self {
            Self::Tool(tool) => &tool.value.worker,
            Self::Prompt(prompt) => &prompt.value.worker,
            Self::Resource(resource) => &resource.value.worker,
            Self::Template(template) => &template.value.worker,
            Self::Library(library) => &library.worker,
        };
        worker.canary
    }

    /// Where it is read, if it is.
    pub(super) fn uri(&self) -> Option<&str> {
        match self {
            Self::Tool(_) | Self::Prompt(_) | Self::Library(_) => None,
            Self::Resource(resource) => Some(&resource.value.uri),
            Self::Template(template) => Some(template.value.uri.as_str()),
        }
    }
}

impl<T> Defined<T> {
    fn new(value: T, listed: Listed, for_policies: Arc<ForPolicies>) -> Self {
        Self { value: Arc::new(value), listed, for_policies }
    }
}

impl<T> Clone for Defined<T> {
    fn clone(&self) -> Self {
        let Self { value, listed, for_policies } = self;
        Self { value: value.clone(), listed: listed.clone(), for_policies: for_policies.clone() }
    }
}

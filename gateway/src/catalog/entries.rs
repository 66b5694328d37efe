//! Entries on their way into the catalog: each read and checked, none twice.

use std::collections::HashSet;

use penstock_protocol::manifest::{Definition, Manifest, ManifestError};

use super::compact::compact;
use super::list::Listed;
use super::{InvalidHeaderParam, InvalidSchema, InvalidUriTemplate, MAX_URI, Prompt, Resource, Template, Tool, Worker};

/// Why an entry is left out of the catalog.
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
}

/// Everything read so far.
#[derive(Debug, Default)]
pub(super) struct Entries {
    pub(super) tools: Defined<Tool>,
    pub(super) prompts: Defined<Prompt>,
    pub(super) resources: Defined<Resource>,
    pub(super) templates: Defined<Template>,
    /// What policies can know of them.
    pub(super) for_policies: Vec<penstock_policy::Entry>,
    /// Names, as [`Definition::id`] spells them, and URIs.
    taken: HashSet<String>,
}

/// Entries of one kind, each with what is listed of it.
#[derive(Debug)]
pub(super) struct Defined<T>(Vec<(T, Listed)>);

impl Entries {
    /// Reads one document.
    pub(super) fn add(&mut self, json: &[u8]) -> Result<(), EntryError> {
        let (manifest, definition) = Manifest::parse(json)?;
        let worker = Worker::new(&manifest)?;
        let for_policies = penstock_policy::Entry::new(&manifest, &definition);
        let served = Listed {
            name: definition.name().to_owned(),
            scopes: manifest.scopes.clone(),
            built_in: false,
            definition: compact(manifest.definition.get()).into(),
        };
        let id = definition.id();
        match definition {
            Definition::Tool(tool) => {
                let tool = Tool::new(tool, worker)?;
                self.take(id, None)?;
                self.tools.0.push((tool, served));
            }
            Definition::Prompt(prompt) => {
                let prompt = Prompt::new(prompt, worker);
                self.take(id, None)?;
                self.prompts.0.push((prompt, served));
            }
            Definition::Resource(resource) => {
                let resource = Resource::new(resource, worker)?;
                self.take(id, Some(&resource.uri))?;
                self.resources.0.push((resource, served));
            }
            Definition::ResourceTemplate(template) => {
                let template = Template::new(template, worker)?;
                self.take(id, Some(template.uri.as_str()))?;
                self.templates.0.push((template, served));
            }
        }
        self.for_policies.push(for_policies);
        Ok(())
    }

    /// Claims a name and, where the entry has one, a URI: both or neither.
    fn take(&mut self, id: String, uri: Option<&str>) -> Result<(), EntryError> {
        if let Some(taken) = uri.into_iter().chain([&*id]).find(|key| self.taken.contains(*key)) {
            return Err(EntryError::Duplicate(taken.to_owned()));
        }
        self.taken.extend(uri.map(str::to_owned));
        self.taken.insert(id);
        Ok(())
    }

    /// Puts every kind in the order clients read it in (rule R-5).
    pub(super) fn sort(&mut self) {
        self.tools.0.sort_by(|(a, _), (b, _)| a.name.cmp(&b.name));
        self.prompts.0.sort_by(|(a, _), (b, _)| a.name.cmp(&b.name));
        self.resources.0.sort_by(|(a, _), (b, _)| a.uri.cmp(&b.uri));
        self.templates.0.sort_by(|(a, _), (b, _)| a.uri.as_str().cmp(b.uri.as_str()));
    }
}

impl<T> Defined<T> {
    pub(super) fn listed(&self) -> Vec<Listed> {
        self.0.iter().map(|(_, listed)| listed.clone()).collect()
    }

    /// The entry and what is listed of it, if there is exactly one.
    pub(super) fn into_only(mut self) -> Option<(T, Listed)> {
        self.0.pop().filter(|_| self.0.is_empty())
    }

    pub(super) fn into_values(self) -> Vec<T> {
        self.0.into_iter().map(|(value, _)| value).collect()
    }
}

impl<T> Default for Defined<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

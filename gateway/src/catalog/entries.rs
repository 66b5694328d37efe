//! Entries put together: none twice, each kind in its order.

use std::collections::HashSet;
use std::sync::Arc;

use super::entry::{Defined, Entry};
use super::library::Library;
use super::{EntryError, Prompt, Resource, Template, Tool};

/// Everything that is served.
#[derive(Debug, Clone, Default)]
pub(super) struct Entries {
    pub(super) tools: Vec<Defined<Tool>>,
    pub(super) prompts: Vec<Defined<Prompt>>,
    pub(super) resources: Vec<Defined<Resource>>,
    pub(super) templates: Vec<Defined<Template>>,
    pub(super) libraries: Vec<Arc<Library>>,
    /// Names, as [`Kind::id`](penstock_protocol::manifest::Kind::id) spells them, and URIs.
    taken: HashSet<String>,
}

impl Entries {
    /// Adds an entry of the catalog's own documents.
    pub(super) fn add(&mut self, entry: Entry) -> Result<(), EntryError> {
        self.take(entry.id(), entry.uri())?;
        match entry {
            Entry::Tool(tool) => self.tools.push(tool),
            Entry::Prompt(prompt) => self.prompts.push(prompt),
            Entry::Resource(resource) => self.resources.push(resource),
            Entry::Template(template) => self.templates.push(template),
            Entry::Library(library) => self.libraries.push(library),
        }
        Ok(())
    }

    /// Adds an entry a library lists. What has a document comes first: no library takes a name, a URI or what a
    /// template stands for from it.
    pub(super) fn add_listed(&mut self, entry: Entry) -> Result<(), EntryError> {
        if let Entry::Resource(resource) = &entry {
            let uri = &resource.value.uri;
            let matching = self.templates.iter().find(|template| template.value.uri.variables_of(uri).is_some());
            if let Some(template) = matching {
                return Err(EntryError::Matched { uri: uri.clone(), template: template.listed.name.clone() });
            }
        }
        self.add(entry)
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

    /// Puts every kind in the order clients read it in (rule R-5), and libraries in the order in which they count.
    pub(super) fn sort(&mut self) {
        self.tools.sort_by(|a, b| a.value.name.cmp(&b.value.name));
        self.prompts.sort_by(|a, b| a.value.name.cmp(&b.value.name));
        self.resources.sort_by(|a, b| a.value.uri.cmp(&b.value.uri));
        self.templates.sort_by(|a, b| a.value.uri.as_str().cmp(b.value.uri.as_str()));
        self.libraries.sort_by(|a, b| a.id.cmp(&b.id));
    }
}

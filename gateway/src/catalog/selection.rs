//! What one group of callers is served: each kind in its order.

use std::collections::HashSet;
use std::sync::Arc;

use super::entry::{Defined, Entry};
use super::library::Library;
use super::{EntryError, Prompt, Resource, Template, Tool};

/// One version of everything.
#[derive(Debug, Default)]
pub(super) struct Selection {
    pub(super) tools: Vec<Defined<Tool>>,
    pub(super) prompts: Vec<Defined<Prompt>>,
    pub(super) resources: Vec<Defined<Resource>>,
    pub(super) templates: Vec<Defined<Template>>,
    pub(super) libraries: Vec<Arc<Library>>,
    /// Names, as [`Kind::id`](penstock_protocol::manifest::Kind::id) spells them, and URIs.
    taken: HashSet<String>,
}

impl Selection {
    /// Takes entries that have no name or URI in common.
    pub(super) fn of<'e>(entries: impl Iterator<Item = &'e Entry>) -> Self {
        let mut selection = Self::default();
        entries.for_each(|entry| selection.put(entry.clone()));
        selection
    }

    /// Adds an entry unless its name or URI is taken.
    pub(super) fn add(&mut self, entry: Entry) -> Result<(), EntryError> {
        let id = entry.id();
        if let Some(taken) = entry.uri().into_iter().chain([&*id]).find(|key| self.taken.contains(*key)) {
            return Err(EntryError::Duplicate(taken.to_owned()));
        }
        self.put(entry);
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

    fn put(&mut self, entry: Entry) {
        self.taken.extend(entry.uri().map(str::to_owned));
        self.taken.insert(entry.id());
        match entry {
            Entry::Tool(tool) => self.tools.push(tool),
            Entry::Prompt(prompt) => self.prompts.push(prompt),
            Entry::Resource(resource) => self.resources.push(resource),
            Entry::Template(template) => self.templates.push(template),
            Entry::Library(library) => self.libraries.push(library),
        }
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

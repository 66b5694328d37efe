//! The catalog: everything this gateway serves, read once and kept ready to send.

mod compact;
mod entries;
mod folder;
mod header_params;
mod list;
mod prompt;
mod resource;
mod template;
mod tool;
mod tool_search;
mod uri_template;
mod worker;

pub use entries::EntryError;
pub use header_params::InvalidHeaderParam;
pub use penstock_json_schema::InvalidSchema;
pub use uri_template::InvalidUriTemplate;

pub(crate) use list::{ListKind, Listed};
pub(crate) use penstock_json_schema::{self as schema, Schema};
pub(crate) use prompt::Prompt;
pub(crate) use resource::Resource;
pub(crate) use template::Template;
pub(crate) use tool::Tool;
pub(crate) use tool_search::ToolSearch;
pub(crate) use worker::Worker;

use std::collections::BTreeMap;
use std::fmt;

use bytes::Bytes;
use penstock_protocol::manifest::Kind;
use penstock_protocol::revision::Revision;

use entries::Entries;
use list::Lists;

/// Longest URI served or asked for, in bytes.
pub(crate) const MAX_URI: usize = 8 * 1024;

/// Tools and prompts by name, resources by URI, templates by what they match.
pub struct Catalog {
    tools: Vec<Tool>,
    prompts: Vec<Prompt>,
    resources: Vec<Resource>,
    /// The first one that matches a URI answers for it.
    templates: Vec<Template>,
    /// If there are too many tools to read.
    tool_search: Option<ToolSearch>,
    lists: Lists,
    for_policies: Vec<penstock_policy::Entry>,
}

/// What answers for one URI.
#[derive(Debug)]
pub(crate) struct Located<'c> {
    pub(crate) kind: Kind,
    /// The resource's or template's name.
    pub(crate) name: &'c str,
    pub(crate) worker: &'c Worker,
    /// What the template's variables stand for.
    pub(crate) variables: BTreeMap<String, String>,
}

impl Catalog {
    fn new(mut entries: Entries) -> Self {
        entries.sort();
        let lists = Lists::new([
            entries.tools.listed(),
            entries.prompts.listed(),
            entries.resources.listed(),
            entries.templates.listed(),
        ]);
        let mut templates = entries.templates.into_values();
        templates.sort_by(Template::precedence);
        Self {
            tools: entries.tools.into_values(),
            prompts: entries.prompts.into_values(),
            resources: entries.resources.into_values(),
            templates,
            tool_search: None,
            lists,
            for_policies: entries.for_policies,
        }
    }

    /// The same catalog with a tool that finds tools, if there are more than `above` and none has its name.
    #[must_use]
    pub fn searchable(mut self, above: usize) -> Self {
        if self.tools.len() <= above {
            return self;
        }
        match tool_search::tool() {
            Ok((tool, _)) if self.tool(&tool.name).is_some() => {
                tracing::warn!(tool = tool.name, "not added: the catalog has a tool of this name");
            }
            Ok((tool, listed)) => {
                let mut lists = self.lists.into_listed();
                let tools = &mut lists[ListKind::Tools as usize];
                let place = tools.partition_point(|one| one.name < listed.name);
                tools.insert(place, listed);
                self.lists = Lists::new(lists);
                self.tool_search = Some(ToolSearch::new(tool, self.lists.listed(ListKind::Tools)));
            }
            Err(error) => tracing::error!(%error, "tools cannot be searched"),
        }
        self
    }

    /// How many tools there are.
    pub fn tool_count(&self) -> usize {
        self.tools.len()
    }

    /// A digest of every definition served: it changes when a list does. SHA-256, Base64url.
    pub fn version(&self) -> &str {
        self.lists.version()
    }

    pub(crate) fn tool(&self, name: &str) -> Option<&Tool> {
        find(&self.tools, |tool| &tool.name, name)
    }

    /// What finds tools, where there are too many to read.
    pub(crate) fn tool_search(&self) -> Option<&ToolSearch> {
        self.tool_search.as_ref()
    }

    pub(crate) fn prompt(&self, name: &str) -> Option<&Prompt> {
        find(&self.prompts, |prompt| &prompt.name, name)
    }

    pub(crate) fn resource(&self, uri: &str) -> Option<&Resource> {
        find(&self.resources, |resource| &resource.uri, uri)
    }

    /// The template spelled like this.
    pub(crate) fn template(&self, spelling: &str) -> Option<&Template> {
        self.templates.iter().find(|template| template.uri.as_str() == spelling)
    }

    /// What answers for a URI: the resource that is there, else the template that says most about it.
    pub(crate) fn locate(&self, uri: &str) -> Option<Located<'_>> {
        if let Some(Resource { name, worker, .. }) = self.resource(uri) {
            return Some(Located { kind: Kind::Resource, name, worker, variables: BTreeMap::new() });
        }
        self.templates.iter().find_map(|template| {
            let variables = template.uri.variables_of(uri)?;
            Some(Located { kind: Kind::ResourceTemplate, name: &template.name, worker: &template.worker, variables })
        })
    }

    /// A page of a list in a revision's shape; `None` for a cursor that is not of this list.
    pub(crate) fn list(&self, kind: ListKind, cursor: Option<&str>, revision: Revision) -> Option<Bytes> {
        self.lists.page(kind, cursor, revision)
    }

    /// Everything on a list, in its order.
    pub(crate) fn listed(&self, kind: ListKind) -> &[Listed] {
        self.lists.listed(kind)
    }

    /// A page of the part of a list that one reader may see: `visible` says which entries, in their order.
    pub(crate) fn list_for(
        &self,
        reader: &str,
        kind: ListKind,
        visible: &[bool],
        cursor: Option<&str>,
        revision: Revision,
    ) -> Option<Bytes> {
        self.lists.page_for(reader, kind, visible, cursor, revision)
    }

    /// Whether any entry needs a scope.
    pub(crate) fn has_scopes(&self) -> bool {
        self.lists.has_scopes()
    }

    /// What policies can know of the entries.
    pub(crate) fn for_policies(&self) -> &[penstock_policy::Entry] {
        &self.for_policies
    }

    pub(crate) fn has_prompts(&self) -> bool {
        !self.prompts.is_empty()
    }

    /// Whether there is anything to read.
    pub(crate) fn has_resources(&self) -> bool {
        !self.resources.is_empty() || !self.templates.is_empty()
    }

    /// Whether any call may become a task.
    pub(crate) fn has_tasks(&self) -> bool {
        self.tools.iter().any(|tool| tool.worker.task.is_some())
    }

    /// Whether any worker completes arguments.
    pub(crate) fn completes(&self) -> bool {
        self.prompts.iter().any(|prompt| prompt.worker.completes)
            || self.templates.iter().any(|template| template.worker.completes)
    }
}

/// Looks up an entry by the key the entries are sorted by.
fn find<'e, T>(entries: &'e [T], key: impl Fn(&T) -> &String, wanted: &str) -> Option<&'e T> {
    entries.binary_search_by(|entry| key(entry).as_str().cmp(wanted)).ok().map(|at| &entries[at])
}

impl fmt::Debug for Catalog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Catalog")
            .field("tools", &self.tools.len())
            .field("prompts", &self.prompts.len())
            .field("resources", &self.resources.len())
            .field("templates", &self.templates.len())
            .field("version", &self.version())
            .finish_non_exhaustive()
    }
}

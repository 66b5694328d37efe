//! Everything this gateway serves at one moment, ready to send.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use penstock_protocol::manifest::Kind;
use penstock_protocol::revision::Revision;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::entry::Defined;
use super::library::Library;
use super::list::{ListKind, Listed, Lists};
use super::selection::Selection;
use super::{Prompt, Resource, Template, Tool, ToolSearch, Worker};

/// The catalog of one moment and group of callers: tools and prompts by name, resources by URI, templates by what they
/// match. A request looks at one from its beginning to its end.
pub(crate) struct Snapshot {
    /// Grows with every snapshot of this process.
    serial: u64,
    /// Whether others are served other versions of something.
    varies: bool,
    tools: Vec<Arc<Tool>>,
    prompts: Vec<Arc<Prompt>>,
    resources: Vec<Arc<Resource>>,
    /// The first one that matches a URI answers for it.
    templates: Vec<Arc<Template>>,
    libraries: Vec<Arc<Library>>,
    /// If there are too many tools to read.
    tool_search: Option<ToolSearch>,
    lists: Lists,
    for_policies: Vec<Arc<penstock_policy::Entry>>,
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

impl Snapshot {
    pub(super) fn new(mut entries: Selection, tool_search: Option<ToolSearch>, varies: bool) -> Self {
        static SERIAL: AtomicU64 = AtomicU64::new(0);
        entries.sort();
        let lists = Lists::new(
            |kind| match kind {
                ListKind::Tools => listed(&entries.tools),
                ListKind::Prompts => listed(&entries.prompts),
                ListKind::Resources => listed(&entries.resources),
                ListKind::Templates => listed(&entries.templates),
            },
            |kind| listing_ttl(&entries.libraries, kind.entries()),
        );
        let for_policies = [
            for_policies(&entries.tools),
            for_policies(&entries.prompts),
            for_policies(&entries.resources),
            for_policies(&entries.templates),
        ];
        let mut templates = values(entries.templates);
        templates.sort_by(|a, b| a.precedence(b));
        Self {
            serial: SERIAL.fetch_add(1, Ordering::Relaxed),
            varies,
            tools: values(entries.tools),
            prompts: values(entries.prompts),
            resources: values(entries.resources),
            templates,
            libraries: entries.libraries,
            tool_search,
            lists,
            for_policies: for_policies.concat(),
        }
    }

    /// Which snapshot of this process it is: the larger, the later.
    pub(crate) fn serial(&self) -> u64 {
        self.serial
    }

    /// Whether other callers are served other versions of something.
    pub(crate) fn varies(&self) -> bool {
        self.varies
    }

    pub(crate) fn tool_count(&self) -> usize {
        self.tools.len()
    }

    /// A digest of every definition served.
    pub(super) fn version(&self) -> &str {
        self.lists.version()
    }

    /// A digest of every definition on a list.
    pub(super) fn version_of(&self, kind: ListKind) -> &str {
        self.lists.version_of(kind)
    }

    pub(crate) fn tool(&self, name: &str) -> Option<&Tool> {
        find(&self.tools, |tool| &tool.name, name)
    }

    /// What a tool's definition says of its structured content: `outputSchema`.
    pub(crate) fn output_schema(&self, tool: &str) -> Option<Map<String, Value>> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Definition {
            output_schema: Option<Map<String, Value>>,
        }
        let at = self.tools.binary_search_by(|one| one.name.as_str().cmp(tool)).ok()?;
        let definition = self.listed(ListKind::Tools).get(at)?.definition();
        serde_json::from_slice::<Definition>(definition).ok()?.output_schema
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
        self.templates.iter().find(|template| template.uri.as_str() == spelling).map(|template| &**template)
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

    /// The libraries that list entries of a kind.
    pub(crate) fn libraries(&self, lists: Kind) -> impl Iterator<Item = &Arc<Library>> {
        self.libraries.iter().filter(move |library| library.lists == lists)
    }

    /// Whether any entry needs a scope or a tenant, be it one nobody has seen yet.
    pub(crate) fn is_restricted(&self) -> bool {
        self.lists.is_restricted() || self.libraries.iter().any(|library| !library.worker.scopes.is_empty())
    }

    /// What policies can know of the entries.
    pub(crate) fn for_policies(&self) -> impl Iterator<Item = &penstock_policy::Entry> {
        self.for_policies.iter().map(|known| &**known)
    }

    /// Whether there are prompts, or may be.
    pub(crate) fn has_prompts(&self) -> bool {
        !self.prompts.is_empty() || self.libraries(Kind::Prompt).next().is_some()
    }

    /// Whether there is anything to read, or may be.
    pub(crate) fn has_resources(&self) -> bool {
        !self.resources.is_empty() || !self.templates.is_empty() || self.libraries(Kind::Resource).next().is_some()
    }

    /// Whether any call may become a task.
    pub(crate) fn has_tasks(&self) -> bool {
        self.tools.iter().any(|tool| tool.worker.task.is_some())
    }

    /// Whether any worker completes arguments.
    pub(crate) fn completes(&self) -> bool {
        self.prompts.iter().any(|prompt| prompt.worker.completes)
            || self.templates.iter().any(|template| template.worker.completes)
            || self.libraries.iter().any(|library| library.worker.completes)
    }
}

fn listed<T>(entries: &[Defined<T>]) -> Vec<Listed> {
    entries.iter().map(|entry| entry.listed.clone()).collect()
}

fn for_policies<T>(entries: &[Defined<T>]) -> Vec<Arc<penstock_policy::Entry>> {
    let known = entries.iter().filter(|entry| !entry.listed.built_in);
    known.map(|entry| entry.for_policies.clone()).collect()
}

fn values<T>(entries: Vec<Defined<T>>) -> Vec<Arc<T>> {
    entries.into_iter().map(|entry| entry.value).collect()
}

/// How long a list is good that libraries add to.
fn listing_ttl(libraries: &[Arc<Library>], lists: Kind) -> Option<Duration> {
    libraries.iter().filter(|library| library.lists == lists).map(|library| library.ttl).min()
}

/// Looks up an entry by the key the entries are sorted by.
fn find<'e, T>(entries: &'e [Arc<T>], key: impl Fn(&T) -> &String, wanted: &str) -> Option<&'e T> {
    entries.binary_search_by(|entry| key(entry).as_str().cmp(wanted)).ok().map(|at| &*entries[at])
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot")
            .field("tools", &self.tools.len())
            .field("prompts", &self.prompts.len())
            .field("resources", &self.resources.len())
            .field("templates", &self.templates.len())
            .field("libraries", &self.libraries.len())
            .field("version", &self.version())
            .finish_non_exhaustive()
    }
}

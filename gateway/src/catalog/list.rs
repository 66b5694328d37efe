//! Lists, written when the catalog is read: a request for a whole one is a look-up.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use penstock_protocol::manifest::{CacheScope, Isolation, Kind};
use penstock_protocol::meta;
use penstock_protocol::revision::Revision;
use ring::digest::{Context, SHA256};

use crate::identity;

/// How long a client may keep a page, at most (rule R-2).
pub(super) const TTL: Duration = Duration::from_mins(1);

/// Most entries on a page.
const MAX_ENTRIES: usize = 1000;

/// Most bytes of entries on a page, unless one alone has more.
const MAX_BYTES: usize = 1024 * 1024;

/// A list clients can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ListKind {
    /// `tools/list`.
    Tools,
    /// `prompts/list`.
    Prompts,
    /// `resources/list`.
    Resources,
    /// `resources/templates/list`.
    Templates,
}

impl ListKind {
    pub(super) const ALL: [Self; 4] = [Self::Tools, Self::Prompts, Self::Resources, Self::Templates];

    /// The list a method asks for.
    pub(crate) fn of_method(method: &str) -> Option<Self> {
        match method {
            "tools/list" => Some(Self::Tools),
            "prompts/list" => Some(Self::Prompts),
            "resources/list" => Some(Self::Resources),
            "resources/templates/list" => Some(Self::Templates),
            _ => None,
        }
    }

    /// What is on it.
    pub(crate) const fn entries(self) -> Kind {
        match self {
            Self::Tools => Kind::Tool,
            Self::Prompts => Kind::Prompt,
            Self::Resources => Kind::Resource,
            Self::Templates => Kind::ResourceTemplate,
        }
    }

    /// The result's member that holds the entries.
    const fn member(self) -> &'static str {
        match self {
            Self::Tools => "tools",
            Self::Prompts => "prompts",
            Self::Resources => "resources",
            Self::Templates => "resourceTemplates",
        }
    }
}

/// What a list says of one entry, and who may read it there.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    pub(crate) name: String,
    /// The scopes a reader needs, all of them.
    pub(crate) scopes: Vec<String>,
    /// Whose calls its function keeps apart.
    pub(crate) isolation: Option<Isolation>,
    /// Whether it is the gateway's own: no policy speaks of it, and whoever is admitted sees it.
    pub(crate) built_in: bool,
    /// The definition clients read, white space between tokens left out.
    pub(super) definition: Bytes,
}

impl Listed {
    /// Whether its manifest says who may read it.
    fn is_restricted(&self) -> bool {
        !self.scopes.is_empty() || self.isolation == Some(Isolation::Tenant)
    }

    /// The definition clients read, as JSON.
    pub(crate) fn definition(&self) -> &[u8] {
        &self.definition
    }
}

/// Every page of every list.
#[derive(Debug)]
pub(super) struct Lists {
    /// In the order of [`ListKind::ALL`].
    by_kind: [List; ListKind::ALL.len()],
    version: String,
    is_restricted: bool,
}

/// One list.
#[derive(Debug)]
struct List {
    listed: Vec<Listed>,
    /// Changes when any definition on it does.
    version: String,
    ttl: Duration,
    /// At least one.
    pages: Vec<Page>,
}

#[derive(Debug)]
struct Page {
    /// What asks for it; the first page is asked for without.
    cursor: Option<String>,
    stateless: Bytes,
    handshake: Bytes,
}

/// A list, or the part of it that some may see: what its cursors are bound to.
struct View<'a> {
    kind: ListKind,
    definitions: Vec<&'a [u8]>,
    version: &'a str,
    ttl: Duration,
    scope: CacheScope,
}

impl Lists {
    /// Writes the lists: `listed` says what is on each, in its order. A list that libraries add to is good for as long
    /// as `listing_ttl` says.
    pub(super) fn new(
        listed: impl Fn(ListKind) -> Vec<Listed>,
        listing_ttl: impl Fn(ListKind) -> Option<Duration>,
    ) -> Self {
        let lists = ListKind::ALL.map(|kind| List::new(kind, listed(kind), listing_ttl(kind).unwrap_or(TTL).min(TTL)));
        let version = digest(lists.iter().map(|list| list.version.as_bytes()));
        let is_restricted = lists.iter().flat_map(|list| &list.listed).any(Listed::is_restricted);
        Self { by_kind: lists, version, is_restricted }
    }

    /// Changes when any definition does.
    pub(super) fn version(&self) -> &str {
        &self.version
    }

    /// Changes when any definition on this list does.
    pub(super) fn version_of(&self, kind: ListKind) -> &str {
        &self.list(kind).version
    }

    pub(super) fn listed(&self, kind: ListKind) -> &[Listed] {
        &self.list(kind).listed
    }

    pub(super) fn is_restricted(&self) -> bool {
        self.is_restricted
    }

    fn list(&self, kind: ListKind) -> &List {
        &self.by_kind[kind as usize]
    }

    /// The page a cursor asks for, if it is one of this list in this version (rule R-6).
    pub(super) fn page(&self, kind: ListKind, cursor: Option<&str>, revision: Revision) -> Option<Bytes> {
        let page = self.list(kind).pages.iter().find(|page| page.cursor.as_deref() == cursor)?;
        Some(if revision.is_stateless() { page.stateless.clone() } else { page.handshake.clone() })
    }

    /// The same of the part of the list that `reader` may see. A cursor is good for this reader and as long as
    /// that part stays the same (rules R-3 and A-10).
    pub(super) fn page_for(
        &self,
        reader: &str,
        kind: ListKind,
        visible: &[bool],
        cursor: Option<&str>,
        revision: Revision,
    ) -> Option<Bytes> {
        let mut context = Context::new(&SHA256);
        context.update(self.version_of(kind).as_bytes());
        context.update(&visible.iter().map(|visible| u8::from(*visible)).collect::<Vec<_>>());
        context.update(reader.as_bytes());
        let version = URL_SAFE_NO_PAD.encode(context.finish());
        let seen = self.listed(kind).iter().zip(visible).filter(|(_, visible)| **visible);
        let definitions = seen.map(|(one, _)| &*one.definition).collect();
        let ttl = self.list(kind).ttl;
        let view = View { kind, definitions, version: &version, ttl, scope: CacheScope::Private };
        let mut start = 0;
        while view.cursor(start).as_deref() != cursor {
            start = view.next(start)?;
        }
        Some(view.body(start, revision.is_stateless()))
    }
}

impl List {
    fn new(kind: ListKind, mut listed: Vec<Listed>, ttl: Duration) -> Self {
        let version = digest(listed.iter().map(|one| &*one.definition));
        let definitions = listed.iter().map(|one| &*one.definition).collect();
        let whole = View { kind, definitions, version: &version, ttl, scope: CacheScope::Public };
        let (pages, slices) = whole.pages();
        for (one, slice) in listed.iter_mut().zip(slices) {
            one.definition = slice;
        }
        Self { listed, version, ttl, pages }
    }
}

/// What changes when any part does; none has a line break.
fn digest<'p>(parts: impl Iterator<Item = &'p [u8]>) -> String {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(part);
        context.update(b"\n");
    }
    URL_SAFE_NO_PAD.encode(context.finish())
}

impl View<'_> {
    /// Every page, and each definition as a part of the page it is on.
    fn pages(&self) -> (Vec<Page>, Vec<Bytes>) {
        let (mut pages, mut slices) = (Vec::new(), Vec::new());
        let mut start = Some(0);
        while let Some(at) = start {
            let (stateless, handshake) = (self.body(at, true), self.body(at, false));
            let mut offset = self.head().len();
            start = self.next(at);
            for definition in &self.definitions[at..start.unwrap_or(self.definitions.len())] {
                slices.push(handshake.slice(offset..offset + definition.len()));
                offset += definition.len() + 1;
            }
            pages.push(Page { cursor: self.cursor(at), stateless, handshake });
        }
        (pages, slices)
    }

    /// Where the page behind this one starts.
    fn next(&self, start: usize) -> Option<usize> {
        let end = start + page_length(&self.definitions[start..]);
        (end < self.definitions.len()).then_some(end)
    }

    /// What asks for the page that starts here.
    fn cursor(&self, start: usize) -> Option<String> {
        let member = self.kind.member();
        (start > 0).then(|| URL_SAFE_NO_PAD.encode(format!("{member}/{start}/{}", self.version)))
    }

    fn head(&self) -> String {
        format!(r#"{{"{}":["#, self.kind.member())
    }

    /// The page that starts here.
    fn body(&self, start: usize, stateless: bool) -> Bytes {
        let next = self.next(start);
        let mut body = self.head().into_bytes();
        body.extend(self.definitions[start..next.unwrap_or(self.definitions.len())].join(&b","[..]));
        body.push(b']');
        if let Some(next) = next.and_then(|next| self.cursor(next)) {
            body.extend(format!(r#","nextCursor":"{next}""#).into_bytes());
        }
        if stateless {
            let scope = match self.scope {
                CacheScope::Public => "public",
                CacheScope::Private => "private",
            };
            let rest = format!(
                r#","ttlMs":{},"cacheScope":"{scope}","resultType":"complete","_meta":{{"{}":{}}}"#,
                self.ttl.as_millis(),
                meta::key::SERVER_INFO,
                identity::server_info(),
            );
            body.extend(rest.into_bytes());
        }
        body.push(b'}');
        body.into()
    }
}

/// How many of these fit on a page; at least one, if there is one.
fn page_length(definitions: &[&[u8]]) -> usize {
    let mut bytes = 0;
    let fitting = definitions.iter().take(MAX_ENTRIES).take_while(|definition| {
        bytes += definition.len() + 1;
        bytes <= MAX_BYTES
    });
    fitting.count().max(1).min(definitions.len())
}

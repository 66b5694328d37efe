//! Lists, written when the catalog is read: a request for one is a look-up.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use penstock_protocol::meta;
use penstock_protocol::revision::Revision;
use ring::digest::{Context, SHA256};

use crate::identity;

/// How long a client may keep a page, in milliseconds (rule R-2).
const TTL_MS: u64 = 60_000;

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
    const ALL: [Self; 4] = [Self::Tools, Self::Prompts, Self::Resources, Self::Templates];

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

/// Every page of every list.
#[derive(Debug)]
pub(super) struct Lists {
    version: String,
    /// In the order of [`ListKind::ALL`]; each list has at least one page.
    pages: [Vec<Page>; ListKind::ALL.len()],
}

#[derive(Debug)]
struct Page {
    /// What asks for it; the first page is asked for without.
    cursor: Option<String>,
    stateless: Bytes,
    handshake: Bytes,
}

impl Lists {
    /// Writes the lists of `definitions`, which are JSON, in their order and in that of
    /// [`ListKind::ALL`].
    pub(super) fn new(definitions: &[Vec<&str>; ListKind::ALL.len()]) -> Self {
        let version = digest(definitions);
        let pages = ListKind::ALL.map(|kind| paginate(kind, &definitions[kind as usize], &version));
        Self { version, pages }
    }

    pub(super) fn version(&self) -> &str {
        &self.version
    }

    /// The page a cursor asks for, if it is one of this list in this version (rule R-6).
    pub(super) fn page(&self, kind: ListKind, cursor: Option<&str>, revision: Revision) -> Option<Bytes> {
        let page = self.pages[kind as usize].iter().find(|page| page.cursor.as_deref() == cursor)?;
        Some(if revision.is_stateless() { page.stateless.clone() } else { page.handshake.clone() })
    }
}

fn digest(definitions: &[Vec<&str>]) -> String {
    let mut context = Context::new(&SHA256);
    for list in definitions {
        for definition in list {
            context.update(definition.as_bytes());
            context.update(b"\n");
        }
        context.update(b"\n");
    }
    URL_SAFE_NO_PAD.encode(context.finish())
}

fn paginate(kind: ListKind, definitions: &[&str], version: &str) -> Vec<Page> {
    let mut pages = Vec::new();
    let mut start = 0;
    loop {
        let end = start + page_length(&definitions[start..]);
        let cursor = |at: usize| URL_SAFE_NO_PAD.encode(format!("{}/{at}/{version}", kind.member()));
        let next = (end < definitions.len()).then(|| cursor(end));
        let own = (start > 0).then(|| cursor(start));
        pages.push(Page::new(kind, &definitions[start..end], own, next.as_deref()));
        if next.is_none() {
            return pages;
        }
        start = end;
    }
}

/// How many of these fit on a page; at least one, if there is one.
fn page_length(definitions: &[&str]) -> usize {
    let mut bytes = 0;
    let fitting = definitions.iter().take(MAX_ENTRIES).take_while(|definition| {
        bytes += definition.len() + 1;
        bytes <= MAX_BYTES
    });
    fitting.count().max(1).min(definitions.len())
}

impl Page {
    fn new(kind: ListKind, definitions: &[&str], cursor: Option<String>, next: Option<&str>) -> Self {
        let mut body = format!(r#"{{"{}":[{}]"#, kind.member(), definitions.join(","));
        if let Some(next) = next {
            let _ = write!(body, r#","nextCursor":"{next}""#);
        }
        let stateless = format!(
            r#"{body},"ttlMs":{TTL_MS},"cacheScope":"public","resultType":"complete","_meta":{{"{}":{}}}}}"#,
            meta::key::SERVER_INFO,
            identity::server_info(),
        );
        body.push('}');
        Self { cursor, stateless: stateless.into(), handshake: body.into() }
    }
}

//! Every document's entry: none twice, but for a canary beside the version that is for everybody.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::EntryError;
use super::canary::Variants;
use super::entry::Entry;
use super::library::Library;
use super::selection::Selection;

/// The most percentages of callers that are told apart: each takes a catalog of its own.
const MAX_PERCENTAGES: usize = 16;

/// The entries of the catalog's own documents.
#[derive(Debug, Default)]
pub(super) struct Entries {
    /// By what they are known by, as [`Kind::id`](penstock_protocol::manifest::Kind::id) spells it.
    versions: BTreeMap<String, Versions>,
    /// Who is read at a URI, by the same spelling.
    uris: HashMap<String, String>,
}

/// What is deployed under one name.
#[derive(Debug, Default)]
struct Versions {
    stable: Option<Entry>,
    canary: Option<Entry>,
}

impl Entries {
    /// Adds an entry. Nobody else may have its name, unless one of the two is a canary, and nobody of another name its
    /// URI, be it in what some callers see alone.
    pub(super) fn add(&mut self, entry: Entry) -> Result<(), EntryError> {
        let (id, uri) = (entry.id(), entry.uri().map(str::to_owned));
        if let Some(uri) = uri.as_ref().filter(|uri| self.uris.get(*uri).is_some_and(|owner| *owner != id)) {
            return Err(EntryError::Duplicate(uri.clone()));
        }
        let versions = self.versions.entry(id.clone()).or_default();
        let (place, name) = match entry.canary() {
            None => (&mut versions.stable, id.clone()),
            Some(_) => (&mut versions.canary, format!("a canary of {id}")),
        };
        if place.is_some() {
            return Err(EntryError::Duplicate(name));
        }
        *place = Some(entry);
        self.uris.extend(uri.map(|uri| (uri, id)));
        Ok(())
    }

    /// What each caller is served of these, put together by `finish`, which is told whether there is more than one.
    pub(super) fn variants<T>(&self, finish: impl Fn(Selection, bool) -> T) -> Variants<T> {
        let percentages = self.percentages();
        Variants::new(&percentages, |percent| {
            let selection = Selection::of(self.versions.values().filter_map(|versions| versions.at(percent)));
            finish(selection, !percentages.is_empty())
        })
    }

    /// Every library, canaries too.
    pub(super) fn libraries(&self) -> impl Iterator<Item = &Arc<Library>> {
        let versions = self.versions.values().flat_map(|versions| [&versions.stable, &versions.canary]);
        versions.flatten().filter_map(|entry| match entry {
            Entry::Library(library) => Some(library),
            _ => None,
        })
    }

    /// The percentages that tell callers apart.
    fn percentages(&self) -> BTreeSet<u8> {
        let mut percentages: BTreeSet<u8> = self.versions.values().filter_map(Versions::percent).collect();
        while percentages.len() > MAX_PERCENTAGES
            && let Some(percent) = percentages.pop_last()
        {
            tracing::error!(percent, "more than {MAX_PERCENTAGES} percentages: its canaries are for fewer callers");
        }
        percentages
    }
}

impl Versions {
    /// The percentage of callers that see another version than the others.
    fn percent(&self) -> Option<u8> {
        let canary = self.canary.as_ref().filter(|_| self.stable.is_some())?;
        canary.canary().filter(|percent| *percent > 0)
    }

    /// The version for callers that are served canaries of this percentage and above. A canary alone is for everybody.
    fn at(&self, percent: u8) -> Option<&Entry> {
        let canary = self.canary.as_ref();
        let chosen = canary.filter(|_| self.percent().is_some_and(|canary| canary >= percent));
        chosen.or(self.stable.as_ref()).or(canary)
    }
}

//! What a snapshot is made of: documents, and what libraries list.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::documents::Documents;
use super::entries::Entries;
use super::library::{Library, Listing, Skipped};
use super::snapshot::Snapshot;
use super::source::Listing as Documented;
use super::tool_search::ToolSearch;

/// Everything known by now.
#[derive(Debug, Default)]
pub(super) struct Parts {
    documents: Documents,
    /// What the documents say together.
    pinned: Entries,
    /// By the library's id, with the library that listed it.
    listed: BTreeMap<String, (Arc<Library>, Arc<Listing>)>,
    /// How many tools there may be without one that finds them; `None`: as many as there are.
    pub(super) searchable_above: Option<usize>,
    /// What stands for the documents, where their source knows such a thing.
    pub(super) mark: Option<String>,
}

impl Parts {
    /// Takes the documents there are; false if they are what they were.
    pub(super) fn take(&mut self, listing: Documented) -> bool {
        let Some(documents) = listing.documents else { return false };
        self.mark = listing.mark;
        let changed = self.documents.update(documents);
        if changed {
            self.pinned = self.documents.entries();
            self.pinned.sort();
            // What was listed by a function that is not deployed any more, or for other scopes, counts no longer.
            let libraries = &self.pinned.libraries;
            self.listed.retain(|_, (by, _)| libraries.iter().any(|library| Arc::ptr_eq(library, by)));
        }
        changed
    }

    /// Takes what a library lists. False if the library is not there any more.
    pub(super) fn list(&mut self, library: &Arc<Library>, listing: Listing) -> bool {
        let there = self.pinned.libraries.iter().any(|one| Arc::ptr_eq(one, library));
        if there {
            self.listed.insert(library.id.clone(), (library.clone(), Arc::new(listing)));
        }
        there
    }

    /// Puts everything together. Documents come first, then libraries in order of their names.
    pub(super) fn snapshot(&self) -> Snapshot {
        let mut entries = self.pinned.clone();
        for (library, listing) in self.listed.values() {
            let mut skipped = Skipped::of(library);
            for entry in &listing.entries {
                if let Err(error) = entries.add_listed(entry.clone()) {
                    skipped.add(&error);
                }
            }
            skipped.report();
        }
        let search = self.searchable_above.filter(|above| entries.tools.len() > *above);
        let search = search.and_then(|_| ToolSearch::add_to(&mut entries));
        Snapshot::new(entries, search)
    }
}

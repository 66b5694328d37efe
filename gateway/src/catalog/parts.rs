//! What a snapshot is made of: documents, and what libraries list.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::documents::Documents;
use super::entries::Entries;
use super::library::{Library, Listing, Skipped};
use super::selection::Selection;
use super::source::Listing as Documented;
use super::tool_search::ToolSearch;
use super::{Served, Snapshot};

/// Everything known by now.
#[derive(Debug, Default)]
pub(super) struct Parts {
    documents: Documents,
    /// What the documents say together.
    pinned: Entries,
    /// By the library's key, with the library that listed it.
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
            // What was listed by a function that is not deployed any more, or for other scopes, counts no longer.
            let pinned = &self.pinned;
            self.listed.retain(|_, (by, _)| pinned.libraries().any(|library| Arc::ptr_eq(library, by)));
        }
        changed
    }

    /// Takes what a library lists. False if the library is not there any more.
    pub(super) fn list(&mut self, library: &Arc<Library>, listing: Listing) -> bool {
        let there = self.pinned.libraries().any(|one| Arc::ptr_eq(one, library));
        if there {
            self.listed.insert(library.key.clone(), (library.clone(), Arc::new(listing)));
        }
        there
    }

    /// Puts together what each caller is served.
    pub(super) fn serve(&self) -> Served {
        self.pinned.variants(|selection, varies| Arc::new(self.snapshot(selection, varies)))
    }

    /// Documents come first, then libraries in order of their names.
    fn snapshot(&self, mut selection: Selection, varies: bool) -> Snapshot {
        let libraries = selection.libraries.clone();
        for (library, listing) in self.listed.values() {
            if !libraries.iter().any(|one| Arc::ptr_eq(one, library)) {
                continue;
            }
            let mut skipped = Skipped::of(library);
            for entry in &listing.entries {
                if let Err(error) = selection.add_listed(entry.clone()) {
                    skipped.add(&error);
                }
            }
            skipped.report();
        }
        let search = self.searchable_above.filter(|above| selection.tools.len() > *above);
        let search = search.and_then(|_| ToolSearch::add_to(&mut selection));
        Snapshot::new(selection, search, varies)
    }
}

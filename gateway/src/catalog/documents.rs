//! The catalog's documents, each with the last version of it that was good.

use std::collections::BTreeMap;

use super::entries::Entries;
use super::entry::Entry;
use super::source::{Found, Text};

/// The most documents read; the rest is reported and left out.
pub(super) const MAX_DOCUMENTS: usize = 10_000;

/// Documents by what operators know them by.
#[derive(Debug, Default)]
pub(super) struct Documents(BTreeMap<String, Document>);

#[derive(Debug)]
struct Document {
    stamp: Option<String>,
    /// What it said when it was last good.
    entry: Option<Entry>,
}

impl Documents {
    /// Takes all there are, and reads what is new or has changed since the last time; false if nothing has.
    pub(super) fn update(&mut self, mut found: Vec<Found>) -> bool {
        found.sort_by(|a, b| a.name.cmp(&b.name));
        // A listing of several pages may show a document twice that has changed between them.
        found.dedup_by(|a, b| a.name == b.name);
        let surplus = found.split_off(found.len().min(MAX_DOCUMENTS));
        let known = self.0.iter().map(|(name, document)| (name, &document.stamp));
        if known.eq(found.iter().map(|found| (&found.name, &found.stamp))) {
            return false;
        }
        for Found { name, .. } in surplus {
            tracing::error!(entry = name, "catalog entry left out: more than {MAX_DOCUMENTS} entries");
        }
        let mut before = std::mem::take(&mut self.0);
        for Found { name, stamp, text } in found {
            let document = match before.remove(&name) {
                Some(same) if same.stamp == stamp => same,
                changed => Document { stamp, entry: read(&name, text, changed.and_then(|document| document.entry)) },
            };
            self.0.insert(name, document);
        }
        true
    }

    /// What all of them say together.
    pub(super) fn entries(&self) -> Entries {
        let mut entries = Entries::default();
        for (name, document) in &self.0 {
            let Some(entry) = &document.entry else { continue };
            if let Err(error) = entries.add(entry.clone()) {
                tracing::error!(entry = name, %error, "catalog entry left out");
            }
        }
        entries
    }
}

/// Reads a document. A bad one is logged, does not hurt the others, and leaves its last good version in place.
fn read(name: &str, text: Text, last: Option<Entry>) -> Option<Entry> {
    match text.read().map_err(Into::into).and_then(|json| Entry::read(&json)) {
        Ok(entry) => Some(entry),
        Err(error) => {
            let kept = last.is_some();
            tracing::error!(entry = name, %error, kept, "catalog entry left out");
            last
        }
    }
}

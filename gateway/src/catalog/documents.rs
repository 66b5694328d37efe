//! The catalog's documents, each with the last version of it that was good.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::entries::Entries;
use super::entry::Entry;
use super::folder::{self, Folder, FolderError, Stamp};

/// The most documents read; the rest is reported and left out.
const MAX_DOCUMENTS: usize = 10_000;

/// Documents by where they are.
#[derive(Debug, Default)]
pub(super) struct Documents(BTreeMap<PathBuf, Document>);

#[derive(Debug)]
struct Document {
    stamp: Option<Stamp>,
    /// What it said when it was last good.
    entry: Option<Entry>,
}

impl Documents {
    /// Reads what is new or has changed since the last time; false if nothing has.
    pub(super) fn update(&mut self, folder: &Folder) -> Result<bool, FolderError> {
        let mut found = folder.list()?;
        let surplus = found.split_off(found.len().min(MAX_DOCUMENTS));
        let known = self.0.iter().map(|(path, document)| (path, &document.stamp));
        if known.eq(found.iter().map(|(path, stamp)| (path, stamp))) {
            return Ok(false);
        }
        for (path, _) in surplus {
            tracing::error!(entry = %path.display(), "catalog entry left out: more than {MAX_DOCUMENTS} entries");
        }
        let mut before = std::mem::take(&mut self.0);
        for (path, stamp) in found {
            let document = match before.remove(&path) {
                Some(same) if same.stamp == stamp => same,
                changed => Document { stamp, entry: read(&path, changed.and_then(|document| document.entry)) },
            };
            self.0.insert(path, document);
        }
        Ok(true)
    }

    /// What all of them say together.
    pub(super) fn entries(&self) -> Entries {
        let mut entries = Entries::default();
        for (path, document) in &self.0 {
            let Some(entry) = &document.entry else { continue };
            if let Err(error) = entries.add(entry.clone()) {
                tracing::error!(entry = %path.display(), %error, "catalog entry left out");
            }
        }
        entries
    }
}

/// Reads a document. A bad one is logged, does not hurt the others, and leaves its last good version in place.
fn read(path: &Path, last: Option<Entry>) -> Option<Entry> {
    match folder::read(path).map_err(Into::into).and_then(|json| Entry::read(&json)) {
        Ok(entry) => Some(entry),
        Err(error) => {
            let kept = last.is_some();
            tracing::error!(entry = %path.display(), %error, kept, "catalog entry left out");
            last
        }
    }
}

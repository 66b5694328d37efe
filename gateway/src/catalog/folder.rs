//! The catalog as a folder: one `*.json` document an entry.

use std::path::{Path, PathBuf};

use super::{Catalog, Entries, EntryError};

/// The largest entry read, in bytes.
const MAX_ENTRY: u64 = 1024 * 1024;

/// The most entries read; the rest is reported and left out.
const MAX_ENTRIES: usize = 10_000;

/// The folder itself cannot be read. Bad entries are not an error: they are reported and left out.
#[derive(Debug, thiserror::Error)]
#[error("the catalog {} cannot be read: {source}", path.display())]
pub struct FolderError {
    path: PathBuf,
    source: std::io::Error,
}

impl Catalog {
    /// Reads every `*.json` in `folder`. A bad entry is logged and does not hurt the others.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn from_folder(folder: &Path) -> Result<Self, FolderError> {
        let failed = |source| FolderError { path: folder.to_owned(), source };
        let mut paths = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if path.extension().is_some_and(|extension| extension == "json") {
                paths.push(path);
            }
        }
        paths.sort();
        for path in paths.split_off(paths.len().min(MAX_ENTRIES)) {
            tracing::error!(entry = %path.display(), "catalog entry left out: more than {MAX_ENTRIES} entries");
        }
        let mut entries = Entries::default();
        for path in paths {
            if let Err(error) = read(&path).and_then(|json| entries.add(&json)) {
                tracing::error!(entry = %path.display(), %error, "catalog entry left out");
            }
        }
        Ok(Self::new(entries))
    }
}

fn read(path: &Path) -> Result<Vec<u8>, EntryError> {
    let size = std::fs::metadata(path)?.len();
    if size > MAX_ENTRY {
        let reason = format!("{size} bytes; an entry has at most {MAX_ENTRY}");
        return Err(std::io::Error::new(std::io::ErrorKind::FileTooLarge, reason).into());
    }
    Ok(std::fs::read(path)?)
}

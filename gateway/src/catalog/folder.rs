//! The catalog as a folder: one `*.json` document an entry.

use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The largest entry read, in bytes.
const MAX_ENTRY: u64 = 1024 * 1024;

/// The folder itself cannot be read. Bad entries are not an error: they are reported and left out.
#[derive(Debug, thiserror::Error)]
#[error("the catalog {} cannot be read: {source}", path.display())]
pub struct FolderError {
    path: PathBuf,
    source: io::Error,
}

/// Where documents are.
#[derive(Debug)]
pub(super) struct Folder(PathBuf);

/// What tells one version of a document from another without reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stamp {
    size: u64,
    modified: Option<SystemTime>,
    /// Another one where a file was put in place of the one before.
    inode: u64,
}

impl Folder {
    pub(super) fn new(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// The documents there are, in order of name. No stamp: it cannot be looked at.
    pub(super) fn list(&self) -> Result<Vec<(PathBuf, Option<Stamp>)>, FolderError> {
        let failed = |source| FolderError { path: self.0.clone(), source };
        let mut found = Vec::new();
        for entry in std::fs::read_dir(&self.0).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if path.extension().is_some_and(|extension| extension == "json") {
                let stamp = Stamp::of(&path);
                found.push((path, stamp));
            }
        }
        found.sort_by(|(a, _), (b, _)| a.cmp(b));
        Ok(found)
    }
}

impl Stamp {
    fn of(path: &Path) -> Option<Self> {
        let metadata = std::fs::metadata(path).ok()?;
        Some(Self { size: metadata.len(), modified: metadata.modified().ok(), inode: metadata.ino() })
    }
}

/// Reads one document.
pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let size = std::fs::metadata(path)?.len();
    if size > MAX_ENTRY {
        let reason = format!("{size} bytes; an entry has at most {MAX_ENTRY}");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, reason));
    }
    std::fs::read(path)
}

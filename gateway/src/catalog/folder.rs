//! The catalog as a folder: one `*.json` document an entry.

use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;

use super::source::{CatalogError, Found, Listing, Pace, Source, Text};

/// The largest entry read, in bytes.
const MAX_ENTRY: u64 = 1024 * 1024;

/// A look costs little, and whoever has just saved a file wants to see it: the request that looks waits.
const PACE: Pace = Pace { every: Duration::from_secs(1), patience: Duration::ZERO };

/// The folder itself cannot be read. Bad entries are not an error: they are reported and left out.
#[derive(Debug, thiserror::Error)]
#[error("the catalog {} cannot be read: {source}", path.display())]
pub struct FolderError {
    path: PathBuf,
    source: io::Error,
}

/// Where documents are.
#[derive(Debug, Clone)]
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// The documents there are.
    pub(super) fn list_now(&self) -> Result<Listing, FolderError> {
        let failed = |source| FolderError { path: self.0.clone(), source };
        let mut found = Vec::new();
        for entry in std::fs::read_dir(&self.0).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if path.extension().is_some_and(|extension| extension == "json") {
                found.push(Found { name: path.display().to_string(), stamp: stamp(&path), text: Text::InFile(path) });
            }
        }
        Ok(Listing { documents: Some(found), mark: None, age: Duration::ZERO })
    }
}

impl Source for Folder {
    /// Files are looked at by a thread made for that.
    fn list(&self, _: Option<String>) -> BoxFuture<'_, Result<Listing, CatalogError>> {
        let folder = self.clone();
        let listed = tokio::task::spawn_blocking(move || folder.list_now());
        async { Ok(listed.await.map_err(|_| CatalogError::Interrupted)??) }.boxed()
    }

    fn pace(&self) -> Pace {
        PACE
    }
}

/// Size, time of change, and inode: another one where a file was put in place of the one before.
fn stamp(path: &Path) -> Option<String> {
    let metadata = std::fs::metadata(path).ok()?;
    let modified = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    Some(format!("{}/{}/{}", metadata.len(), modified.as_nanos(), metadata.ino()))
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

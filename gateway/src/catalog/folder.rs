//! The catalog as a folder: one `*.json` document a tool.

use std::path::{Path, PathBuf};

use super::{Catalog, EntryError, Tool};

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
        let mut tools: Vec<Tool> = Vec::new();
        for path in paths {
            match read(&path, &tools) {
                Ok(tool) => tools.push(tool),
                Err(error) => tracing::error!(entry = %path.display(), %error, "catalog entry left out"),
            }
        }
        Ok(Self::new(tools))
    }
}

fn read(path: &Path, others: &[Tool]) -> Result<Tool, EntryError> {
    let size = std::fs::metadata(path)?.len();
    if size > MAX_ENTRY {
        let reason = format!("{size} bytes; an entry has at most {MAX_ENTRY}");
        return Err(std::io::Error::new(std::io::ErrorKind::FileTooLarge, reason).into());
    }
    let tool = Tool::parse(&std::fs::read(path)?)?;
    if others.iter().any(|other| other.name == tool.name) {
        return Err(EntryError::Duplicate(tool.name));
    }
    Ok(tool)
}

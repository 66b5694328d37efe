//! A folder of policies, as text.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

/// Most bytes of all files together.
const MAX_BYTES: u64 = 1024 * 1024;

/// Most files.
const MAX_FILES: usize = 1000;

/// The `*.cedar` files of a folder: names and texts, in order of name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Source(pub(crate) Vec<(String, String)>);

impl Source {
    /// Reads a folder; what is wrong otherwise.
    pub(crate) fn read(folder: &Path) -> Result<Self, String> {
        let unreadable = |path: &Path, error: io::Error| format!("{}: {error}", path.display());
        let mut paths = Vec::new();
        for file in std::fs::read_dir(folder).map_err(|error| unreadable(folder, error))? {
            let path = file.map_err(|error| unreadable(folder, error))?.path();
            if path.extension().is_some_and(|extension| extension == "cedar") {
                paths.push(path);
            }
        }
        if paths.is_empty() {
            return Err(format!("{}: there is no *.cedar file in this folder", folder.display()));
        }
        if paths.len() > MAX_FILES {
            return Err(format!("{}: there are more than {MAX_FILES} *.cedar files", folder.display()));
        }
        paths.sort();
        let (mut files, mut left) = (Vec::new(), MAX_BYTES);
        for path in paths {
            let mut text = String::new();
            let read = File::open(&path).and_then(|file| file.take(left + 1).read_to_string(&mut text));
            let read = read.map_err(|error| unreadable(&path, error))?;
            left = left
                .checked_sub(read as u64)
                .ok_or_else(|| format!("{}: the policies have more than {MAX_BYTES} bytes", folder.display()))?;
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.push((name, text));
        }
        Ok(Self(files))
    }
}

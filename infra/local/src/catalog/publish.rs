use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io::{self, Write as _};
use std::path::Path;

use tempfile::NamedTempFile;

use super::Tool;

/// Makes `folder` the catalog of `tools`: one document per tool, the one a deployment publishes, which names the
/// function the tool is served by. Documents that say the same already are left alone, others that are there
/// removed; whoever reads the folder meanwhile finds each document whole.
///
/// # Errors
/// If a file cannot be written or removed.
pub fn publish(tools: &[Tool], folder: &Path) -> io::Result<()> {
    let mut published = BTreeSet::new();
    for tool in tools {
        let name = OsString::from(format!("{}.json", tool.function_name()));
        let (path, json) = (folder.join(&name), tool.document()?);
        if !std::fs::read(&path).is_ok_and(|old| old == json) {
            let mut file = NamedTempFile::new_in(folder)?;
            file.write_all(&json)?;
            file.persist(path)?;
        }
        published.insert(name);
    }
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        if Path::new(&name).extension().is_some_and(|extension| extension == "json") && !published.contains(&name) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

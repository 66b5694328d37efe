//! The tools of a folder of workers, and the catalog the gateway reads.

mod publish;
mod scan;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use penstock_protocol::manifest::{Definition, Manifest};

pub use self::publish::publish;

/// Largest `tool.json`, in bytes.
const MAX_MANIFEST: u64 = 1024 * 1024;

/// A tool found in a folder of workers.
#[derive(Debug)]
pub struct Tool {
    /// What the tool is: its manifest as it was read.
    pub manifest: Manifest,
    /// The members of its definition the host shows.
    pub definition: Definition,
    /// The `tool.json` it was read from.
    pub source: PathBuf,
    /// The program that serves it.
    pub worker: Worker,
}

impl Tool {
    /// The function it runs as: its id, in characters Lambda allows.
    pub fn function_name(&self) -> String {
        self.definition.id().replace(':', "-")
    }
}

/// What runs a tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Worker {
    /// A Rust package, by its `Cargo.toml`; its binary has the package's name.
    Cargo(PathBuf),
    /// An executable named `bootstrap`, as on Lambda, run in its own folder.
    Bootstrap(PathBuf),
}

/// Everything wrong with a catalog.
#[derive(Debug, thiserror::Error)]
pub struct CatalogError(Vec<String>);

impl fmt::Display for CatalogError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the catalog cannot be served:")?;
        self.0.iter().try_for_each(|mistake| write!(formatter, "\n  {mistake}"))
    }
}

/// Reads every `tool.json` below the given folders, ordered by tool name.
///
/// # Errors
/// [`CatalogError`] with every mistake there is: an unreadable folder, one without tools, a bad
/// manifest, a name used twice, a tool without a worker. Each names the file.
pub fn discover(folders: &[PathBuf]) -> Result<Vec<Tool>, CatalogError> {
    let mut mistakes = Vec::new();
    let mut tools: BTreeMap<String, Tool> = BTreeMap::new();
    for folder in folders {
        let manifests = scan::manifests(folder, &mut mistakes);
        if manifests.is_empty() {
            mistakes.push(format!("{}: there is no tool.json in this folder", folder.display()));
        }
        for source in manifests {
            match read(folder, &source) {
                Err(mistake) => mistakes.push(format!("{}: {mistake}", source.display())),
                Ok(tool) => match tools.get(&tool.definition.id()) {
                    Some(first) if first.source != source => mistakes.push(format!(
                        "{}: the name {:?} is taken by {}",
                        source.display(),
                        tool.definition.id(),
                        first.source.display()
                    )),
                    // The same file, found through two overlapping folders.
                    Some(_) => {}
                    None => drop(tools.insert(tool.definition.id(), tool)),
                },
            }
        }
    }
    if mistakes.is_empty() { Ok(tools.into_values().collect()) } else { Err(CatalogError(mistakes)) }
}

fn read(folder: &Path, source: &Path) -> Result<Tool, String> {
    let size = source.metadata().map_err(|error| error.to_string())?.len();
    if size > MAX_MANIFEST {
        return Err(format!("it has {size} bytes; a manifest has at most {MAX_MANIFEST}"));
    }
    let json = std::fs::read(source).map_err(|error| error.to_string())?;
    let (manifest, definition) = Manifest::parse(&json).map_err(|error| error.to_string())?;
    let worker = scan::worker(folder, source).ok_or_else(|| {
        format!("no folder from here up to {} has a Cargo.toml or an executable `bootstrap`", folder.display())
    })?;
    Ok(Tool { manifest, definition, source: source.to_owned(), worker })
}

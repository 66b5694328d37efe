//! What a folder of workers serves, and the catalog the gateway reads.

mod publish;
mod scan;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;
use std::path::{Path, PathBuf};

use penstock_protocol::manifest::{Definition, Manifest};

pub use self::publish::publish;
pub(crate) use self::scan::is_skipped;

/// Largest manifest, in bytes.
const MAX_MANIFEST: u64 = 1024 * 1024;

/// A tool, prompt, resource, template or library found in a folder of workers.
#[derive(Debug, Clone)]
pub struct Tool {
    /// What it is: its manifest as it was read.
    pub manifest: Manifest,
    /// The members of its definition the host shows.
    pub definition: Definition,
    /// The manifest's file.
    pub source: PathBuf,
    /// The program that serves it.
    pub worker: Worker,
}

impl Tool {
    /// The function it runs as: its id, in characters Lambda allows.
    pub fn function_name(&self) -> String {
        self.definition.id().replace(':', "-")
    }

    /// The catalog document: its manifest, and the function it is served by.
    pub(crate) fn document(&self) -> serde_json::Result<Vec<u8>> {
        let function = Some(self.function_name());
        serde_json::to_vec(&Manifest { function, ..self.manifest.clone() })
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

impl Worker {
    /// The `Cargo.toml` it is built by, if it is built.
    pub(crate) fn package(&self) -> Option<&Path> {
        match self {
            Self::Cargo(manifest) => Some(manifest),
            Self::Bootstrap(_) => None,
        }
    }

    /// The folder it is in.
    pub(crate) fn folder(&self) -> &Path {
        let (Self::Cargo(file) | Self::Bootstrap(file)) = self;
        file.parent().unwrap_or(file)
    }
}

/// What folders of workers hold, the bad beside the good.
#[derive(Debug)]
pub struct Survey {
    /// What can be served, ordered by id.
    pub tools: Vec<Tool>,
    /// What cannot.
    pub mistakes: Vec<Mistake>,
}

/// Something wrong with a catalog.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{}: {reason}", source_file.display())]
pub struct Mistake {
    /// The manifest or folder at fault.
    pub source_file: PathBuf,
    /// What is wrong with it.
    pub reason: String,
}

/// Everything wrong with a catalog.
#[derive(Debug, thiserror::Error)]
pub struct CatalogError(Vec<Mistake>);

impl fmt::Display for CatalogError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the catalog cannot be served:")?;
        self.0.iter().try_for_each(|mistake| write!(formatter, "\n  {mistake}"))
    }
}

/// Reads every `tool.json`, `prompt.json`, `resource.json` and `library.json` below the given folders, ordered by id.
///
/// # Errors
/// [`CatalogError`] with every mistake there is: an unreadable folder, one without manifests, a bad
/// manifest, a name or URI used twice, a manifest without a worker. Each names the file.
pub fn discover(folders: &[PathBuf]) -> Result<Vec<Tool>, CatalogError> {
    let Survey { tools, mistakes } = survey(folders);
    if mistakes.is_empty() { Ok(tools) } else { Err(CatalogError(mistakes)) }
}

/// Reads what [`discover`] does, and answers what is good even if something is not.
pub fn survey(folders: &[PathBuf]) -> Survey {
    let mut mistakes = Vec::new();
    let mut found = Found::default();
    for folder in folders {
        let manifests = scan::manifests(folder, &mut mistakes);
        if manifests.is_empty() {
            let names = "tool.json, prompt.json, resource.json or library.json";
            let reason = format!("there is no {names} in this folder");
            mistakes.push(Mistake { source_file: folder.clone(), reason });
        }
        for source in manifests {
            let added = read(folder, &source).and_then(|tool| found.add(tool));
            mistakes.extend(added.err().map(|reason| Mistake { source_file: source, reason }));
        }
    }
    Survey { tools: found.tools.into_values().collect(), mistakes }
}

/// What has been found so far, and where each name and URI is taken.
#[derive(Default)]
struct Found {
    tools: BTreeMap<String, Tool>,
    uris: BTreeMap<String, PathBuf>,
    functions: BTreeMap<String, PathBuf>,
}

impl Found {
    fn add(&mut self, tool: Tool) -> Result<(), String> {
        let id = tool.definition.id();
        if let Some(first) = self.tools.get(&id) {
            // The same file may be found through two overlapping folders.
            let taken = || Err(format!("the name {id:?} is taken by {}", first.source.display()));
            return if first.source == tool.source { Ok(()) } else { taken() };
        }
        if let Some(uri) = uri(&tool.definition) {
            match self.uris.entry(uri.to_owned()) {
                Entry::Occupied(first) => {
                    return Err(format!("the URI {uri:?} is taken by {}", first.get().display()));
                }
                Entry::Vacant(free) => drop(free.insert(tool.source.clone())),
            }
        }
        // A tool may be called as the function of a prompt is: `prompt-x`.
        match self.functions.entry(tool.function_name()) {
            Entry::Occupied(first) => {
                return Err(format!("the function name {:?} is taken by {}", first.key(), first.get().display()));
            }
            Entry::Vacant(free) => drop(free.insert(tool.source.clone())),
        }
        self.tools.insert(id, tool);
        Ok(())
    }
}

/// What a resource or template is read at.
fn uri(definition: &Definition) -> Option<&str> {
    match definition {
        Definition::Tool(_) | Definition::Prompt(_) | Definition::PromptLibrary(_) | Definition::ResourceLibrary(_) => {
            None
        }
        Definition::Resource(resource) => Some(&resource.uri),
        Definition::ResourceTemplate(template) => Some(&template.uri_template),
    }
}

fn read(folder: &Path, source: &Path) -> Result<Tool, String> {
    let size = source.metadata().map_err(|error| error.to_string())?.len();
    if size > MAX_MANIFEST {
        return Err(format!("it has {size} bytes; a manifest has at most {MAX_MANIFEST}"));
    }
    let json = std::fs::read(source).map_err(|error| error.to_string())?;
    let (manifest, definition) = Manifest::parse(&json).map_err(|error| error.to_string())?;
    let kinds = scan::kinds(source);
    if !kinds.contains(&manifest.kind) {
        let expected = kinds.iter().map(|kind| format!("{kind:?}")).collect::<Vec<_>>().join(" or ");
        return Err(format!("it defines a {:?}; the name of this file is for a {expected}", manifest.kind));
    }
    let worker = scan::worker(folder, source).ok_or_else(|| {
        format!("no folder from here up to {} has a Cargo.toml or an executable `bootstrap`", folder.display())
    })?;
    Ok(Tool { manifest, definition, source: source.to_owned(), worker })
}

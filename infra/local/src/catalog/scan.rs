use std::fs::Metadata;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use penstock_protocol::manifest::Kind;

use super::{Mistake, Worker};

/// Folders below a catalog folder that are searched, in levels.
const MAX_DEPTH: usize = 8;

/// Folders that hold what workers are built from or leave behind, not workers.
const SKIPPED: [&str; 3] = ["target", "node_modules", "__pycache__"];

/// What manifests are called, and what each defines.
const MANIFESTS: [(&str, &[Kind]); 4] = [
    ("tool.json", &[Kind::Tool]),
    ("prompt.json", &[Kind::Prompt]),
    ("resource.json", &[Kind::Resource, Kind::ResourceTemplate]),
    ("library.json", &[Kind::PromptLibrary, Kind::ResourceLibrary]),
];

/// What the manifest at `source` may define, by its file's name; nothing if it is no manifest.
pub(super) fn kinds(source: &Path) -> &'static [Kind] {
    let name = source.file_name().unwrap_or_default();
    MANIFESTS.iter().find(|(manifest, _)| name == *manifest).map_or(&[], |(_, kinds)| kinds)
}

/// Every manifest below `folder`, in order of path. Symbolic links to folders are not followed.
pub(super) fn manifests(folder: &Path, mistakes: &mut Vec<Mistake>) -> Vec<PathBuf> {
    let mut found = Vec::new();
    visit(folder, MAX_DEPTH, &mut found, mistakes);
    found.sort();
    found
}

fn visit(folder: &Path, depth: usize, found: &mut Vec<PathBuf>, mistakes: &mut Vec<Mistake>) {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => return mistakes.push(Mistake { source_file: folder.to_owned(), reason: error.to_string() }),
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if !is_folder && !kinds(name.as_ref()).is_empty() {
            found.push(entry.path());
        } else if is_folder && depth > 0 && !name.to_str().is_some_and(is_skipped) {
            visit(&entry.path(), depth - 1, found, mistakes);
        }
    }
}

/// Whether a file or folder of this name is nothing a worker is made of.
pub(crate) fn is_skipped(name: &str) -> bool {
    name.starts_with('.') || SKIPPED.contains(&name)
}

/// The worker of the manifest at `source`: what the nearest folder from there up to `folder` holds.
pub(super) fn worker(folder: &Path, source: &Path) -> Option<Worker> {
    let ancestors = source.ancestors().skip(1).take_while(|ancestor| ancestor.starts_with(folder));
    ancestors.into_iter().find_map(|ancestor| {
        let bootstrap = ancestor.join("bootstrap");
        if bootstrap.metadata().is_ok_and(|metadata| is_executable(&metadata)) {
            return Some(Worker::Bootstrap(bootstrap));
        }
        let package = ancestor.join("Cargo.toml");
        package.is_file().then_some(Worker::Cargo(package))
    })
}

fn is_executable(metadata: &Metadata) -> bool {
    metadata.is_file() && metadata.permissions().mode() & 0o111 != 0
}

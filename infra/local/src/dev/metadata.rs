//! The part of `cargo metadata` that tells which package a `Cargo.toml` is of.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// A Cargo workspace.
#[derive(Debug, Deserialize)]
pub(crate) struct Workspace {
    #[serde(rename = "workspace_root")]
    pub(super) root: PathBuf,
    packages: Vec<Package>,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    manifest_path: PathBuf,
    targets: Vec<Target>,
    dependencies: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    /// Where it is, if it is on this machine.
    path: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

impl Workspace {
    /// The name of the package whose `Cargo.toml` this is.
    pub(super) fn package_at(&self, manifest: &Path) -> Option<&str> {
        let manifest = manifest.canonicalize().ok()?;
        let is_here = |package: &&Package| package.manifest_path.canonicalize().is_ok_and(|path| path == manifest);
        self.packages.iter().find(is_here).map(|package| package.name.as_str())
    }

    /// Whether the package has a binary of its own name, as workers and the gateway must.
    pub(crate) fn has_binary(&self, package: &str) -> bool {
        let is_binary = |target: &Target| target.name == package && target.kind.iter().any(|kind| kind == "bin");
        self.packages.iter().any(|other| other.name == package && other.targets.iter().any(is_binary))
    }

    /// The folders of these packages and of all in this workspace that they are built of.
    pub(super) fn folders(&self, packages: &BTreeSet<String>) -> BTreeSet<PathBuf> {
        let mut folders = BTreeSet::new();
        let mut left: Vec<&Package> = self.packages.iter().filter(|package| packages.contains(&package.name)).collect();
        while let Some(package) = left.pop() {
            if !folders.insert(package.folder().to_owned()) {
                continue;
            }
            for folder in package.dependencies.iter().filter_map(|dependency| dependency.path.as_deref()) {
                match self.packages.iter().find(|other| other.folder() == folder) {
                    Some(other) => left.push(other),
                    None => drop(folders.insert(folder.to_owned())),
                }
            }
        }
        folders
    }
}

impl Package {
    fn folder(&self) -> &Path {
        self.manifest_path.parent().unwrap_or(&self.manifest_path)
    }
}

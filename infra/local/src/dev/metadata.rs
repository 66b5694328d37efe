//! The part of `cargo metadata` that tells which package a `Cargo.toml` is of.

use std::path::{Path, PathBuf};

use serde::Deserialize;

/// A Cargo workspace.
#[derive(Debug, Deserialize)]
pub(super) struct Workspace {
    #[serde(rename = "workspace_root")]
    pub(super) root: PathBuf,
    packages: Vec<Package>,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    manifest_path: PathBuf,
    targets: Vec<Target>,
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
    pub(super) fn has_binary(&self, package: &str) -> bool {
        let is_binary = |target: &Target| target.name == package && target.kind.iter().any(|kind| kind == "bin");
        self.packages.iter().any(|other| other.name == package && other.targets.iter().any(is_binary))
    }
}

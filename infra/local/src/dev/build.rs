use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};

use super::cargo;
use super::metadata::Workspace;
use crate::catalog::{Tool, Worker};

/// What is to be run, once it is built.
#[derive(Debug)]
pub(super) struct Programs {
    parts: BTreeMap<&'static str, PathBuf>,
    /// The binaries of Rust workers, by the `Cargo.toml` of their package.
    pub(super) workers: BTreeMap<PathBuf, PathBuf>,
}

impl Programs {
    /// The binary of a [`Part`].
    pub(super) fn part(&self, package: &str) -> anyhow::Result<&Path> {
        self.parts.get(package).map(PathBuf::as_path).with_context(|| format!("{package} was not built"))
    }
}

/// A part of Penstock itself: a package whose binary has its name.
#[derive(Debug)]
pub(super) struct Part<'a> {
    pub(super) package: &'static str,
    /// The flag that names a binary which is built already.
    pub(super) flag: &'static str,
    pub(super) built: Option<&'a Path>,
}

/// Builds Penstock's own parts and every Rust worker, one Cargo invocation per workspace.
pub(super) async fn all(tools: &[Tool], parts: &[Part<'_>]) -> anyhow::Result<Programs> {
    let manifests: BTreeSet<&Path> = tools.iter().filter_map(|tool| manifest(&tool.worker)).collect();
    let mut plan = Plan::default();
    for manifest in &manifests {
        plan.add(manifest).await?;
    }
    let mut programs = BTreeMap::new();
    for part in parts {
        match part.built {
            Some(path) => drop(programs.insert(part.package, given(part.flag, path)?)),
            None => plan.add_part(part).await?,
        }
    }
    let built = plan.build().await?;
    for part in parts.iter().filter(|part| part.built.is_none()) {
        programs.insert(part.package, binary(&built, part.package)?);
    }
    let mut workers = BTreeMap::new();
    for (manifest, package) in &plan.packages {
        workers.insert(manifest.clone(), binary(&built, package)?);
    }
    Ok(Programs { parts: programs, workers })
}

fn given(flag: &str, path: &Path) -> anyhow::Result<PathBuf> {
    ensure!(path.is_file(), "{flag} {}: there is no such file", path.display());
    Ok(path.canonicalize()?)
}

fn manifest(worker: &Worker) -> Option<&Path> {
    match worker {
        Worker::Cargo(manifest) => Some(manifest),
        Worker::Bootstrap(_) => None,
    }
}

/// The packages to build, and the workspaces they are in.
#[derive(Debug, Default)]
struct Plan {
    workspaces: Vec<(Workspace, BTreeSet<String>)>,
    /// Package names by `Cargo.toml`.
    packages: BTreeMap<PathBuf, String>,
}

impl Plan {
    async fn add(&mut self, manifest: &Path) -> anyhow::Result<()> {
        let known = self.workspaces.iter().position(|(workspace, _)| workspace.package_at(manifest).is_some());
        let index = match known {
            Some(index) => index,
            None => self.add_workspace(manifest).await?,
        };
        let (workspace, wanted) = &mut self.workspaces[index];
        let package = workspace.package_at(manifest);
        let package = package.with_context(|| format!("{} is not of a package", manifest.display()))?.to_owned();
        ensure!(workspace.has_binary(&package), "{}: the package has no binary named {package}", manifest.display());
        wanted.insert(package.clone());
        self.packages.insert(manifest.to_owned(), package);
        Ok(())
    }

    /// A part comes from a workspace of the workers, or from the one the command is run in.
    async fn add_part(&mut self, Part { package, flag, .. }: &Part<'_>) -> anyhow::Result<()> {
        let known = self.workspaces.iter().position(|(workspace, _)| workspace.has_binary(package));
        let missing = || format!("{package} is not found; run this in Penstock's workspace, or say {flag} PATH");
        let index = if let Some(index) = known {
            index
        } else {
            let root = cargo::workspace().await.with_context(missing)?;
            self.add_workspace(&root.join("Cargo.toml")).await?
        };
        let (workspace, wanted) = &mut self.workspaces[index];
        ensure!(workspace.has_binary(package), missing());
        wanted.insert((*package).to_owned());
        Ok(())
    }

    async fn add_workspace(&mut self, manifest: &Path) -> anyhow::Result<usize> {
        self.workspaces.push((cargo::metadata(manifest).await?, BTreeSet::new()));
        Ok(self.workspaces.len() - 1)
    }

    async fn build(&self) -> anyhow::Result<BTreeMap<String, PathBuf>> {
        let mut built = BTreeMap::new();
        for (workspace, wanted) in self.workspaces.iter().filter(|(_, wanted)| !wanted.is_empty()) {
            let packages: Vec<String> = wanted.iter().cloned().collect();
            built.extend(cargo::build(&workspace.root, &packages).await?);
        }
        Ok(built)
    }
}

fn binary(built: &BTreeMap<String, PathBuf>, package: &str) -> anyhow::Result<PathBuf> {
    built.get(package).cloned().with_context(|| format!("cargo built no binary named {package}"))
}

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context as _, ensure};

use super::cargo::{self, Effort};
use super::metadata::Workspace;
use crate::catalog::Tool;

/// What is to be run, once it is built.
#[derive(Debug, Default)]
pub(super) struct Programs {
    parts: BTreeMap<&'static str, PathBuf>,
    /// The binaries of Rust workers, by the `Cargo.toml` of their package.
    pub(super) workers: BTreeMap<PathBuf, Program>,
    /// The folders whose files the Rust workers are built of.
    pub(super) folders: BTreeSet<PathBuf>,
}

/// A binary as it is now. Cargo leaves one alone that need not be built again, so a new one differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Program {
    pub(super) path: PathBuf,
    size: u64,
    modified: SystemTime,
}

impl Program {
    fn at(path: &Path) -> anyhow::Result<Self> {
        let metadata = path.metadata().with_context(|| format!("{} was built, but is not there", path.display()))?;
        Ok(Self { path: path.to_owned(), size: metadata.len(), modified: metadata.modified()? })
    }
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

/// Where binaries come from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Builder<'a> {
    /// Cargo builds them.
    Cargo(Effort),
    /// They are in this folder, each named like its package.
    Built(&'a Path),
}

/// Builds Penstock's own parts and every Rust worker, one Cargo invocation per workspace. What of it cannot be built
/// is absent where the effort allows; a workspace Cargo cannot read is always an error.
///
/// A worker is rebuilt together with all that was built before: the features of what they share depend on who is built
/// with whom.
pub(super) async fn all<'a>(
    tools: impl IntoIterator<Item = &'a Tool>,
    parts: &[Part<'_>],
    builder: Builder<'_>,
) -> anyhow::Result<Programs> {
    let manifests: BTreeSet<&Path> = tools.into_iter().filter_map(|tool| tool.worker.package()).collect();
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
    let built = plan.build(builder).await?;
    let is_lenient = matches!(builder, Builder::Cargo(Effort::AsFarAsPossible));
    let wanted = |package: &str| built.contains_key(package) || !is_lenient;
    for part in parts.iter().filter(|part| part.built.is_none() && wanted(part.package)) {
        programs.insert(part.package, binary(&built, part.package)?);
    }
    let mut workers = BTreeMap::new();
    for (manifest, package) in plan.packages.iter().filter(|(_, package)| wanted(package)) {
        workers.insert(manifest.clone(), Program::at(&binary(&built, package)?)?);
    }
    Ok(Programs { parts: programs, workers, folders: plan.folders() })
}

fn given(flag: &str, path: &Path) -> anyhow::Result<PathBuf> {
    ensure!(path.is_file(), "{flag} {}: there is no such file", path.display());
    Ok(path.canonicalize()?)
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

    /// Where the workers come from. The parts are not meant: they are not replaced while they run.
    fn folders(&self) -> BTreeSet<PathBuf> {
        let workers = self.packages.values().cloned().collect();
        self.workspaces.iter().flat_map(|(workspace, _)| workspace.folders(&workers)).collect()
    }

    async fn build(&self, builder: Builder<'_>) -> anyhow::Result<BTreeMap<String, PathBuf>> {
        let mut built = BTreeMap::new();
        for (workspace, wanted) in self.workspaces.iter().filter(|(_, wanted)| !wanted.is_empty()) {
            match builder {
                Builder::Cargo(effort) => {
                    let packages: Vec<String> = wanted.iter().cloned().collect();
                    built.extend(cargo::build(&workspace.root, &packages, effort).await?);
                }
                Builder::Built(folder) => {
                    for package in wanted {
                        built.insert(package.clone(), given("--binaries", &folder.join(package))?);
                    }
                }
            }
        }
        Ok(built)
    }
}

fn binary(built: &BTreeMap<String, PathBuf>, package: &str) -> anyhow::Result<PathBuf> {
    built.get(package).cloned().with_context(|| format!("cargo built no binary named {package}"))
}

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};

use super::cargo;
use super::functions::GATEWAY;
use super::metadata::Workspace;
use crate::catalog::{Tool, Worker};

/// What is to be run, once it is built.
#[derive(Debug)]
pub(super) struct Programs {
    pub(super) gateway: PathBuf,
    /// The binaries of Rust workers, by the `Cargo.toml` of their package.
    pub(super) workers: BTreeMap<PathBuf, PathBuf>,
}

/// Builds the gateway and every Rust worker, one Cargo invocation per workspace.
pub(super) async fn all(tools: &[Tool], gateway: Option<&Path>) -> anyhow::Result<Programs> {
    let manifests: BTreeSet<&Path> = tools.iter().filter_map(|tool| manifest(&tool.worker)).collect();
    let mut plan = Plan::default();
    for manifest in &manifests {
        plan.add(manifest).await?;
    }
    let gateway = match gateway {
        Some(gateway) => {
            ensure!(gateway.is_file(), "--gateway {}: there is no such file", gateway.display());
            Some(gateway.canonicalize()?)
        }
        None => None,
    };
    if gateway.is_none() {
        plan.add_gateway().await?;
    }
    let built = plan.build().await?;
    let gateway = match gateway {
        Some(gateway) => gateway,
        None => binary(&built, GATEWAY)?,
    };
    let mut workers = BTreeMap::new();
    for (manifest, package) in &plan.packages {
        workers.insert(manifest.clone(), binary(&built, package)?);
    }
    Ok(Programs { gateway, workers })
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

    /// The gateway comes from a workspace of the workers, or from the one the command is run in.
    async fn add_gateway(&mut self) -> anyhow::Result<()> {
        let known = self.workspaces.iter().position(|(workspace, _)| workspace.has_binary(GATEWAY));
        let missing = "the gateway is not found; run this in Penstock's workspace, or say --gateway PATH";
        let index = if let Some(index) = known {
            index
        } else {
            let root = cargo::workspace().await.context(missing)?;
            self.add_workspace(&root.join("Cargo.toml")).await?
        };
        let (workspace, wanted) = &mut self.workspaces[index];
        ensure!(workspace.has_binary(GATEWAY), missing);
        wanted.insert(GATEWAY.to_owned());
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

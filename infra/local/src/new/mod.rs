//! `penstock new`: writes a tool that works, to begin with.

mod name;
mod package;
mod template;
mod write;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};

use self::name::Name;
use self::package::Workspace;
use self::template::File;
use crate::catalog;
use crate::dev::cargo;
use crate::dev::functions::{FRONT, GATEWAY};

/// What a tool is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Language {
    /// A crate below `workers/`.
    Rust,
    /// Node.js, without a library.
    Node,
    /// Python, without a library.
    Python,
}

/// What is wanted.
#[derive(Debug)]
pub struct Order {
    /// The tool's name.
    pub name: String,
    /// What it is written in.
    pub language: Language,
    /// The folder to put the tool's own into; `None`: the workspace's.
    pub within: Option<PathBuf>,
}

/// What was written.
#[derive(Debug)]
pub struct Written {
    /// The folder, absolute.
    pub folder: PathBuf,
    /// Its files, by their place in it.
    pub files: Vec<String>,
    /// The folder of the manifest, by its place in it; empty where they are one.
    pub manifest_folder: String,
    /// The Cargo package, of a Rust tool.
    pub package: Option<String>,
    /// Whether `Cargo.toml` has to be told where the kit is.
    pub lacks_kit: bool,
    /// The workspace, or else the working directory.
    pub root: PathBuf,
}

/// Writes all files of a tool, or none: what is there is never touched.
///
/// # Errors
/// Why the name cannot be used, what it is taken by, or what the system or Cargo refuses.
pub async fn tool(order: &Order) -> anyhow::Result<Written> {
    let name = Name::parse(&order.name)?;
    let is_rust = order.language == Language::Rust;
    if is_rust {
        name.check_rust()?;
    }
    ensure!(![GATEWAY, FRONT].contains(&name.as_str()), "{} is a part of Penstock; choose another name", name.as_str());
    let place = Place::find(order, &name).await?;
    place.is_free(&name)?;
    let mut files = template::files(order.language, &name);
    let mut lacks_kit = false;
    if is_rust {
        let (text, lacks) = cargo_toml(&name, &place.root)?;
        files.insert(0, File { path: "Cargo.toml".to_owned(), text, is_executable: false });
        lacks_kit = lacks;
    }
    place.write(&files, is_rust.then_some(&name)).await?;
    Ok(Written {
        manifest_folder: if is_rust { format!("src/{}", name.module()) } else { String::new() },
        files: files.into_iter().map(|file| file.path).collect(),
        package: is_rust.then(|| name.package()),
        folder: place.folder,
        lacks_kit,
        root: place.root,
    })
}

/// Where a tool is to be.
#[derive(Debug)]
struct Place {
    /// The Cargo workspace, or else the working directory.
    root: PathBuf,
    /// Whether `root` is one that Cargo can read.
    is_workspace: bool,
    /// The tool's own folder.
    folder: PathBuf,
}

impl Place {
    async fn find(order: &Order, name: &Name) -> anyhow::Result<Self> {
        let here = std::env::current_dir()?;
        let workspace = cargo::workspace().await.ok();
        let root = workspace.clone().unwrap_or_else(|| here.clone());
        let is_rust = order.language == Language::Rust;
        let is_workspace = workspace.is_some() && is_sound(&root).await.is_ok();
        if is_rust && workspace.is_none() {
            bail!(
                "a Rust tool is a crate of a Cargo workspace, and there is none here; make one with the members workers/*"
            );
        }
        let within = match &order.within {
            Some(folder) => here.join(folder),
            None => root.join(if is_rust { "workers" } else { "workers/scripts" }),
        };
        let own = if is_rust { name.package() } else { name.as_str().to_owned() };
        Ok(Self { root, is_workspace, folder: within.join(own) })
    }

    /// Whether nothing is there, and no function has the name: a tool's is called like the tool, a prompt's `prompt-x`.
    fn is_free(&self, name: &Name) -> anyhow::Result<()> {
        ensure!(std::fs::symlink_metadata(&self.folder).is_err(), "{} is there already", self.folder.display());
        let within = self.folder.parent().unwrap_or(&self.root).to_owned();
        let folders: Vec<_> = [self.root.join("workers"), within].into_iter().filter(|it| it.is_dir()).collect();
        // What is wrong with the others is none of the new one's business.
        let taken = catalog::survey(&folders).tools.into_iter().find(|tool| tool.function_name() == name.as_str());
        match taken {
            Some(tool) => bail!("the name {} is taken by {}", name.as_str(), tool.source.display()),
            None => Ok(()),
        }
    }

    /// Writes the files of a script, or of the Rust package of this name.
    async fn write(&self, files: &[File], package: Option<&Name>) -> anyhow::Result<()> {
        let made = write::folder(&self.folder, files, &self.root);
        let made = made.with_context(|| format!("{} cannot be written", self.folder.display()))?;
        let accepted = match package {
            Some(name) => has_package(&self.folder, name).await,
            None if self.is_workspace => is_sound(&self.root).await,
            None => Ok(()),
        };
        if let Err(error) = accepted {
            made.take_back()?;
            return Err(
                error.context("with the new tool in it, Cargo does not take the workspace; nothing was written")
            );
        }
        Ok(())
    }
}

fn cargo_toml(name: &Name, root: &Path) -> anyhow::Result<(String, bool)> {
    let workspace = Workspace::read(root)?;
    let package = name.package();
    ensure!(
        !workspace.has(&package),
        "there is a package named {package} among those this workspace is built of; choose another name"
    );
    Ok(workspace.package(name)?)
}

/// Whether Cargo can read the workspace. It takes each folder that fits its members for a package.
async fn is_sound(root: &Path) -> anyhow::Result<()> {
    cargo::metadata(&root.join("Cargo.toml")).await.map(drop)
}

/// Whether the package is one of its workspace, so that it is built and found.
async fn has_package(folder: &Path, name: &Name) -> anyhow::Result<()> {
    let workspace = cargo::metadata(&folder.join("Cargo.toml")).await?;
    ensure!(workspace.has_binary(&name.package()), "the workspace does not list {}", folder.display());
    Ok(())
}

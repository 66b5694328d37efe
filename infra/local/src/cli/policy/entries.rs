//! The entries policies are about, and the scopes they need.

use std::path::Path;

use anyhow::Context as _;
use penstock_policy::{Entry, Model};
use penstock_protocol::manifest::{Definition, Manifest};

use super::request::Request;
use crate::catalog;

/// Largest entry, in bytes.
const MAX_ENTRY: u64 = 1024 * 1024;

/// The entries of a catalog.
#[derive(Debug)]
pub(super) struct Entries(Vec<Known>);

/// An entry, and what policies do not know of it.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) entry: Entry,
    pub(super) scopes: Vec<String>,
}

impl Entries {
    /// Reads a gateway's catalog, `*.json` in one folder; if there is none, the manifests of the workers below.
    pub(super) fn read(folder: &Path) -> anyhow::Result<Self> {
        let (mut entries, mut is_catalog) = (Vec::new(), false);
        for file in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
            let path = file?.path();
            if path.extension().is_some_and(|extension| extension == "json") {
                is_catalog = true;
                entries.extend(document(&path).with_context(|| path.display().to_string())?);
            }
        }
        if !is_catalog {
            let found = catalog::discover(&[folder.to_owned()])?;
            let known = found.iter().filter_map(|tool| Known::new(&tool.manifest, &tool.definition));
            entries.extend(known);
        }
        Ok(Self(entries))
    }

    pub(super) fn model(&self) -> anyhow::Result<Model> {
        Ok(Model::new(self.0.iter().map(|known| known.entry.clone()).collect())?)
    }

    /// The entry a request is about: the one of its name, or the resource at its URI.
    pub(super) fn find(&self, request: &Request) -> Option<&Known> {
        let kinds = request.method.kinds();
        let mut entries =
            self.0.iter().map(|known| (known, &known.entry)).filter(|(_, entry)| {
                kinds.contains(&entry.kind()) && request.kind.is_none_or(|kind| kind == entry.kind())
            });
        let (known, _) = match (&request.name, &request.uri) {
            (Some(name), _) => entries.find(|(_, entry)| entry.name() == name),
            (None, Some(uri)) => entries.find(|(_, entry)| entry.uri() == Some(uri)),
            (None, None) => None,
        }?;
        Some(known)
    }
}

impl Known {
    /// `None` for a library: what it lists is known to a gateway that runs, and to nobody else.
    fn new(manifest: &Manifest, definition: &Definition) -> Option<Self> {
        Some(Self { entry: Entry::new(manifest, definition)?, scopes: manifest.scopes.clone() })
    }
}

fn document(path: &Path) -> anyhow::Result<Option<Known>> {
    let size = path.metadata()?.len();
    anyhow::ensure!(size <= MAX_ENTRY, "it has {size} bytes; an entry has at most {MAX_ENTRY}");
    let (manifest, definition) = Manifest::parse(&std::fs::read(path)?)?;
    Ok(Known::new(&manifest, &definition))
}

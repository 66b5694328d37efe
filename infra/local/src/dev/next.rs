use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::watch::Changes;
use crate::catalog::{Survey, Tool, Worker};

/// What is to be served from now on, compared with what was.
#[derive(Debug, Default)]
pub(super) struct Next {
    /// As they run already.
    pub(super) kept: Vec<Tool>,
    /// To be started anew, each with the version of it that runs, if one does.
    pub(super) changed: Vec<(Tool, Option<Tool>)>,
    pub(super) removed: Vec<Tool>,
}

impl Next {
    /// Compares. A tool whose manifest is bad now, or that `lacks_program`, is kept as it was; `has_changed` says
    /// whether the program of one that looks the same is another.
    pub(super) fn new(
        before: Vec<Tool>,
        survey: Survey,
        lacks_program: impl Fn(&Tool) -> bool,
        has_changed: impl Fn(&Tool) -> bool,
    ) -> Self {
        let mut former: BTreeMap<String, Tool> = before.into_iter().map(|tool| (tool.function_name(), tool)).collect();
        let mut next = Self::default();
        for tool in survey.tools {
            let old = former.remove(&tool.function_name());
            if lacks_program(&tool) {
                next.kept.extend(old);
            } else if old.as_ref().is_some_and(|old| is_same(old, &tool)) && !has_changed(&tool) {
                next.kept.push(tool);
            } else {
                next.changed.push((tool, old));
            }
        }
        let is_bad = |tool: &Tool| survey.mistakes.iter().any(|mistake| mistake.source_file == tool.source);
        let (bad, removed) = former.into_values().partition(is_bad);
        next.kept.extend::<Vec<_>>(bad);
        next.removed = removed;
        next
    }
}

fn is_same(old: &Tool, new: &Tool) -> bool {
    let documents = (old.document().ok(), new.document().ok());
    old.source == new.source && old.worker == new.worker && documents.0 == documents.1
}

/// The folders workers are made in, to tell whose a file is.
#[derive(Debug)]
pub(super) struct Folders<'a> {
    scripts: BTreeSet<&'a Path>,
    packages: BTreeSet<&'a Path>,
}

impl<'a> Folders<'a> {
    /// The folders of `tools`, and the further ones that Rust workers are built of.
    pub(super) fn new(tools: impl IntoIterator<Item = &'a Tool>, sources: &'a BTreeSet<PathBuf>) -> Self {
        let (packages, scripts): (Vec<&Worker>, Vec<&Worker>) =
            tools.into_iter().map(|tool| &tool.worker).partition(|worker| worker.package().is_some());
        Self {
            scripts: scripts.into_iter().map(Worker::folder).collect(),
            packages: packages.into_iter().map(Worker::folder).chain(sources.iter().map(PathBuf::as_path)).collect(),
        }
    }

    /// Whether a Rust worker may have to be built again.
    pub(super) fn is_built_of(&self, changes: &Changes) -> bool {
        changes.lost || changes.paths.iter().any(|path| self.owner(path).is_some_and(|it| self.packages.contains(it)))
    }

    /// Whether a script in `folder` may have changed. What is in no worker's folder may be what several share.
    pub(super) fn is_script_changed(&self, folder: &Path, changes: &Changes) -> bool {
        let concerns = |path: &PathBuf| self.owner(path).is_none_or(|owner| folder.starts_with(owner));
        changes.lost || changes.paths.iter().any(concerns)
    }

    /// The innermost of the folders that `path` is in.
    fn owner<'p>(&self, path: &'p Path) -> Option<&'p Path> {
        path.ancestors().find(|folder| self.scripts.contains(folder) || self.packages.contains(folder))
    }
}

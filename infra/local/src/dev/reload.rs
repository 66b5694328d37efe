//! New and changed workers take the place of what runs, while it runs.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::fmt::Display;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::build::{self, Builder, Part, Programs};
use super::functions::{self, StandIns};
use super::next::{Folders, Next};
use super::watch::{Changes, Watch};
use crate::catalog::{self, Mistake, Tool};
use crate::host::Host;

/// What is served, and all that is needed to serve something else.
pub(super) struct Reloader<'a> {
    pub(super) host: &'a Host,
    /// The folders of workers.
    pub(super) folders: &'a [PathBuf],
    pub(super) parts: Vec<Part<'a>>,
    pub(super) builder: Builder<'a>,
    pub(super) stand_ins: &'a StandIns,
    /// The folder the gateway reads.
    pub(super) catalog: &'a Path,
    /// The scopes callers can sign in for, if they sign in.
    pub(super) scopes: Option<&'a BTreeSet<String>>,
    pub(super) watch: Watch,
    pub(super) served: Served,
}

/// What runs.
#[derive(Debug)]
pub(super) struct Served {
    tools: Vec<Tool>,
    programs: Programs,
    /// Why a Rust worker is not what its sources are, by its `Cargo.toml`.
    unbuilt: BTreeMap<PathBuf, String>,
    /// What is wrong and has been said.
    problems: BTreeSet<String>,
}

impl Served {
    pub(super) fn new(tools: Vec<Tool>, programs: Programs) -> Self {
        Self { tools, programs, unbuilt: BTreeMap::new(), problems: BTreeSet::new() }
    }
}

impl Reloader<'_> {
    /// Serves what is there, for as long as it is polled.
    pub(super) async fn run(mut self) -> Infallible {
        // What could not be watched is said with the first change.
        drop(self.cover());
        loop {
            let changes = self.watch.changed().await;
            self.reload(&changes).await;
        }
    }

    async fn reload(&mut self, changes: &Changes) {
        // First, so that what changes while the files are read is noticed.
        let unwatched = self.cover().err().map(|error| format!("not every change will be noticed: {error}"));
        let survey = catalog::survey(self.folders);
        let mut problems: BTreeSet<String> = survey.mistakes.iter().map(not_reloaded).chain(unwatched).collect();
        let programs = self.served.programs.workers.clone();
        self.build(&survey.tools, &survey.mistakes, changes).await;

        let Served { tools, programs: now, unbuilt, .. } = &mut self.served;
        let before = std::mem::take(tools);
        // Those that are gone, too: what was theirs is nobody else's.
        let known = [before.clone(), survey.tools.clone()].concat();
        let owners = Folders::new(&known, &now.folders);
        let lacks_program = |tool: &Tool| tool.worker.package().is_some_and(|package| unbuilt.contains_key(package));
        let has_changed = |tool: &Tool| match tool.worker.package() {
            Some(package) => programs.get(package) != now.workers.get(package),
            None => owners.is_script_changed(tool.worker.folder(), changes),
        };
        let next = Next::new(before, survey, lacks_program, has_changed);
        problems.extend(self.served.unbuilt.values().map(not_reloaded));
        let lines = self.deploy(next, &mut problems);
        self.say(&lines, problems, changes);
    }

    fn cover(&mut self) -> notify::Result<()> {
        self.watch.cover(self.folders.iter().chain(&self.served.programs.folders).map(PathBuf::as_path))
    }

    /// Builds if something may have to be: afterwards `programs` is as good as it can be, and `unbuilt` says what is not.
    async fn build(&mut self, found: &[Tool], mistakes: &[Mistake], changes: &Changes) {
        let Served { programs, unbuilt, .. } = &mut self.served;
        let packages: BTreeSet<&Path> = found.iter().filter_map(|tool| tool.worker.package()).collect();
        let is_new = |package: &&Path| !programs.workers.contains_key(*package) && !unbuilt.contains_key(*package);
        if !packages.iter().any(is_new) && !Folders::new(found, &programs.folders).is_built_of(changes) {
            return;
        }
        // A binary holds its manifests, and would not start with a bad one.
        let is_sound =
            |tool: &&Tool| !mistakes.iter().any(|mistake| mistake.source_file.starts_with(tool.worker.folder()));
        let sound: Vec<&Tool> = found.iter().filter(is_sound).collect();
        let held_back: BTreeSet<&Path> =
            found.iter().filter(|tool| !is_sound(tool)).filter_map(|tool| tool.worker.package()).collect();
        let built = build::all(sound, &self.parts, self.builder).await;
        let reason = |package: &Path| match &built {
            Err(error) => Some(format!("nothing is built: {error:#}")),
            Ok(built) if built.workers.contains_key(package) => None,
            Ok(_) if held_back.contains(package) => {
                Some(format!("{}: not built while a manifest of it is refused", package.display()))
            }
            Ok(_) => Some(format!("{}: the build failed", package.display())),
        };
        *unbuilt = packages.iter().filter_map(|package| Some((package.to_path_buf(), reason(package)?))).collect();
        if let Ok(built) = built {
            programs.workers.extend(built.workers);
            programs.folders.extend(built.folders);
        }
    }

    /// Makes host and catalog serve what comes next; answers a line for each change.
    fn deploy(&mut self, next: Next, problems: &mut BTreeSet<String>) -> Vec<String> {
        let Served { tools, programs, .. } = &mut self.served;
        let mut lines = Vec::new();
        *tools = next.kept;
        for (tool, old) in next.changed {
            match functions::worker(&tool, programs, self.stand_ins) {
                Ok(function) => {
                    self.host.deploy(function);
                    let verb = if old.is_some() { "reloaded" } else { "added" };
                    lines.push(format!("{verb} {}", tool.definition.id()));
                    tools.push(tool);
                }
                Err(error) => {
                    problems.insert(not_reloaded(&format_args!("{error:#}")));
                    tools.extend(old);
                }
            }
        }
        // What the catalog names is there, and stays until it is named no more.
        if let Err(error) = catalog::publish(tools, self.catalog) {
            problems.insert(format!("the catalog cannot be written: {error}"));
        }
        for tool in next.removed {
            // It is there: it was deployed under this name.
            drop(self.host.remove(&tool.function_name()));
            lines.push(format!("removed {}", tool.definition.id()));
        }
        let wanted = tools.iter().flat_map(|tool| &tool.manifest.scopes);
        let new = wanted.filter(|scope| self.scopes.is_some_and(|known| !known.contains(*scope)));
        problems
            .extend(new.map(|scope| format!("the scope {scope} is new: nobody can sign in for it before a restart")));
        lines
    }

    /// A line for each change, and one for each problem that was not there before.
    fn say(&mut self, lines: &[String], problems: BTreeSet<String>, changes: &Changes) {
        let took = changes.since.elapsed().as_millis();
        let new = problems.difference(&self.served.problems).cloned();
        let lines = lines.iter().map(|line| format!("{line} ({took} ms)")).chain(new);
        let mut out = io::stdout().lock();
        for line in lines {
            // Whoever read the output has seen enough.
            drop(writeln!(out, "{line}"));
        }
        drop(out.flush());
        self.served.problems = problems;
    }
}

fn not_reloaded(reason: &impl Display) -> String {
    format!("not reloaded: {reason}")
}

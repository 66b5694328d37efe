//! Which files have changed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

use crate::catalog::is_skipped;

/// Changes belong together if less than this lies between them: editors write a file in several steps.
const QUIET: Duration = Duration::from_millis(100);

/// Changes that do not end are looked at after this long.
const LONGEST: Duration = Duration::from_secs(2);

/// Folders below a watched one, in levels.
const MAX_DEPTH: usize = 16;

/// Folders watched at most; a system has a limit for all of a user's programs.
const MAX_FOLDERS: usize = 4096;

/// What has changed.
#[derive(Debug)]
pub(super) struct Changes {
    /// When the first change was noticed.
    pub(super) since: Instant,
    /// Files and folders that were written, made, moved or removed.
    pub(super) paths: BTreeSet<PathBuf>,
    /// Whether the system has lost count.
    pub(super) lost: bool,
}

/// A watch over folders and what is below them, except what builds write and what is hidden.
#[derive(Debug)]
pub(super) struct Watch {
    watcher: RecommendedWatcher,
    watched: BTreeSet<PathBuf>,
    inbox: Arc<Inbox>,
}

#[derive(Debug, Default)]
struct Inbox {
    changes: Mutex<Option<Changes>>,
    arrived: Notify,
}

impl Watch {
    /// A watch over nothing yet.
    pub(super) fn start() -> notify::Result<Self> {
        let inbox = Arc::new(Inbox::default());
        let sender = Arc::clone(&inbox);
        let watcher = notify::recommended_watcher(move |event| sender.take(event))?;
        Ok(Self { watcher, watched: BTreeSet::new(), inbox })
    }

    /// Watches the folders below `roots`, those that appeared since the last time too. What is done in a folder before
    /// is not noticed: look at the files only after this.
    pub(super) fn cover<'a>(&mut self, roots: impl IntoIterator<Item = &'a Path>) -> notify::Result<()> {
        let mut folders = BTreeSet::new();
        roots.into_iter().for_each(|root| visit(root, MAX_DEPTH, &mut folders));
        for gone in self.watched.difference(&folders) {
            // It may be gone, and the watch with it.
            drop(self.watcher.unwatch(gone));
        }
        self.watched.retain(|folder| folders.contains(folder));
        for folder in folders {
            if !self.watched.contains(&folder) {
                self.watcher.watch(&folder, RecursiveMode::NonRecursive)?;
                self.watched.insert(folder);
            }
        }
        Ok(())
    }

    /// Waits for changes, and for their end.
    pub(super) async fn changed(&mut self) -> Changes {
        loop {
            self.inbox.arrived.notified().await;
            let quiet = async { while timeout(QUIET, self.inbox.arrived.notified()).await.is_ok() {} };
            tokio::select! { () = quiet => {}, () = sleep(LONGEST) => {} }
            let changes = self.inbox.changes.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(changes) = changes {
                self.forget(&changes);
                return changes;
            }
        }
    }

    /// A folder that was moved or removed, even if it is there again, is watched no more: it is another.
    fn forget(&mut self, changes: &Changes) {
        let is_changed = |folder: &PathBuf| folder.ancestors().any(|above| changes.paths.contains(above));
        for folder in self.watched.extract_if(.., |folder| changes.lost || is_changed(folder)) {
            drop(self.watcher.unwatch(&folder));
        }
    }
}

impl Inbox {
    fn take(&self, event: notify::Result<Event>) {
        let (paths, lost) = match event {
            Ok(event) if matches!(event.kind, EventKind::Access(_)) => return,
            Ok(event) => {
                let lost = event.need_rescan();
                (event.paths, lost)
            }
            Err(_) => (Vec::new(), true),
        };
        let paths: Vec<_> = paths.into_iter().filter(|path| !is_noise(path)).collect();
        if paths.is_empty() && !lost {
            return;
        }
        let mut changes = self.changes.lock().unwrap_or_else(PoisonError::into_inner);
        let first = || Changes { since: Instant::now(), paths: BTreeSet::new(), lost: false };
        let changes = changes.get_or_insert_with(first);
        changes.paths.extend(paths);
        changes.lost |= lost;
        self.arrived.notify_one();
    }
}

fn visit(folder: &Path, depth: usize, found: &mut BTreeSet<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    if found.len() >= MAX_FOLDERS || !found.insert(folder.to_owned()) || depth == 0 {
        return;
    }
    for entry in entries.flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) && !is_noise(&entry.path()) {
            visit(&entry.path(), depth - 1, found);
        }
    }
}

/// Whether it is nothing a worker is made of: what builds leave behind, and what editors do while they save.
fn is_noise(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    is_skipped(&name) || name.ends_with('~') || name.starts_with('#')
}

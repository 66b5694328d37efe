//! The catalog: everything this gateway serves. It is read at start, looked at again while requests come, and kept ready
//! to send.
//!
//! `documents` (files, each an entry) and what libraries list (`library`) are put together to a `Snapshot`, or to one for
//! each group of callers while some are served canaries (`canary`); one request looks at one snapshot from its beginning
//! to its end.

mod canary;
mod compact;
mod documents;
mod entries;
mod entry;
mod folder;
mod header_params;
mod library;
mod list;
mod listings;
mod parts;
mod prompt;
mod resource;
mod selection;
mod snapshot;
mod template;
mod tool;
mod tool_search;
mod uri_template;
mod worker;

pub use entry::EntryError;
pub use folder::FolderError;
pub use header_params::InvalidHeaderParam;
pub use penstock_json_schema::InvalidSchema;
pub use uri_template::InvalidUriTemplate;

pub(crate) use canary::Variants;
pub(crate) use library::Library;
pub(crate) use list::{ListKind, Listed};
pub(crate) use listings::Age;
pub(crate) use penstock_json_schema::{self as schema, Schema};
pub(crate) use prompt::Prompt;
pub(crate) use resource::Resource;
pub(crate) use snapshot::{Located, Snapshot};
pub(crate) use template::Template;
pub(crate) use tool::Tool;
pub(crate) use tool_search::ToolSearch;
pub(crate) use worker::Worker;

use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use penstock_protocol::frame::List;
use tokio::time::Instant;

use crate::gateway::Gateway;
use crate::topics::{self, Topic};
use folder::Folder;
use listings::Listings;
use parts::Parts;

/// Longest URI served or asked for, in bytes.
pub(crate) const MAX_URI: usize = 8 * 1024;

/// How often the documents are looked at again, at most.
const EVERY: Duration = Duration::from_secs(1);

/// The catalog of one moment, for each group of callers.
pub(crate) type Served = Variants<Arc<Snapshot>>;

/// What a gateway serves, as it changes.
pub struct Catalog(Arc<Inner>);

struct Inner {
    folder: Folder,
    current: RwLock<Arc<Served>>,
    /// What that is made of.
    parts: Mutex<Parts>,
    listings: Listings,
    next_look: Mutex<Instant>,
}

impl Catalog {
    /// Reads every `*.json` in `folder`. A bad entry is logged and does not hurt the others.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn from_folder(folder: &Path) -> Result<Self, FolderError> {
        let folder = Folder::new(folder);
        let mut parts = Parts::default();
        parts.look(&folder)?;
        let current = RwLock::new(Arc::new(parts.serve()));
        let next_look = Mutex::new(Instant::now() + EVERY);
        let (parts, listings) = (Mutex::new(parts), Listings::default());
        Ok(Self(Arc::new(Inner { folder, current, parts, listings, next_look })))
    }

    /// The same catalog with a tool that finds tools, for as long as it has more than `above` and none of that name.
    #[must_use]
    pub fn searchable(self, above: usize) -> Self {
        let mut parts = lock(&self.0.parts);
        parts.searchable_above = Some(above);
        // Most catalogs stay what they are, and are not written again.
        if self.tool_count() > above {
            *self.0.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(parts.serve());
        }
        drop(parts);
        self
    }

    /// How many tools there are.
    pub fn tool_count(&self) -> usize {
        self.now().stable().tool_count()
    }

    /// A digest of every definition served: it changes when a list does. SHA-256, Base64url; while there are canaries,
    /// one for each list there is, with dots between them.
    pub fn version(&self) -> String {
        self.now().iter().map(|snapshot| snapshot.version()).collect::<Vec<_>>().join(".")
    }

    /// What is served at this moment, to whom.
    pub(crate) fn now(&self) -> Arc<Served> {
        self.0.now()
    }

    /// Looks at the documents again if it is time to. Only who comes first waits for it, and nothing else does: files
    /// are read by a thread made for that.
    pub(crate) async fn look(&self, gateway: &Gateway) {
        if !self.0.is_time() {
            return;
        }
        let inner = self.0.clone();
        match tokio::task::spawn_blocking(move || inner.look()).await {
            Ok(changed) => tell(gateway, changed).await,
            Err(error) => tracing::error!(%error, "the catalog could not be looked at"),
        }
    }
}

impl Inner {
    fn now(&self) -> Arc<Served> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn is_time(&self) -> bool {
        let mut next = lock(&self.next_look);
        let now = Instant::now();
        let is_time = *next <= now;
        if is_time {
            *next = now + EVERY;
        }
        is_time
    }

    /// Looks at the documents; answers which lists have changed. A folder that cannot be read leaves all as it is.
    fn look(&self) -> Vec<List> {
        let mut parts = lock(&self.parts);
        match parts.look(&self.folder) {
            Ok(true) => self.serve(&parts),
            Ok(false) => Vec::new(),
            Err(error) => {
                if !std::mem::replace(&mut parts.unreadable, true) {
                    tracing::error!(%error, "the catalog goes on as it was");
                }
                Vec::new()
            }
        }
    }

    /// Serves these parts from now on; answers which lists are others than before, be it to some callers.
    fn serve(&self, parts: &Parts) -> Vec<List> {
        let next = Arc::new(parts.serve());
        let before =
            std::mem::replace(&mut *self.current.write().unwrap_or_else(PoisonError::into_inner), next.clone());
        let differs = |kind| next.differ(&before, |next, before| next.version_of(kind) != before.version_of(kind));
        let changed = [
            (List::Tools, differs(ListKind::Tools)),
            (List::Prompts, differs(ListKind::Prompts)),
            (List::Resources, differs(ListKind::Resources) || differs(ListKind::Templates)),
        ];
        tracing::info!(catalog = ?next, "the catalog has changed");
        changed.into_iter().filter_map(|(list, differs)| differs.then_some(list)).collect()
    }
}

/// Tells clients that subscribed which lists have changed.
async fn tell(gateway: &Gateway, changed: Vec<List>) {
    if gateway.subscriptions() {
        for list in changed {
            topics::tell(gateway.store().as_ref(), &Topic::List(list), gateway.now()).await;
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Catalog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Catalog").field(&self.now()).finish()
    }
}

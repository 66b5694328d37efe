//! The catalog: everything this gateway serves. It is read at start, looked at again while requests come, and kept ready
//! to send.
//!
//! `documents` (files, each an entry) and what libraries list (`library`) are put together to a `Snapshot`, or to one for
//! each group of callers while some are served canaries (`canary`); one request looks at one snapshot from its beginning
//! to its end.

mod canary;
mod compact;
mod copy;
mod documents;
mod entries;
mod entry;
mod folder;
mod header_params;
mod library;
mod list;
mod listings;
mod location;
mod look;
mod parameters;
mod parts;
mod prompt;
mod resource;
mod selection;
mod shared;
mod snapshot;
mod source;
mod template;
mod tool;
mod tool_search;
mod uri_template;
mod worker;

pub use entry::EntryError;
pub use folder::FolderError;
pub use header_params::InvalidHeaderParam;
pub use location::{InvalidParameterPath, Location, ParameterPath};
pub use parameters::ParametersError;
pub use penstock_json_schema::InvalidSchema;
pub use source::CatalogError;
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

use penstock_aws::SdkConfig;
use penstock_protocol::frame::List;
use penstock_store::Store;

use crate::gateway::Gateway;
use crate::topics::{self, Topic};
use folder::Folder;
use listings::Listings;
use look::Looks;
use parameters::Parameters;
use parts::Parts;
use shared::Shared;
use source::{Listing, Source};

/// Longest URI served or asked for, in bytes.
pub(crate) const MAX_URI: usize = 8 * 1024;

/// The catalog of one moment, for each group of callers.
pub(crate) type Served = Variants<Arc<Snapshot>>;

/// What a gateway serves, as it changes.
pub struct Catalog(Arc<Inner>);

struct Inner {
    source: Box<dyn Source>,
    current: RwLock<Arc<Served>>,
    /// What that is made of.
    parts: Mutex<Parts>,
    listings: Listings,
    looks: Looks,
}

impl Catalog {
    /// Reads every `*.json` in `folder`. A bad entry is logged and does not hurt the others.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn from_folder(folder: &Path) -> Result<Self, FolderError> {
        let folder = Folder::new(folder);
        let listing = folder.list_now()?;
        Ok(Self::new(folder, listing))
    }

    /// Reads what is at a location. A bad entry is logged and does not hurt the others. Instances that share a store ask
    /// Parameter Store once for all of them.
    ///
    /// # Errors
    /// If it cannot be read. A gateway that started without its catalog would be believed to have none.
    pub async fn open(
        location: Location,
        aws: &SdkConfig,
        shared: Option<Arc<dyn Store>>,
    ) -> Result<Self, CatalogError> {
        let path = match location {
            Location::Folder(folder) => return Ok(Self::from_folder(&folder)?),
            Location::Parameters(path) => path,
        };
        let parameters = Parameters::new(aws, path);
        match shared {
            Some(store) => Self::read(Shared::new(parameters, store)).await,
            None => Self::read(parameters).await,
        }
    }

    async fn read(source: impl Source) -> Result<Self, CatalogError> {
        let listing = look::read(&source, None).await?;
        Ok(Self::new(source, listing))
    }

    fn new(source: impl Source, listing: Listing) -> Self {
        let looks = Looks::new(source.pace().every, listing.age);
        let mut parts = Parts::default();
        if !parts.take(listing) {
            tracing::warn!("the catalog is empty");
        }
        let current = RwLock::new(Arc::new(parts.serve()));
        let (parts, listings) = (Mutex::new(parts), Listings::default());
        Self(Arc::new(Inner { source: Box::new(source), current, parts, listings, looks }))
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
}

impl Inner {
    fn now(&self) -> Arc<Served> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
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

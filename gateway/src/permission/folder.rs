//! The folder of policies: read at start, looked at again while it is used.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use moka::sync::Cache;
use penstock_policy::{InvalidModel, InvalidPolicies, Model, Policies};
use tokio::time::Instant;

use crate::catalog::{Catalog, Served, Snapshot, Variants};

/// How often the folder is looked at again, at most.
const EVERY: Duration = Duration::from_secs(5);

/// Most bytes of views that are remembered.
const MAX_VIEWS: u64 = 8 * 1024 * 1024;

/// The policies of a folder. What is there at start must be sound; if it is not later on, what was there before goes on
/// to count.
#[derive(Debug)]
pub struct PolicyFolder(Arc<Folder>);

#[derive(Debug)]
struct Folder {
    path: PathBuf,
    /// For each group of callers.
    current: RwLock<Arc<Variants<Arc<Current>>>>,
    next_look: Mutex<Instant>,
    /// What was wrong at the last look, so that it is said once.
    wrong: Mutex<Option<InvalidPolicies>>,
}

/// Policies, and what has been found out by them.
#[derive(Debug, Clone)]
pub(crate) struct Current {
    pub(super) policies: Policies,
    /// The catalog they are for, in Cedar's terms. They are about another one if they do not fit it.
    model: Arc<Model>,
    /// Which snapshot of the catalog that is.
    catalog: u64,
    /// Which entries of a list somebody may see. One for all groups of callers.
    pub(super) views: Cache<[u8; 32], Arc<[bool]>>,
}

/// A gateway does not start with these policies.
#[derive(Debug, thiserror::Error)]
pub enum InvalidPolicyFolder {
    /// The catalog has something Cedar does not take.
    #[error(transparent)]
    Model(#[from] InvalidModel),
    /// The policies are wrong, or do not fit the catalog.
    #[error(transparent)]
    Policies(#[from] InvalidPolicies),
}

impl PolicyFolder {
    /// Reads the policies of a folder and holds them against the catalog.
    ///
    /// # Errors
    /// [`InvalidPolicyFolder`] with every mistake.
    pub fn open(path: PathBuf, catalog: &Catalog) -> Result<Self, InvalidPolicyFolder> {
        let served = catalog.now();
        let model = model(served.stable())?;
        let policies = Policies::load(&path, model.clone())?;
        let stable = Current::read(policies, model, served.stable().serial());
        let folder = Folder {
            path,
            current: RwLock::new(Arc::new(stable.with_canaries(&served))),
            next_look: Mutex::new(Instant::now() + EVERY),
            wrong: Mutex::default(),
        };
        Ok(Self(Arc::new(folder)))
    }

    /// The policies that count for a catalog. The folder is looked at again if it is time to. Only who comes first waits
    /// for that, whoever has a catalog no policy knows of waits for those to be told, and nothing else does: files are
    /// read by a thread made for that.
    pub(crate) async fn current(&self, catalog: &Arc<Served>) -> Arc<Variants<Arc<Current>>> {
        let is_time = self.is_time();
        if is_time || self.0.current().stable().catalog < catalog.stable().serial() {
            let (folder, catalog) = (self.0.clone(), catalog.clone());
            let looked = tokio::task::spawn_blocking(move || {
                folder.follow(&catalog);
                if is_time {
                    folder.look();
                }
            });
            if let Err(error) = looked.await {
                tracing::error!(%error, "the policies could not be looked at");
            }
        }
        self.0.current()
    }

    fn is_time(&self) -> bool {
        let mut next = self.0.next_look.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let is_time = *next <= now;
        if is_time {
            *next = now + EVERY;
        }
        is_time
    }
}

impl Folder {
    fn current(&self) -> Arc<Variants<Arc<Current>>> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, current: Variants<Arc<Current>>) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(current);
    }

    /// Holds the policies against a later catalog.
    fn follow(&self, catalog: &Served) {
        // Held so that one at a time changes what counts.
        let _wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        let current = self.current();
        let (before, next) = (current.stable(), catalog.stable());
        if before.catalog < next.serial() {
            let stable = Current { views: views(), ..before.about(next) };
            self.set(stable.with_canaries(catalog));
        }
    }

    fn look(&self) {
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        let current = self.current();
        let stable = current.stable();
        match stable.policies.reload(&self.path, stable.model.clone()) {
            Ok(None) => *wrong = None,
            Ok(Some(policies)) => {
                *wrong = None;
                let stable = Arc::new(Current::read(policies, stable.model.clone(), stable.catalog));
                self.set(current.beside(stable.clone(), |one| Arc::new(stable.fitted(one.model.clone(), one.catalog))));
            }
            Err(error) if wrong.as_ref() == Some(&error) => {}
            Err(error) => {
                tracing::warn!(%error, "the policies have changed and are not used: the ones before go on to count");
                *wrong = Some(error);
            }
        }
    }
}

/// A catalog in Cedar's terms.
fn model(catalog: &Snapshot) -> Result<Arc<Model>, InvalidModel> {
    Model::new(catalog.for_policies().cloned().collect()).map(Arc::new)
}

fn views() -> Cache<[u8; 32], Arc<[bool]>> {
    let bytes = |_: &[u8; 32], view: &Arc<[bool]>| u32::try_from(view.len() + 128).unwrap_or(u32::MAX);
    Cache::builder().max_capacity(MAX_VIEWS).weigher(bytes).build()
}

impl Current {
    /// Policies that have just been read.
    fn read(policies: Policies, model: Arc<Model>, catalog: u64) -> Self {
        tracing::info!(policies = policies.count(), "policies read");
        for warning in policies.warnings() {
            tracing::warn!(warning, "a policy is odd");
        }
        Self { policies, model, catalog, views: views() }
    }

    /// The same policies for every group of callers.
    fn with_canaries(self, catalog: &Served) -> Variants<Arc<Self>> {
        let stable = Arc::new(self);
        catalog.beside(stable.clone(), |snapshot| Arc::new(stable.about(snapshot)))
    }

    /// The same policies about another catalog.
    fn about(&self, catalog: &Snapshot) -> Self {
        match model(catalog) {
            Ok(model) => self.fitted(model, catalog.serial()),
            Err(error) => {
                tracing::error!(%error, "policies permit nothing new of the changed catalog");
                Self { catalog: catalog.serial(), ..self.clone() }
            }
        }
    }

    /// The same policies about what is put into Cedar's terms already. If they do not fit it, what they know of the one
    /// they were about counts: they permit nothing that is new.
    fn fitted(&self, model: Arc<Model>, catalog: u64) -> Self {
        let policies = self.policies.about(model.clone()).unwrap_or_else(|error| {
            tracing::error!(%error, "the policies do not fit the changed catalog: they permit nothing new");
            self.policies.clone()
        });
        Self { policies, model, catalog, views: self.views.clone() }
    }
}

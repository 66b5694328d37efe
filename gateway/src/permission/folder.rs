//! The folder of policies: read at start, looked at again while it is used.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use moka::sync::Cache;
use penstock_policy::{InvalidModel, InvalidPolicies, Model, Policies};
use tokio::time::Instant;

use crate::catalog::Catalog;

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
    current: RwLock<Arc<Current>>,
    next_look: Mutex<Instant>,
    /// What was wrong at the last look, so that it is said once.
    wrong: Mutex<Option<InvalidPolicies>>,
}

/// Policies, and what has been found out by them.
#[derive(Debug)]
pub(crate) struct Current {
    pub(super) policies: Policies,
    /// Which entries of a list somebody may see.
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
        let model = Model::new(catalog.for_policies().to_vec())?;
        let policies = Policies::load(&path, Arc::new(model))?;
        let folder = Folder {
            path,
            current: RwLock::new(Arc::new(Current::new(policies))),
            next_look: Mutex::new(Instant::now() + EVERY),
            wrong: Mutex::default(),
        };
        Ok(Self(Arc::new(folder)))
    }

    /// The policies that count.
    pub(crate) fn current(&self) -> Arc<Current> {
        self.0.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Looks at the folder again if it is time to. Only who comes first waits for it, and nothing else does: files are
    /// read by a thread made for that.
    pub(crate) async fn refresh(&self) {
        if !self.is_time() {
            return;
        }
        let folder = self.0.clone();
        if let Err(error) = tokio::task::spawn_blocking(move || folder.look()).await {
            tracing::error!(%error, "the policies could not be looked at");
        }
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
    fn look(&self) {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner).clone();
        let found = current.policies.reload(&self.path);
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        match found {
            Ok(None) => *wrong = None,
            Ok(Some(policies)) => {
                *wrong = None;
                *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(Current::new(policies));
            }
            Err(error) if wrong.as_ref() == Some(&error) => {}
            Err(error) => {
                tracing::warn!(%error, "the policies have changed and are not used: the ones before go on to count");
                *wrong = Some(error);
            }
        }
    }
}

impl Current {
    fn new(policies: Policies) -> Self {
        tracing::info!(policies = policies.count(), "policies read");
        for warning in policies.warnings() {
            tracing::warn!(warning, "a policy is odd");
        }
        let bytes = |_: &[u8; 32], view: &Arc<[bool]>| u32::try_from(view.len() + 128).unwrap_or(u32::MAX);
        Self { policies, views: Cache::builder().max_capacity(MAX_VIEWS).weigher(bytes).build() }
    }
}

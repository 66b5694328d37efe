//! The function behind an entry.

use std::time::Duration;

use penstock_protocol::manifest::{Cache, Contract, Isolation, Manifest, TaskSupport};

use super::EntryError;

/// How an entry's function is called, and what it can do.
#[derive(Debug)]
pub(crate) struct Worker {
    /// Name or ARN, with its version.
    pub(crate) function: String,
    pub(crate) contract: Contract,
    /// The scopes a caller needs, all of them.
    pub(crate) scopes: Vec<String>,
    pub(crate) timeout: Duration,
    /// Whether it answers `completion/complete` for its prompt or template.
    pub(crate) completes: bool,
    /// How long clients may keep what it reads, where it does not say so itself.
    pub(crate) cache: Option<Cache>,
    /// Whether a call may run on as a task.
    pub(crate) task: Option<TaskSupport>,
    /// Whether it is called once before a call becomes a task.
    pub(crate) asks_first: bool,
    /// The percentage of callers it is for, if it is not for all.
    pub(super) canary: Option<u8>,
    /// Whose calls an instance of it serves; everybody's where this is `None`.
    pub(crate) isolation: Option<Isolation>,
}

impl Worker {
    pub(super) fn new(manifest: &Manifest) -> Result<Self, EntryError> {
        Ok(Self {
            function: manifest.function.clone().ok_or(EntryError::NoFunction)?,
            contract: manifest.contract,
            scopes: manifest.scopes.clone(),
            timeout: Duration::from_secs(manifest.timeout_seconds.into()),
            completes: manifest.completes,
            cache: manifest.cache,
            task: manifest.task,
            asks_first: manifest.asks_first,
            canary: manifest.canary,
            isolation: manifest.isolation,
        })
    }
}

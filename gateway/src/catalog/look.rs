//! When the catalog's documents are looked at again, and by whom.
//!
//! Only inside requests, for a function is frozen between them. A look runs beside the requests there are; the one that
//! began it waits only if the one before was long ago. A look that was frozen half-way is given up by the next request
//! that finds it. What is served changes at once or not at all.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use penstock_protocol::frame::List;
use tokio::task::{AbortHandle, JoinHandle, spawn_blocking};
use tokio::time::{Instant, timeout};

use super::source::{CatalogError, Listing, Source};
use super::{Catalog, Inner, lock, tell};
use crate::gateway::Gateway;

/// How long documents are read at most. Ten thousand in Parameter Store take 25 seconds.
const LIMIT: Duration = Duration::from_mins(1);

/// How long a request waits for a look.
const WAIT: Duration = Duration::from_secs(2);

/// What has been looked at.
pub(super) struct Looks(Mutex<State>);

struct State {
    next: Instant,
    /// When the last look ended, good or bad: less what was old already that it found.
    last: Instant,
    /// Whether the last look failed, so that it is said once.
    failing: bool,
    /// The look that is under way, and when it began.
    running: Option<(AbortHandle, Instant)>,
}

impl Looks {
    /// The first one has just been done, and what it found is `age` old.
    pub(super) fn new(every: Duration, age: Duration) -> Self {
        let now = Instant::now();
        let last = now.checked_sub(age).unwrap_or(now);
        Self(Mutex::new(State { next: now + every.saturating_sub(age), last, failing: false, running: None }))
    }

    /// A look has ended; answers whether the one before had failed.
    fn landed(&self, is_good: bool) -> bool {
        let mut state = lock(&self.0);
        state.last = Instant::now();
        std::mem::replace(&mut state.failing, !is_good)
    }
}

impl Catalog {
    /// Looks at the documents again if it is time to.
    pub(crate) async fn look(&self, gateway: &Gateway) {
        if let Some(look) = self.0.begin(gateway) {
            // If it takes longer, it goes on without this request.
            drop(timeout(WAIT, look).await);
        }
    }
}

impl Inner {
    /// Begins to look if it is time to; answers what to wait for, if there is reason to.
    fn begin(self: &Arc<Self>, gateway: &Gateway) -> Option<JoinHandle<()>> {
        let mut state = lock(&self.looks.0);
        let (now, pace) = (Instant::now(), self.source.pace());
        if let Some((running, began)) = state.running.as_ref().filter(|(running, _)| !running.is_finished()) {
            if now < *began + LIMIT {
                return None;
            }
            // It was frozen half-way, a time ago.
            running.abort();
        } else if now < state.next {
            return None;
        }
        state.next = now + pace.every;
        let look = tokio::spawn(look(self.clone(), gateway.clone()));
        state.running = Some((look.abort_handle(), now));
        (now >= state.last + pace.patience).then_some(look)
    }
}

/// Looks at the documents. If they cannot be read, all stays as it is.
async fn look(inner: Arc<Inner>, gateway: Gateway) {
    match update(&inner).await {
        Ok(changed) => {
            inner.looks.landed(true);
            tell(&gateway, changed).await;
        }
        // Often it was not the source that took so long: the function was frozen meanwhile.
        Err(error @ CatalogError::TooLong(_)) => tracing::warn!(%error, "the catalog goes on as it was"),
        Err(error) => {
            if !inner.looks.landed(false) {
                tracing::error!(%error, "the catalog goes on as it was");
            }
        }
    }
}

/// Serves what has changed; answers in which lists. Thousands of entries take their time, and so a thread made for that.
async fn update(inner: &Arc<Inner>) -> Result<Vec<List>, CatalogError> {
    let mark = lock(&inner.parts).mark.clone();
    let listing = read(&*inner.source, mark).await?;
    let inner = inner.clone();
    let taken = spawn_blocking(move || {
        let mut parts = lock(&inner.parts);
        if parts.take(listing) { inner.serve(&parts) } else { Vec::new() }
    });
    taken.await.map_err(|_| CatalogError::Interrupted)
}

/// All documents of a source.
pub(super) async fn read(source: &dyn Source, mark: Option<String>) -> Result<Listing, CatalogError> {
    timeout(LIMIT, source.list(mark)).await.unwrap_or(Err(CatalogError::TooLong(LIMIT)))
}

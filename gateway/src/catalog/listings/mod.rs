//! When libraries are asked what they list, and by whom.
//!
//! A listing is asked for inside a request that needs it, for a function is frozen between requests. Requests that
//! need the same one at the same time share one call, and whoever waits is what moves it on.

mod fetch;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared, join_all};
use penstock_protocol::Bytes;
use penstock_protocol::manifest::Kind;
use ring::digest::{Digest, SHA256, digest};
use tokio::time::{Instant, timeout};

use super::library::{Library, NotAListing};
use super::{Catalog, Inner, lock, tell};
use crate::gateway::Gateway;
use fetch::FetchError;

/// How long a request waits for listings. Without them it is answered from those of before, or none.
const PATIENCE: Duration = Duration::from_secs(5);

/// How old a listing is at least before it is asked for again because of a name it does not have: made-up names call
/// no worker more often than this.
const FRESH: Duration = Duration::from_secs(2);

/// How long a library that could not list is left alone.
const RETRY: Duration = Duration::from_secs(10);

/// How old a listing may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Age {
    /// As old as its library says it is good for.
    Good,
    /// A moment: what is asked for is not in it.
    Fresh,
}

/// What has been asked of each library, by its key.
#[derive(Default)]
pub(super) struct Listings(Mutex<HashMap<String, State>>);

struct State {
    /// Another one with the same key has been asked nothing.
    library: Arc<Library>,
    last: Option<Asked>,
    /// What was listed, to see whether it has changed.
    digest: Option<Digest>,
    flight: Option<Flight>,
    /// Whether its worker has said that there is something new.
    outdated: bool,
}

#[derive(Clone, Copy)]
struct Asked {
    at: Instant,
    answered: bool,
}

/// A call that is under way, and its beginning.
struct Flight {
    landed: Shared<BoxFuture<'static, ()>>,
    began: Instant,
}

/// Why there is no new listing.
#[derive(Debug, thiserror::Error)]
enum ListingError {
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error(transparent)]
    Malformed(#[from] NotAListing),
    #[error("reading it failed")]
    Lost,
}

impl Catalog {
    /// Asks libraries for their listings, all of them at once, where the ones that are there are too old. Returns when
    /// they have answered, or after a time that is bounded.
    pub(crate) async fn list(&self, gateway: &Gateway, libraries: &[Arc<Library>], age: Age) {
        let flights: Vec<_> = libraries.iter().filter_map(|library| self.flight(gateway, library, age)).collect();
        if !flights.is_empty() && timeout(PATIENCE, join_all(flights)).await.is_err() {
            tracing::warn!("a library takes long to list; the request goes on without");
        }
    }

    /// Some worker says that prompts or resources have changed: what libraries listed of these is good no longer.
    pub(crate) fn outdate(&self, lists: Kind) {
        let mut states = lock(&self.0.listings.0);
        for state in states.values_mut().filter(|state| state.library.lists == lists) {
            state.outdated = true;
        }
    }

    /// The call to wait for, if there is any.
    fn flight(&self, gateway: &Gateway, library: &Arc<Library>, age: Age) -> Option<Shared<BoxFuture<'static, ()>>> {
        let mut states = lock(&self.0.listings.0);
        let state = states.entry(library.key.clone()).or_insert_with(|| State::of(library));
        if !Arc::ptr_eq(&state.library, library) {
            *state = State::of(library);
        }
        let now = Instant::now();
        if let Some(flight) = state.flight.as_ref().filter(|flight| flight.landed.peek().is_none()) {
            // Whoever began it may have left. It is moved on by others once nobody can be waiting any more.
            let is_moved_on = now < flight.began + PATIENCE;
            let is_enough = age == Age::Good && state.digest.is_some() && is_moved_on;
            return (!is_enough).then(|| flight.landed.clone());
        }
        if !state.is_due(now, age) {
            return None;
        }
        state.outdated = false;
        let landed = list(self.0.clone(), gateway.clone(), library.clone()).boxed().shared();
        state.flight = Some(Flight { landed: landed.clone(), began: now });
        Some(landed)
    }
}

impl State {
    fn of(library: &Arc<Library>) -> Self {
        Self { library: library.clone(), last: None, digest: None, flight: None, outdated: false }
    }

    fn is_due(&self, now: Instant, age: Age) -> bool {
        let wait = match self.last {
            None => return true,
            Some(Asked { answered: false, .. }) => RETRY,
            Some(_) if age == Age::Fresh || self.outdated => FRESH.min(self.library.ttl),
            Some(_) => self.library.ttl,
        };
        self.last.is_none_or(|last| now >= last.at + wait)
    }
}

/// Asks a library and serves what it lists. What it listed before stays if that fails.
async fn list(inner: Arc<Inner>, gateway: Gateway, library: Arc<Library>) {
    let outcome = match fetch::fetch(&gateway, &library).await {
        Ok(json) => take(&inner, &gateway, &library, json).await,
        Err(error) => Err(error.into()),
    };
    if let Err(error) = &outcome {
        tracing::error!(library = library.key, %error, "a library could not list: its last listing counts");
    }
    inner.listings.note(&library, |state| {
        state.last = Some(Asked { at: Instant::now(), answered: outcome.is_ok() });
        state.flight = None;
    });
}

/// Serves a listing, if it is another one than before.
async fn take(inner: &Arc<Inner>, gateway: &Gateway, library: &Arc<Library>, json: Bytes) -> Result<(), ListingError> {
    let new = digest(&SHA256, &json);
    let old = inner.listings.note(library, |state| state.digest).flatten();
    if old.is_some_and(|old| old.as_ref() == new.as_ref()) {
        return Ok(());
    }
    let (keeper, by) = (inner.clone(), library.clone());
    // Thousands of entries take their time.
    let read = tokio::task::spawn_blocking(move || {
        let listing = by.read(&json)?;
        let mut parts = lock(&keeper.parts);
        Ok(if parts.list(&by, listing) { keeper.serve(&parts) } else { Vec::new() })
    });
    let changed = read.await.map_err(|_| ListingError::Lost)?;
    let changed = changed.map_err(|error: NotAListing| ListingError::from(error))?;
    inner.listings.note(library, |state| state.digest = Some(new));
    // What an instance hears first is news to itself alone.
    if old.is_some() {
        tell(gateway, changed).await;
    }
    Ok(())
}

impl Listings {
    /// Notes something about a library, if it is still the one of its key.
    fn note<T>(&self, library: &Arc<Library>, note: impl FnOnce(&mut State) -> T) -> Option<T> {
        let mut states = lock(&self.0);
        states.get_mut(&library.key).filter(|state| Arc::ptr_eq(&state.library, library)).map(note)
    }
}

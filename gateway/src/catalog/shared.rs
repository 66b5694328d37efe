//! Parameter Store as many instances read it: one asks, all others read its copy.
//!
//! An account may send Parameter Store forty requests a second. A catalog of a thousand entries takes a hundred of them,
//! and a gateway has hundreds of instances.

use std::fmt::Display;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use penstock_store::Store;
use tokio::time::timeout;

use super::copy::{Copy, Head, Packed, pack};
use super::parameters::{EVERY, PATIENCE, Parameters};
use super::source::{CatalogError, Found, Listing, Pace, Source};

/// How long an instance that starts waits for Parameter Store while there is a copy, though an old one. Lambda gives a
/// start ten seconds.
const START_PATIENCE: Duration = Duration::from_secs(5);

/// Parameters, and their copy in the store.
pub(super) struct Shared {
    parameters: Parameters,
    copy: Copy,
    /// Whether something went wrong the last time, so that it is said once.
    failing: AtomicBool,
}

impl Shared {
    pub(super) fn new(parameters: Parameters, store: Arc<dyn Store>) -> Self {
        let copy = Copy::new(store, parameters.path());
        Self { parameters, copy, failing: AtomicBool::new(false) }
    }

    async fn read(&self, mark: Option<String>) -> Result<Listing, CatalogError> {
        let known = match self.copy.known().await {
            Ok(known) => known,
            Err(error) => {
                self.complain(&error);
                let (packed, documents) = self.ask().await?;
                return Ok(listing(packed.digest, documents, mark));
            }
        };
        // An instance that starts is better off with a copy, and looks again soon.
        let enough = if mark.is_some() { EVERY } else { PATIENCE };
        let fresh = known.head.as_ref().filter(|head| head.age() < enough);
        if let Some(listing) = self.copied(fresh, mark.as_deref()).await {
            self.failing.store(false, Ordering::Relaxed);
            return Ok(listing);
        }
        if !self.copy.lease().await.unwrap_or(true) {
            // Somebody else asks.
            if let Some(listing) = self.copied(known.head.as_ref(), mark.as_deref()).await {
                return Ok(listing);
            }
        }
        let asked = match (&mark, &known.head) {
            (None, Some(_)) => timeout(START_PATIENCE, self.ask()).await,
            _ => Ok(self.ask().await),
        };
        match asked.unwrap_or(Err(CatalogError::TooLong(START_PATIENCE))) {
            Ok((packed, documents)) => {
                let digest = packed.digest.clone();
                match self.copy.write(packed, known).await {
                    Ok(()) => self.failing.store(false, Ordering::Relaxed),
                    Err(error) => self.complain(&error),
                }
                Ok(listing(digest, documents, mark))
            }
            Err(error) => {
                let Some(listing) = self.copied(known.head.as_ref(), mark.as_deref()).await else { return Err(error) };
                self.complain(&error);
                Ok(listing)
            }
        }
    }

    /// What Parameter Store says, packed too.
    async fn ask(&self) -> Result<(Packed, Vec<Found>), CatalogError> {
        let mut documents = self.parameters.read().await?;
        let packed = tokio::task::spawn_blocking(move || (pack(&mut documents), documents)).await;
        packed.map_err(|_| CatalogError::Interrupted)
    }

    /// What a copy says, if there is one and it can be read.
    async fn copied(&self, head: Option<&Head>, mark: Option<&str>) -> Option<Listing> {
        let head = head?;
        let documents = if mark == Some(&*head.digest) {
            None
        } else {
            Some(self.copy.read(head).await.map_err(|error| self.complain(&error)).ok()?)
        };
        Some(Listing { documents, mark: Some(head.digest.clone()), age: head.age() })
    }

    fn complain(&self, error: &dyn Display) {
        if !self.failing.swap(true, Ordering::Relaxed) {
            tracing::error!(%error, "the catalog is read in another way for now");
        }
    }
}

impl Source for Shared {
    fn list(&self, mark: Option<String>) -> BoxFuture<'_, Result<Listing, CatalogError>> {
        self.read(mark).boxed()
    }

    fn pace(&self) -> Pace {
        self.parameters.pace()
    }
}

/// What Parameter Store has said this moment.
fn listing(digest: String, documents: Vec<Found>, mark: Option<String>) -> Listing {
    let mark = mark.filter(|mark| *mark == digest);
    Listing { documents: mark.is_none().then_some(documents), mark: Some(digest), age: Duration::ZERO }
}

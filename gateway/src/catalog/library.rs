//! Libraries: functions that list what they serve.

use std::sync::Arc;
use std::time::Duration;

use penstock_protocol::RawValue;
use penstock_protocol::manifest::{Definition, Kind, Manifest};
use serde::Deserialize;

use super::Worker;
use super::entry::Entry;

/// The most entries taken of one listing; the rest is reported and left out.
const MAX_ENTRIES: usize = 10_000;

/// How many of the entries left out are reported one by one.
const MAX_REPORTED: usize = 10;

/// A function that lists prompts or resources.
#[derive(Debug)]
pub(crate) struct Library {
    /// As [`Kind::id`] spells it.
    pub(super) id: String,
    /// The same, told apart from its own canary.
    pub(super) key: String,
    /// The kind of what is listed.
    pub(super) lists: Kind,
    pub(super) worker: Arc<Worker>,
    pub(super) tags: Vec<String>,
    /// How long a listing is good.
    pub(super) ttl: Duration,
}

/// What a library listed at some time.
#[derive(Debug)]
pub(super) struct Listing {
    pub(super) entries: Vec<Entry>,
}

/// A result that is none of a listing.
#[derive(Debug, thiserror::Error)]
#[error("the result is no listing")]
pub(super) struct NotAListing;

impl Library {
    /// The scopes a caller needs to see anything of it, all of them.
    pub(crate) fn scopes(&self) -> &[String] {
        &self.worker.scopes
    }

    pub(super) fn new(manifest: &Manifest, definition: &Definition, worker: Arc<Worker>) -> Self {
        let lists = match definition.kind() {
            Kind::ResourceLibrary => Kind::Resource,
            _ => Kind::Prompt,
        };
        let id = definition.id();
        let key = if worker.canary.is_some() { format!("{id} (canary)") } else { id.clone() };
        Self { id, key, lists, worker, tags: manifest.tags.clone(), ttl: manifest.listing_ttl() }
    }

    /// Whether it is this library's function that answers.
    pub(crate) fn is_served_by(&self, worker: &Worker) -> bool {
        std::ptr::eq(&raw const *self.worker, worker)
    }

    /// What asks the function for its listing.
    pub(super) fn method(&self) -> &'static str {
        if self.lists == Kind::Resource { "resources/list" } else { "prompts/list" }
    }

    /// Reads a listing. A bad entry is reported and left out.
    pub(super) fn read(&self, json: &[u8]) -> Result<Listing, NotAListing> {
        #[derive(Deserialize)]
        struct ListResult<'a> {
            #[serde(borrow, default)]
            prompts: Option<Vec<&'a RawValue>>,
            #[serde(borrow, default)]
            resources: Option<Vec<&'a RawValue>>,
        }
        let ListResult { prompts, resources } = serde_json::from_slice(json).map_err(|_| NotAListing)?;
        let listed = if self.lists == Kind::Resource { resources } else { prompts };
        let listed = listed.ok_or(NotAListing)?;
        let mut skipped = Skipped::of(self);
        let mut entries = Vec::new();
        for json in listed {
            if entries.len() == MAX_ENTRIES {
                skipped.add(&format_args!("more than {MAX_ENTRIES} entries"));
                continue;
            }
            match Entry::listed(self, json.get()) {
                Ok(entry) => entries.push(entry),
                Err(error) => skipped.add(&error),
            }
        }
        skipped.report();
        Ok(Listing { entries })
    }
}

/// Entries of a library that are left out, told without flooding the log.
pub(super) struct Skipped<'a> {
    library: &'a str,
    count: usize,
}

impl<'a> Skipped<'a> {
    pub(super) fn of(library: &'a Library) -> Self {
        Self { library: &library.key, count: 0 }
    }

    pub(super) fn add(&mut self, reason: &impl std::fmt::Display) {
        self.count += 1;
        if self.count <= MAX_REPORTED {
            tracing::warn!(library = self.library, %reason, "listed entry left out");
        }
    }

    pub(super) fn report(self) {
        if self.count > MAX_REPORTED {
            tracing::warn!(library = self.library, count = self.count, "listed entries left out");
        }
    }
}

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;

use crate::store::{check_key, check_write};
use crate::{Item, Store, StoreError, When, Write, expiry};

/// Items a store in memory holds.
const MAX_ITEMS: usize = 65_536;

/// Bytes the keys and values of a store in memory have together.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// A store for one process: for tests, and for a gateway that runs as one instance.
///
/// Expired items make room for new ones; live items are never dropped, so a full store refuses
/// ([`StoreError::Full`]).
pub struct MemoryStore {
    items: Mutex<Items>,
    max_items: usize,
    max_bytes: usize,
}

impl MemoryStore {
    /// An empty store for 65,536 items and 64 MiB.
    pub fn new() -> Self {
        Self::with_limits(MAX_ITEMS, MAX_BYTES)
    }

    /// An empty store for so many items, whose keys and values have so many bytes together.
    pub fn with_limits(max_items: usize, max_bytes: usize) -> Self {
        Self { items: Mutex::default(), max_items, max_bytes }
    }

    fn read(&self, key: &str) -> Result<Option<Item>, StoreError> {
        check_key(key)?;
        let items = self.lock();
        let live = items.by_key.get(key).filter(|kept| kept.expires > expiry::now());
        Ok(live.map(|kept| Item { value: kept.value.clone(), version: kept.version }))
    }

    fn write(&self, key: &str, write: Write) -> Result<bool, StoreError> {
        check_write(key, &write)?;
        let mut items = self.lock();
        items.sweep(expiry::now());
        let old = items.by_key.get(key);
        let version = old.map(|kept| kept.version);
        let holds = match write.when {
            When::Always => true,
            When::Absent => version.is_none(),
            When::Version(expected) => version == Some(expected),
        };
        if holds {
            let freed = old.map_or(0, |kept| kept.size(key));
            let bytes = items.bytes - freed + key.len() + write.value.len();
            if bytes > self.max_bytes || (old.is_none() && items.by_key.len() >= self.max_items) {
                return Err(StoreError::Full);
            }
            items.remove(key);
            items.insert(key, write.value, expiry::seconds(write.expires));
        }
        Ok(holds)
    }

    /// No change is ever left half done, so a panic elsewhere spoils nothing.
    fn lock(&self) -> MutexGuard<'_, Items> {
        self.items.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore").field("items", &self.lock().by_key.len()).finish_non_exhaustive()
    }
}

impl Store for MemoryStore {
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<Item>, StoreError>> {
        async move { self.read(key) }.boxed()
    }

    fn put<'a>(&'a self, key: &'a str, write: Write) -> BoxFuture<'a, Result<bool, StoreError>> {
        async move { self.write(key, write) }.boxed()
    }
}

struct Kept {
    value: Bytes,
    version: u64,
    expires: u64,
}

impl Kept {
    fn size(&self, key: &str) -> usize {
        key.len() + self.value.len()
    }
}

#[derive(Default)]
struct Items {
    by_key: HashMap<Arc<str>, Kept>,
    by_expiry: BTreeSet<(u64, Arc<str>)>,
    bytes: usize,
    /// Grows with every write of the store, so no version comes twice.
    writes: u64,
}

impl Items {
    fn insert(&mut self, key: &str, value: Bytes, expires: u64) {
        let key: Arc<str> = key.into();
        self.writes += 1;
        self.bytes += key.len() + value.len();
        self.by_expiry.insert((expires, Arc::clone(&key)));
        self.by_key.insert(key, Kept { value, version: self.writes, expires });
    }

    fn remove(&mut self, key: &str) {
        if let Some((key, kept)) = self.by_key.remove_entry(key) {
            self.bytes -= kept.size(&key);
            self.by_expiry.remove(&(kept.expires, key));
        }
    }

    fn sweep(&mut self, now: u64) {
        while let Some((_, key)) = self.by_expiry.first().filter(|(expires, _)| *expires <= now) {
            let key = Arc::clone(key);
            self.remove(&key);
        }
    }
}

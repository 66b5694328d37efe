use std::time::SystemTime;

use bytes::Bytes;
use futures_util::future::BoxFuture;

use crate::StoreError;

/// Largest value, in bytes. DynamoDB stores 400 KB an item, of which names and key take a little.
pub const MAX_VALUE: usize = 350 * 1024;

/// Longest key, in bytes of UTF-8. DynamoDB takes 2,048.
pub const MAX_KEY: usize = 1024;

/// Items by key, each with a version and a time at which it is gone.
pub trait Store: Send + Sync + 'static {
    /// Reads an item, and sees every write that was answered before. An expired item is absent.
    ///
    /// # Errors
    /// [`StoreError::KeyLength`], or what keeps the store from answering.
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<Item>, StoreError>>;

    /// Writes an item if [`Write::when`] holds, and answers whether it did. Of writers that race for the same state
    /// exactly one is told `true`.
    ///
    /// # Errors
    /// [`StoreError::KeyLength`] or [`StoreError::ValueTooLarge`], with nothing written; else what keeps the store
    /// from answering, with the write done or not.
    fn put<'a>(&'a self, key: &'a str, write: Write) -> BoxFuture<'a, Result<bool, StoreError>>;
}

/// What is stored under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The bytes that were written.
    pub value: Bytes,
    /// Says which write this is. No two writes of a key have the same, not even with an expiry between them.
    pub version: u64,
}

/// A write and its condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Write {
    /// The new value, at most [`MAX_VALUE`] bytes.
    pub value: Bytes,
    /// What must be so for the write to happen.
    pub when: When,
    /// From when on the item is absent; rounded up to whole seconds.
    pub expires: SystemTime,
}

/// The condition of a [`Write`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// None: the last writer wins.
    Always,
    /// There is no item, or only an expired one.
    Absent,
    /// The item has this version and has not expired.
    Version(u64),
}

pub(crate) fn check_key(key: &str) -> Result<(), StoreError> {
    if key.is_empty() || key.len() > MAX_KEY {
        return Err(StoreError::KeyLength { bytes: key.len() });
    }
    Ok(())
}

pub(crate) fn check_write(key: &str, write: &Write) -> Result<(), StoreError> {
    check_key(key)?;
    if write.value.len() > MAX_VALUE {
        return Err(StoreError::ValueTooLarge { bytes: write.value.len() });
    }
    Ok(())
}

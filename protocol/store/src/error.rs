/// Why a store did not do what it was asked. Every text is for the log: none is for clients.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// A key has 1 to [`MAX_KEY`](crate::MAX_KEY) bytes.
    #[error("a key of {bytes} bytes; 1 to {} are allowed", crate::MAX_KEY)]
    KeyLength {
        /// The key's length in UTF-8.
        bytes: usize,
    },
    /// A value has at most [`MAX_VALUE`](crate::MAX_VALUE) bytes.
    #[error("a value of {bytes} bytes; {} are allowed", crate::MAX_VALUE)]
    ValueTooLarge {
        /// The value's length.
        bytes: usize,
    },
    /// A store in memory has no room left, and nothing in it has expired.
    #[error("the store is full")]
    Full,
    /// Others changed the item each time [`update`](crate::update()) was about to.
    #[error("others kept changing the item")]
    Contended,
    /// What is stored under the key is no item of a store.
    #[error("the stored item has no usable {0:?}")]
    Malformed(&'static str),
    /// The store could not be reached, did not answer in time, or refused. A write may have happened all the same.
    #[error("the store is unavailable: {0}")]
    Unavailable(String),
}

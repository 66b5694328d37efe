//! A store that is no help.

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use penstock_store::{Item, Store, StoreError, Write};

/// A store that cannot be reached.
pub(crate) struct Unreachable;

impl Store for Unreachable {
    fn get<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Option<Item>, StoreError>> {
        async { Err(StoreError::Unavailable("secret".to_owned())) }.boxed()
    }

    fn put<'a>(&'a self, _: &'a str, _: Write) -> BoxFuture<'a, Result<bool, StoreError>> {
        async { Err(StoreError::Unavailable("secret".to_owned())) }.boxed()
    }
}

//! Expiry in whole seconds since 1970: the unit of DynamoDB's time to live, and so that of every store.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The second from which on an item is gone: rounded up, so that no item goes before its time.
pub(crate) fn seconds(expires: SystemTime) -> u64 {
    let since = expires.duration_since(UNIX_EPOCH).unwrap_or_default();
    since.as_secs().saturating_add(u64::from(since.subsec_nanos() > 0))
}

/// The second it is now.
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).as_ref().map_or(0, Duration::as_secs)
}

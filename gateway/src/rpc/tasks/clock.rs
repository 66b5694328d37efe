//! The time of day, as records keep it and as clients read it.

use std::time::{Duration, UNIX_EPOCH};

use crate::gateway::Gateway;

/// Milliseconds since 1970.
pub(super) fn now_ms(gateway: &Gateway) -> u64 {
    gateway.now().duration_since(UNIX_EPOCH).map_or(0, millis)
}

pub(super) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// RFC 3339, which is the ISO 8601 that tasks are dated with.
pub(super) fn written(ms: u64) -> String {
    let ms = i64::try_from(ms).unwrap_or(i64::MAX);
    jiff::Timestamp::from_millisecond(ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH).to_string()
}

use std::time::{Duration, SystemTime};

use crate::{Store, StoreError, When, Write};

/// How often an update is tried before others are said to be in its way. Each failed try means that somebody else's
/// succeeded.
const MAX_TRIES: u32 = 12;

/// Longest pause before the second try; it doubles with each further one, up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(4);

const LONGEST_PAUSE: Duration = Duration::from_millis(128);

/// Changes an item by compare-and-set: no other writer's change between reading and writing is lost.
///
/// `change` sees the value, or `None` if there is no item, and answers the new one, or `None` to leave things as they
/// are. It runs once a try, so it may run several times and should have no effect of its own. Answers whether an item
/// was written.
///
/// # Errors
/// [`StoreError::Contended`] after twelve tries, or what [`Store::get`] and [`Store::put`] say.
pub async fn update(
    store: &dyn Store,
    key: &str,
    expires: SystemTime,
    mut change: impl FnMut(Option<&[u8]>) -> Option<Vec<u8>>,
) -> Result<bool, StoreError> {
    for tried in 0..MAX_TRIES {
        if tried > 0 {
            tokio::time::sleep(pause(tried)).await;
        }
        let item = store.get(key).await?;
        let Some(value) = change(item.as_ref().map(|item| &*item.value)) else { return Ok(false) };
        let when = item.map_or(When::Absent, |item| When::Version(item.version));
        if store.put(key, Write { value: value.into(), when, expires }).await? {
            return Ok(true);
        }
    }
    Err(StoreError::Contended)
}

/// Writers that met once would meet again if they paused alike.
fn pause(tried: u32) -> Duration {
    let longest = FIRST_PAUSE.saturating_mul(1 << (tried - 1).min(16)).min(LONGEST_PAUSE);
    // Without randomness they merely meet more often.
    let part = getrandom::u32().unwrap_or(u32::MAX);
    longest.mul_f64(f64::from(part) / f64::from(u32::MAX))
}

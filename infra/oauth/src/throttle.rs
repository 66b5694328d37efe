//! How often strangers may make the front do something.

use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use moka::sync::Cache;

/// Most keys counted at once; the least used are forgotten first.
const MAX_KEYS: u64 = 10_000;

/// A number at once, and one more in every interval.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rate {
    pub(crate) burst: u32,
    pub(crate) interval: Duration,
}

/// Token buckets: one for each key and one for all together. Each instance counts by itself.
#[derive(Debug)]
pub(crate) struct Throttle<K: Hash + Eq + Send + Sync + 'static> {
    each: Rate,
    all: Rate,
    keys: Cache<K, Arc<Mutex<Bucket>>>,
    total: Mutex<Bucket>,
}

/// When the bucket will be full again; the past if it is.
#[derive(Debug)]
struct Bucket(Instant);

impl<K: Hash + Eq + Send + Sync + 'static> Throttle<K> {
    pub(crate) fn new(each: Rate, all: Rate) -> Self {
        // An idle key's bucket is full again by then: forgetting it changes nothing.
        let keys = Cache::builder().max_capacity(MAX_KEYS).time_to_idle(each.interval * each.burst).build();
        Self { each, all, keys, total: Mutex::new(Bucket(Instant::now())) }
    }

    /// Takes one for `key`, or says how long to wait.
    pub(crate) fn take(&self, key: K) -> Result<(), Duration> {
        let now = Instant::now();
        let bucket = self.keys.get_with(key, || Arc::new(Mutex::new(Bucket(now))));
        take(&bucket, self.each, now)?;
        take(&self.total, self.all, now)
    }
}

fn take(bucket: &Mutex<Bucket>, rate: Rate, now: Instant) -> Result<(), Duration> {
    bucket.lock().unwrap_or_else(PoisonError::into_inner).take(rate, now)
}

impl Bucket {
    fn take(&mut self, rate: Rate, now: Instant) -> Result<(), Duration> {
        let full = self.0.max(now) + rate.interval;
        let wait = full.saturating_duration_since(now + rate.interval * rate.burst);
        if !wait.is_zero() {
            return Err(wait);
        }
        self.0 = full;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{Bucket, Rate, Throttle};

    const RATE: Rate = Rate { burst: 3, interval: Duration::from_secs(2) };

    #[test]
    fn a_bucket_gives_its_burst_and_then_one_an_interval() {
        let start = Instant::now();
        let mut bucket = Bucket(start);
        let mut take = |after| bucket.take(RATE, start + Duration::from_secs(after));
        assert_eq!([take(0), take(0), take(0)], [Ok(()); 3]);
        assert_eq!(take(0), Err(Duration::from_secs(2)));
        assert_eq!(take(1), Err(Duration::from_secs(1)));
        assert_eq!([take(2), take(2)], [Ok(()), Err(Duration::from_secs(2))]);
        assert_eq!([take(100), take(100), take(100)], [Ok(()); 3], "no more than the burst is saved");
        assert!(take(100).is_err());
    }

    #[test]
    fn one_key_does_not_use_up_anothers_share_but_all_share_the_total() {
        let hour = Duration::from_hours(1);
        let throttle = Throttle::new(Rate { burst: 2, interval: hour }, Rate { burst: 3, interval: hour });
        assert!(throttle.take("a").is_ok() && throttle.take("a").is_ok() && throttle.take("a").is_err());
        assert!(throttle.take("b").is_ok() && throttle.take("b").is_err());
    }
}

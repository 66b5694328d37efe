//! The suite every [`Store`] has to pass, whatever it is made of.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures_util::future::join_all;

use crate::{MAX_KEY, MAX_VALUE, Store, StoreError, When, Write, update};

/// Writers that race.
const RIVALS: usize = 8;

/// Checks everything [`Store`] and [`update()`] promise, on keys under `test/<run>/`.
///
/// # Panics
/// If the store breaks a promise. `run` must not have been used on it before.
pub async fn check(store: &dyn Store, run: &str) {
    let key = |name: &str| format!("test/{run}/{name}");
    an_item_is_read_as_it_was_written(store, &key("bytes")).await;
    a_write_that_wants_no_item_finds_one(store, &key("absent")).await;
    a_version_is_good_for_one_write(store, &key("version")).await;
    an_expired_item_is_absent(store, &key("expired")).await;
    a_version_does_not_outlive_its_item(store, &key("reborn")).await;
    a_version_expires_with_its_item(store, &key("expiring")).await;
    one_of_many_rivals_wins(store, &key("rivals")).await;
    no_update_is_lost(store, &key("updates")).await;
    an_update_may_leave_things_as_they_are(store, &key("untouched")).await;
    sizes_have_limits(store, &key("sizes")).await;
}

fn soon() -> SystemTime {
    SystemTime::now() + Duration::from_mins(10)
}

fn past() -> SystemTime {
    SystemTime::now() - Duration::from_secs(2)
}

async fn put(store: &dyn Store, key: &str, value: &'static [u8], when: When, expires: SystemTime) -> bool {
    let write = Write { value: Bytes::from_static(value), when, expires };
    store.put(key, write).await.expect("the store takes a write")
}

async fn value(store: &dyn Store, key: &str) -> Option<Bytes> {
    store.get(key).await.expect("the store answers").map(|item| item.value)
}

async fn version(store: &dyn Store, key: &str) -> u64 {
    store.get(key).await.expect("the store answers").expect("there is an item").version
}

async fn an_item_is_read_as_it_was_written(store: &dyn Store, key: &str) {
    assert_eq!(value(store, key).await, None, "{key} was there before the test");
    for bytes in [&b"\x00\xff\"\n"[..], b"", "größer".as_bytes()] {
        assert!(put(store, key, bytes, When::Always, soon()).await);
        assert_eq!(value(store, key).await.as_deref(), Some(bytes));
    }
}

async fn a_write_that_wants_no_item_finds_one(store: &dyn Store, key: &str) {
    assert!(put(store, key, b"first", When::Absent, soon()).await);
    assert!(!put(store, key, b"second", When::Absent, soon()).await);
    assert_eq!(value(store, key).await.as_deref(), Some(&b"first"[..]));
}

async fn a_version_is_good_for_one_write(store: &dyn Store, key: &str) {
    assert!(!put(store, key, b"none", When::Version(1), soon()).await, "there is no item of any version");
    assert!(put(store, key, b"first", When::Absent, soon()).await);
    let first = version(store, key).await;
    assert!(put(store, key, b"second", When::Version(first), soon()).await);
    assert_ne!(version(store, key).await, first);
    assert!(!put(store, key, b"third", When::Version(first), soon()).await);
    assert_eq!(value(store, key).await.as_deref(), Some(&b"second"[..]));
}

async fn an_expired_item_is_absent(store: &dyn Store, key: &str) {
    assert!(put(store, key, b"old", When::Always, past()).await);
    assert_eq!(value(store, key).await, None);
    assert!(put(store, key, b"new", When::Absent, soon()).await);
    assert_eq!(value(store, key).await.as_deref(), Some(&b"new"[..]));
}

async fn a_version_does_not_outlive_its_item(store: &dyn Store, key: &str) {
    assert!(put(store, key, b"same", When::Absent, soon()).await);
    let first = version(store, key).await;
    assert!(put(store, key, b"same", When::Version(first), past()).await);
    assert!(put(store, key, b"same", When::Absent, soon()).await);
    assert!(!put(store, key, b"late", When::Version(first), soon()).await, "this item is another one");
    assert_eq!(value(store, key).await.as_deref(), Some(&b"same"[..]));
}

/// The one promise that takes time to see: an expired item hides its version, so it has to be read before.
async fn a_version_expires_with_its_item(store: &dyn Store, key: &str) {
    let mut lifetime = Duration::from_secs(1);
    let version = loop {
        assert!(put(store, key, b"short", When::Always, SystemTime::now() + lifetime).await);
        match store.get(key).await.expect("the store answers") {
            Some(item) => break item.version,
            // Too slow to catch it alive.
            None => lifetime *= 2,
        }
    };
    while value(store, key).await.is_some() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(!put(store, key, b"late", When::Version(version), soon()).await, "the item has expired");
    assert_eq!(value(store, key).await, None);
}

async fn one_of_many_rivals_wins(store: &dyn Store, key: &str) {
    let rivals = |when: When| async move { join_all((0..RIVALS).map(|_| put(store, key, b"", when, soon()))).await };
    let won = |outcomes: Vec<bool>| outcomes.into_iter().filter(|won| *won).count();
    assert_eq!(won(rivals(When::Absent).await), 1);
    let first = version(store, key).await;
    assert_eq!(won(rivals(When::Version(first)).await), 1);
}

async fn no_update_is_lost(store: &dyn Store, key: &str) {
    let append = |value: Option<&[u8]>| Some([value.unwrap_or_default(), b"x"].concat());
    let updates = join_all((0..RIVALS).map(|_| update(store, key, soon(), append))).await;
    assert!(updates.iter().all(|update| *update == Ok(true)), "{updates:?}");
    assert_eq!(value(store, key).await.as_deref(), Some(&[b'x'; RIVALS][..]));
}

async fn an_update_may_leave_things_as_they_are(store: &dyn Store, key: &str) {
    assert_eq!(update(store, key, soon(), |_| None).await, Ok(false));
    assert_eq!(value(store, key).await, None);
}

async fn sizes_have_limits(store: &dyn Store, key: &str) {
    let write = |bytes: usize| Write { value: vec![b'v'; bytes].into(), when: When::Always, expires: soon() };
    let longest = format!("{key}/{}", "k".repeat(MAX_KEY - key.len() - 1));
    assert_eq!(store.put(&longest, write(MAX_VALUE)).await, Ok(true));
    assert_eq!(value(store, &longest).await.map(|value| value.len()), Some(MAX_VALUE));
    let too_large = StoreError::ValueTooLarge { bytes: MAX_VALUE + 1 };
    assert_eq!(store.put(key, write(MAX_VALUE + 1)).await, Err(too_large));
    for key in [String::new(), format!("{longest}k")] {
        let refused = StoreError::KeyLength { bytes: key.len() };
        assert_eq!(store.get(&key).await, Err(refused.clone()));
        assert_eq!(store.put(&key, write(1)).await, Err(refused));
    }
}

//! The store in memory: the suite of every store, and its own limits.

use std::time::{Duration, SystemTime};

use penstock_store::{MemoryStore, Store as _, StoreError, When, Write, testing};

fn write(value: &'static str, lifetime: Duration) -> Write {
    Write { value: value.into(), when: When::Always, expires: SystemTime::now() + lifetime }
}

const LIVE: Duration = Duration::from_mins(1);

#[tokio::test]
async fn it_keeps_what_every_store_promises() {
    testing::check(&MemoryStore::new(), "memory").await;
}

#[tokio::test]
async fn a_full_store_refuses_new_items_and_takes_changes() {
    let store = MemoryStore::with_limits(2, 1024);
    for key in ["a", "b", "a"] {
        assert_eq!(store.put(key, write("1", LIVE)).await, Ok(true));
    }
    assert_eq!(store.put("c", write("1", LIVE)).await, Err(StoreError::Full));
    assert_eq!(store.get("c").await, Ok(None));
}

#[tokio::test]
async fn bytes_are_counted_with_keys_and_given_back() {
    let store = MemoryStore::with_limits(10, 12);
    assert_eq!(store.put("key", write("123456789", LIVE)).await, Ok(true));
    assert_eq!(store.put("b", write("", LIVE)).await, Err(StoreError::Full));
    assert_eq!(store.put("key", write("12345678", LIVE)).await, Ok(true));
    assert_eq!(store.put("b", write("", LIVE)).await, Ok(true));
}

#[tokio::test]
async fn a_change_that_does_not_fit_leaves_the_item_as_it_was() {
    let store = MemoryStore::with_limits(10, 4);
    assert_eq!(store.put("key", write("1", LIVE)).await, Ok(true));
    assert_eq!(store.put("key", write("12", LIVE)).await, Err(StoreError::Full));
    let kept = store.get("key").await.expect("the store answers").expect("the item is still there");
    assert_eq!(kept.value, "1");
}

#[tokio::test]
async fn expired_items_make_room() {
    let store = MemoryStore::with_limits(1, 1024);
    let expired = Write { expires: SystemTime::UNIX_EPOCH, ..write("1", LIVE) };
    assert_eq!(store.put("old", expired).await, Ok(true));
    assert_eq!(store.put("new", write("1", LIVE)).await, Ok(true));
}

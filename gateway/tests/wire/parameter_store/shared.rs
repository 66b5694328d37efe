//! The copy of the catalog that instances with one store share.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use penstock_gateway::Gateway;
use penstock_gateway::catalog::Catalog;
use penstock_store::{Item, MemoryStore, Store, StoreError, When, Write};
use serde_json::{Value, json};

use super::stand_in::{PATH, ParameterStore};
use super::{A_WHILE, LONG, catalog, pass, serving, until_changed};
use crate::catalog_changes::{described, tool, tools};
use crate::support::entry;

const LIST: &str = "GetParametersByPath";

/// What an account says that lets nobody read.
const DENIED: [Option<&str>; 3] = [Some("AccessDeniedException"); 3];

/// A Parameter Store with the tool `a`, and what instances share.
async fn one_tool() -> (ParameterStore, Arc<MemoryStore>) {
    let parameters = ParameterStore::start().await;
    parameters.put("a", &entry("a"));
    (parameters, Arc::new(MemoryStore::default()))
}

/// An instance that starts.
async fn instance(parameters: &ParameterStore, store: &Arc<MemoryStore>) -> Gateway {
    serving(catalog(parameters, Some(store.clone())).await.expect("a catalog"))
}

fn key(rest: &str) -> String {
    format!("catalog/1{PATH}/{rest}")
}

async fn put(store: &MemoryStore, key: &str, value: Vec<u8>, expires: SystemTime) {
    store.put(key, Write { value: value.into(), when: When::Always, expires }).await.expect("room");
}

async fn head(store: &MemoryStore) -> Value {
    let item = store.get(&key("head")).await.expect("an answer").expect("a head");
    serde_json::from_slice(&item.value).expect("JSON")
}

/// Makes the copy as old as if so much time had passed. Items know no time but the clock's on the wall.
async fn age(store: &MemoryStore, time: Duration) {
    let mut head = head(store).await;
    head["readAt"] = json!(head["readAt"].as_u64().expect("seconds") - time.as_secs());
    put(store, &key("head"), head.to_string().into_bytes(), SystemTime::now() + LONG).await;
    put(store, &key("lease"), Vec::new(), SystemTime::UNIX_EPOCH).await;
}

#[tokio::test]
async fn parameter_store_is_asked_once_for_all_instances() {
    let (parameters, store) = one_tool().await;
    for _ in 0..3 {
        let gateway = instance(&parameters, &store).await;
        assert_eq!(tools(&gateway).await, [tool("a", "A tool.")]);
        pass(LONG).await;
        tools(&gateway).await;
    }
    assert_eq!(parameters.asked(LIST), 1);
}

#[tokio::test]
async fn a_change_that_one_instance_reads_is_one_of_all() {
    let (parameters, store) = one_tool().await;
    let [first, second] = [instance(&parameters, &store).await, instance(&parameters, &store).await];
    parameters.put("a", &described("a", "Another tool."));
    age(&store, A_WHILE).await;
    pass(LONG).await;
    for gateway in [&first, &second] {
        assert_eq!(tools(gateway).await, [tool("a", "Another tool.")]);
    }
    assert_eq!(parameters.asked(LIST), 2);
}

#[tokio::test]
async fn what_has_not_changed_is_not_copied_again() {
    let (parameters, store) = one_tool().await;
    let gateway = instance(&parameters, &store).await;
    let before = head(&store).await;
    let chunk = key(&format!("{}/0", before["body"].as_str().expect("a name")));
    let written = store.get(&chunk).await.expect("an answer").expect("a chunk");
    age(&store, A_WHILE).await;
    pass(LONG).await;
    tools(&gateway).await;
    assert_eq!(parameters.asked(LIST), 2);
    assert!(head(&store).await["readAt"].as_u64() >= before["readAt"].as_u64(), "it is as good as new");
    assert_eq!(store.get(&chunk).await.expect("an answer").expect("a chunk").version, written.version);
}

#[tokio::test]
async fn an_instance_can_start_while_parameter_store_cannot_be_read() {
    let (parameters, store) = one_tool().await;
    instance(&parameters, &store).await;
    parameters.fail(DENIED);
    for passed in [Duration::ZERO, LONG] {
        age(&store, passed).await;
        assert_eq!(tools(&instance(&parameters, &store).await).await.len(), 1);
    }
    assert_eq!(parameters.asked(LIST), 2, "a copy of five minutes is asked about");
}

#[tokio::test]
async fn an_instance_does_not_wait_for_parameter_store_when_there_is_a_copy() {
    let (parameters, store) = one_tool().await;
    instance(&parameters, &store).await;
    age(&store, LONG).await;
    parameters.hold(true);
    let aws = parameters.aws().await;
    tokio::time::pause();
    let location = format!("ssm:{PATH}").parse().expect("a path");
    let started = Catalog::open(location, &aws, Some(store.clone())).await;
    assert_eq!(started.expect("the copy").tool_count(), 1);
}

#[tokio::test]
async fn an_instance_that_started_from_an_old_copy_looks_at_once() {
    let (parameters, store) = one_tool().await;
    instance(&parameters, &store).await;
    age(&store, A_WHILE).await;
    parameters.put("b", &entry("b"));
    let gateway = instance(&parameters, &store).await;
    assert_eq!(parameters.asked(LIST), 1);
    assert_eq!(until_changed(&gateway).await.len(), 2);
}

#[tokio::test]
async fn a_copy_that_is_damaged_is_not_used() {
    let (parameters, store) = one_tool().await;
    instance(&parameters, &store).await;
    let chunk = key(&format!("{}/0", head(&store).await["body"].as_str().expect("a name")));
    let other = instance(&parameters, &Arc::new(MemoryStore::default())).await;
    assert_eq!((tools(&other).await.len(), parameters.asked(LIST)), (1, 2));
    let mut value = store.get(&chunk).await.expect("an answer").expect("a chunk").value.to_vec();
    value[10] ^= 1;
    put(&store, &chunk, value, SystemTime::now() + LONG).await;
    assert_eq!(tools(&instance(&parameters, &store).await).await.len(), 1);
    assert_eq!(parameters.asked(LIST), 3);
}

/// A store that answers nobody.
struct Down;

impl Store for Down {
    fn get<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Option<Item>, StoreError>> {
        async { Err(StoreError::Unavailable("down".to_owned())) }.boxed()
    }

    fn put<'a>(&'a self, _: &'a str, _: Write) -> BoxFuture<'a, Result<bool, StoreError>> {
        async { Err(StoreError::Unavailable("down".to_owned())) }.boxed()
    }
}

#[tokio::test]
async fn without_its_store_an_instance_asks_parameter_store_itself() {
    let (parameters, _) = one_tool().await;
    let gateway = serving(catalog(&parameters, Some(Arc::new(Down))).await.expect("a catalog"));
    parameters.put("b", &entry("b"));
    pass(LONG).await;
    assert_eq!(tools(&gateway).await.len(), 2);
}

#[tokio::test]
async fn a_catalog_too_large_for_an_item_is_copied_in_several() {
    let (parameters, store) = one_tool().await;
    for number in 0..120_u64 {
        // Words that hardly compress.
        let word = |at: u64| format!("{:016x}", (number * 1000 + at).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let words: String = (1..440).map(word).collect();
        parameters.put(&format!("t{number}"), &described(&format!("t{number}"), &words));
    }
    let first = tools(&instance(&parameters, &store).await).await;
    assert!(head(&store).await["chunks"].as_u64().is_some_and(|chunks| chunks > 1), "{}", head(&store).await);
    assert_eq!(tools(&instance(&parameters, &store).await).await, first);
    assert_eq!((first.len(), parameters.asked(LIST)), (121, 13));
}

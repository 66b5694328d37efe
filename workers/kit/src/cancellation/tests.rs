use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use penstock_protocol::Bytes;
use penstock_store::{Item, MemoryStore, Store, StoreError, When, Write};
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};
use tokio::time::sleep;

use super::Records;
use crate::deployed::{Deployed, Handlers, Identity};
use crate::line::Line;
use crate::respond::{Invocation, respond};
use crate::{Call, testing};

const KEY: &str = "cancel/work/1";

/// A store in memory that counts how often it is read and fails the first times.
#[derive(Default)]
struct Shared {
    records: MemoryStore,
    failures: usize,
    looks: AtomicUsize,
}

impl Shared {
    async fn record(&self, key: &str) {
        let expires = SystemTime::now() + Duration::from_mins(1);
        let write = Write { value: "1".into(), when: When::Always, expires };
        assert_eq!(self.records.put(key, write).await, Ok(true));
    }

    fn looks(&self) -> usize {
        self.looks.load(Ordering::Relaxed)
    }
}

impl Store for Shared {
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<Item>, StoreError>> {
        if self.looks.fetch_add(1, Ordering::Relaxed) < self.failures {
            return async { Err(StoreError::Unavailable("out of reach".to_owned())) }.boxed();
        }
        self.records.get(key)
    }

    fn put<'a>(&'a self, key: &'a str, write: Write) -> BoxFuture<'a, Result<bool, StoreError>> {
        self.records.put(key, write)
    }
}

/// Starts a call that the gateway can cancel under `key`, of a tool that works for `work`. The second
/// receiver fails once the tool is dropped.
fn start(store: &Arc<Shared>, key: Option<&str>, work: Duration) -> (mpsc::Receiver<Bytes>, oneshot::Receiver<()>) {
    let (finished, outcome) = oneshot::channel();
    let finished = Mutex::new(Some(finished));
    let call = move |call: Call, _| {
        let finished = finished.lock().expect("no panic holds it").take();
        async move {
            call.progress(1, None, "at work").await;
            sleep(work).await;
            finished.and_then(|finished| finished.send(()).ok()).expect("called once, by a test that waits");
            Ok(Line::Whole("{\"result\":{\"content\":[]}}\n".into()))
        }
        .boxed()
    };
    let identity = Identity::read(r#"{ "definition": { "name": "work" } }"#).expect("a manifest");
    let mut deployed = Deployed::new(identity, Handlers { call: Box::new(call), complete: None, list: None });
    deployed.records = Records::of(Arc::<Shared>::clone(store));
    let mut event = testing::event("work", json!({}));
    if let Some(key) = key {
        event["context"]["cancellation"] = json!(key);
    }
    let invocation = Invocation {
        event: serde_json::value::to_raw_value(&event).expect("a value is JSON"),
        deadline: SystemTime::now() + Duration::from_mins(1),
        request_id: "test".to_owned(),
    };
    (respond(Arc::new(deployed), invocation), outcome)
}

/// The frames after the first, which is progress.
async fn rest(mut frames: mpsc::Receiver<Bytes>) -> Vec<Value> {
    let mut lines = Vec::new();
    while let Some(line) = frames.recv().await {
        lines.push(line);
    }
    let frames = testing::decode(lines).expect("the stream keeps the worker contract");
    assert!(frames[0]["progress"].is_object(), "{frames:?}");
    frames[1..].to_vec()
}

fn cancelled() -> Value {
    json!({ "error": { "code": -32603, "message": "the call was cancelled" } })
}

/// T-5, L-8: work nobody waits for any more stops soon.
#[tokio::test(start_paused = true)]
async fn a_tool_whose_record_appears_is_dropped_and_its_stream_ends_in_order() {
    let store = Arc::new(Shared::default());
    let (mut frames, outcome) = start(&store, Some(KEY), Duration::from_secs(50));
    let first = frames.recv().await.expect("the tool is at work");
    assert!(first.starts_with(b"{\"progress\""), "{first:?}");
    store.record("cancel/work/2").await;
    sleep(Duration::from_secs(10)).await;
    assert!(frames.is_empty() && !frames.is_closed(), "another call's record changes nothing");
    store.record(KEY).await;
    let end = frames.recv().await.expect("a terminal frame");
    assert_eq!(serde_json::from_slice::<Value>(&end).ok(), Some(cancelled()));
    outcome.await.expect_err("the future is dropped, not finished");
    assert_eq!(frames.recv().await, None);
}

#[tokio::test(start_paused = true)]
async fn a_call_nobody_cancels_is_looked_up_every_second_and_ends_as_ever() {
    let store = Arc::new(Shared::default());
    let (frames, outcome) = start(&store, Some(KEY), Duration::from_millis(3500));
    assert_eq!(rest(frames).await, [json!({ "result": { "content": [] } })]);
    outcome.await.expect("the tool came to its end");
    assert_eq!(store.looks(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_call_shorter_than_a_second_and_one_without_a_key_are_not_looked_up() {
    let store = Arc::new(Shared::default());
    store.record(KEY).await;
    for (key, work) in [(Some(KEY), Duration::from_millis(900)), (None, Duration::from_secs(9))] {
        let (frames, _outcome) = start(&store, key, work);
        assert!(rest(frames).await[0]["result"].is_object(), "{key:?}");
    }
    assert_eq!(store.looks(), 0);
}

/// What was logged, shared with the subscriber.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        io::Write::write(&mut *self.0.lock().expect("no panic holds it"), text)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn a_store_that_cannot_be_read_is_logged_once_and_asked_again() {
    let log = Log::default();
    let writer = log.clone();
    // Sees what no other test logs: a line whose first writer is a thread without a subscriber may stay off for good.
    let subscriber = tracing_subscriber::fmt().json().with_writer(move || writer.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let store = Arc::new(Shared { failures: 3, ..Shared::default() });
    store.record(KEY).await;
    let (frames, _outcome) = start(&store, Some(KEY), Duration::from_secs(50));
    assert_eq!(rest(frames).await, [cancelled()]);
    assert_eq!(store.looks(), 4);
    let log = String::from_utf8(log.0.lock().expect("no panic holds it").clone()).expect("text");
    assert_eq!(log.matches("out of reach").count(), 1, "{log}");
}

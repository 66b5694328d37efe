//! Calls nobody wants any more: a closed stream in 2026-07-28, a notification before (rules T-5 and L-8).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use futures_util::{FutureExt as _, StreamExt as _, stream};
use penstock_gateway::catalog::Catalog;
use penstock_gateway::invoke::{Invoke, PayloadStream};
use penstock_gateway::{Gateway, Services};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::client::{Client, Shared};
use crate::support::{call, entry, meta, next, request, rest};

const HELLO: &str = "{\"log\":{\"level\":\"error\",\"data\":1}}\n";

/// A worker that says something and then nothing more.
struct Silent {
    events: mpsc::UnboundedSender<Value>,
    left: Arc<AtomicBool>,
}

/// Notes that it was dropped.
struct Left(Arc<AtomicBool>);

impl Drop for Left {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

impl Invoke for Silent {
    fn invoke(&self, _: &str, _: Option<&str>, payload: Vec<u8>) -> PayloadStream {
        let _ = self.events.send(serde_json::from_slice(&payload).expect("the event is JSON"));
        let left = Left(self.left.clone());
        let hello = stream::iter([Ok(Bytes::from(HELLO))]);
        hello
            .chain(stream::once(async move { (std::future::pending::<()>().await, left) }).map(|_| unreachable!()))
            .boxed()
    }
}

struct Instance {
    gateway: Gateway,
    events: mpsc::UnboundedReceiver<Value>,
    /// Whether nobody reads the worker any more.
    left: Arc<AtomicBool>,
}

fn instance(shared: &Shared, workers_share_store: bool) -> Instance {
    let folder = tempfile::tempdir().expect("a folder");
    let mut entry = entry("tool");
    entry["function"] = json!("arn:aws:lambda:eu-central-1:123456789012:function:weather:7");
    std::fs::write(folder.path().join("tool.json"), entry.to_string()).expect("written");
    let catalog = Catalog::from_folder(folder.path()).expect("a catalog");
    let (sender, events) = mpsc::unbounded_channel();
    let left = Arc::new(AtomicBool::new(false));
    let invoker = Silent { events: sender, left: left.clone() };
    let services = Services { workers_share_store, ..shared.by(Services::alone(catalog, invoker)) };
    Instance { gateway: Gateway::new(services), events, left }
}

impl Instance {
    /// Where the worker was told to look.
    async fn record(&mut self) -> Option<String> {
        let event = self.events.recv().await.expect("a call");
        event["context"]["cancellation"].as_str().map(str::to_owned)
    }

    fn worker_was_left(&self) -> bool {
        self.left.load(Ordering::SeqCst)
    }
}

async fn is_written(shared: &Shared, record: &str) -> bool {
    for _ in 0..100 {
        if shared.store.get(record).await.expect("a store").is_some() {
            return true;
        }
        tokio::task::yield_now().await;
    }
    false
}

async fn listening(instance: &Instance) -> Client {
    let client = Client::latest(&instance.gateway, &json!({})).await;
    let set = client.request(&json!(0), "logging/setLevel", &json!({ "level": "error" }));
    assert_eq!(set.send(&instance.gateway).await.status(), 200);
    client
}

/// L-8: said to any instance, it ends the stream without a response, and the worker can know.
#[tokio::test(start_paused = true)]
async fn a_cancelled_call_ends_without_a_response() {
    let shared = Shared::new();
    let (mut one, other) = (instance(&shared, true), instance(&shared, true));
    let client = listening(&one).await;
    let mut body = client.call(&json!("7")).send(&one.gateway).await.into_body();
    assert!(next(&mut body).await.is_some_and(|event| event.contains("notifications/message")));
    let record = one.record().await.expect("a record");
    assert!(record.starts_with("cancel/weather/"), "{record}");
    for unrelated in [json!({ "requestId": 7 }), json!({ "requestId": "8" }), json!({}), json!({ "requestId": [] })] {
        let note = client.notification("notifications/cancelled", &unrelated);
        assert_eq!(note.send(&other.gateway).await.status(), 202, "{unrelated}");
    }
    assert!(!one.worker_was_left());
    assert_eq!(shared.store.get(&record).await.expect("a store"), None);
    let note = client.notification("notifications/cancelled", &json!({ "requestId": "7", "reason": "enough" }));
    assert_eq!(note.send(&other.gateway).await.status(), 202);
    assert_eq!(rest(body.without_response()).await, "", "no response, no error");
    assert!(one.worker_was_left());
    assert!(is_written(&shared, &record).await);
}

/// L-8: before anything was sent, an empty stream says as little.
#[tokio::test(start_paused = true)]
async fn a_call_that_was_cancelled_before_its_first_word_is_an_empty_stream() {
    let shared = Shared::new();
    let one = instance(&shared, false);
    let client = Client::latest(&one.gateway, &json!({})).await;
    let note = client.notification("notifications/cancelled", &json!({ "requestId": 7 }));
    let draft = client.call(&json!(7));
    let (response, status) = tokio::join!(draft.send(&one.gateway), async { note.send(&one.gateway).await.status() });
    assert_eq!((status.as_u16(), response.status().as_u16()), (202, 200));
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    assert_eq!(rest(response.into_body().without_response()).await, "");
    let json_only = client.call(&json!(7)).header("accept", "application/json");
    assert_eq!(json_only.refusal(&one.gateway).await, (200, -32603), "one object must be there");
}

/// L-8: another session's request has another name, even under the same id.
#[tokio::test(start_paused = true)]
async fn a_session_cancels_its_own_requests_only() {
    let shared = Shared::new();
    let one = instance(&shared, false);
    let (client, stranger) = (listening(&one).await, Client::latest(&one.gateway, &json!({})).await);
    let mut body = client.call(&json!(7)).send(&one.gateway).await.into_body();
    assert!(next(&mut body).await.is_some());
    stranger.notification("notifications/cancelled", &json!({ "requestId": 7 })).send(&one.gateway).await;
    let text = rest(body).await;
    assert!(text.contains("\"reason\":\"deadline\""), "it ran to its end: {text}");
}

/// L-8: while a client is asked, it can cancel as well.
#[tokio::test(start_paused = true)]
async fn a_call_can_be_cancelled_while_its_client_is_asked() {
    let shared = Shared::new();
    let answer = |_: &Value| "{\"inputRequired\":{\"inputRequests\":{\"r\":{\"method\":\"roots/list\"}}}}\n".to_owned();
    let (gateway, calls) = crate::answering::gateway(&[entry("tool")], answer, |services| shared.by(services));
    let client = Client::latest(&gateway, &json!({ "roots": {} })).await;
    let mut body = client.call(&json!(7)).send(&gateway).await.into_body();
    assert!(next(&mut body).await.is_some_and(|event| event.contains("roots/list")));
    client.notification("notifications/cancelled", &json!({ "requestId": 7 })).send(&gateway).await;
    assert_eq!(rest(body.without_response()).await, "");
    assert_eq!(calls.count(), 1);
}

/// T-5: in 2026-07-28 a closed stream is a cancellation.
#[tokio::test]
async fn a_stream_closed_by_its_client_tells_the_worker() {
    let shared = Shared::new();
    let mut one = instance(&shared, true);
    let mut meta = meta();
    meta["io.modelcontextprotocol/logLevel"] = json!("error");
    let draft = request("tools/call", json!({ "name": "tool", "_meta": meta }));
    let mut body = draft.send(&one.gateway).await.into_body();
    assert!(next(&mut body).await.is_some());
    let record = one.record().await.expect("a record");
    assert!(record.starts_with("cancel/weather/"), "{record}");
    assert_eq!(shared.store.get(&record).await.expect("a store"), None);
    drop(body);
    assert!(one.worker_was_left());
    assert!(is_written(&shared, &record).await);
}

/// L-8: and before 2026-07-28 it is none.
#[tokio::test(start_paused = true)]
async fn a_stream_closed_by_a_handshake_client_means_nothing() {
    let shared = Shared::new();
    let mut one = instance(&shared, true);
    let client = listening(&one).await;
    let mut body = client.call(&json!(7)).send(&one.gateway).await.into_body();
    assert!(next(&mut body).await.is_some());
    let record = one.record().await.expect("a record");
    drop(body);
    assert!(!is_written(&shared, &record).await);
}

/// T-5: a call that came to its end leaves no record, and without a shared store there is nowhere to look.
#[tokio::test]
async fn a_finished_call_leaves_no_record() {
    let shared = Shared::new();
    let answer = |_: &Value| "{\"result\":{\"content\":[]}}\n".to_owned();
    let change = |services| Services { workers_share_store: true, ..shared.by(services) };
    let (gateway, calls) = crate::answering::gateway(&[entry("tool")], answer, change);
    assert_eq!(call().json(&gateway).await.0, 200);
    let record = calls.last()["context"]["cancellation"].as_str().expect("a record").to_owned();
    assert!(!is_written(&shared, &record).await);
    let mut alone = instance(&shared, false);
    drop(call().header("accept", "text/event-stream").send(&alone.gateway).now_or_never());
    assert_eq!(alone.record().await, None);
}

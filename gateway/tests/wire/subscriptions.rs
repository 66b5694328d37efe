//! `subscriptions/listen`: one instance tells of changes, another streams them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use crate::answering;
use crate::support::{Draft, entry, messages, next, request, rest};
use futures_util::future::BoxFuture;
use penstock_gateway::{Gateway, PlatformDeadline, Services};
use penstock_store::{Item, MemoryStore, Store, StoreError, Write};
use serde_json::{Value, json};
use tokio::sync::Semaphore;

const COMMENT: &str = ":\n\n";
const ID: &str = "io.modelcontextprotocol/subscriptionId";

fn resource(name: &str) -> Value {
    json!({
        "kind": "resource",
        "definition": { "uri": format!("test://{name}"), "name": name },
        "timeoutSeconds": 60,
        "function": format!("{name}:1"),
    })
}

/// An instance with a tool and two resources. The tool says that what its argument `changes` lists has changed.
fn instance(store: Arc<dyn Store>) -> Gateway {
    let worker = |event: &Value| {
        let changes = event["params"]["arguments"]["changes"].as_array().cloned().unwrap_or_default();
        let frames = changes.iter().map(|changed| json!({ "changed": changed }));
        frames
            .chain([json!({ "result": { "content": [] } })])
            .map(|frame| format!("{frame}\n"))
            .collect::<Vec<_>>()
            .concat()
    };
    let entries = [entry("tool"), resource("one"), resource("two")];
    answering::gateway(&entries, worker, |services| Services { store, subscriptions: true, ..services }).0
}

fn listen(notifications: &Value) -> Draft {
    request("subscriptions/listen", json!({ "notifications": notifications }))
}

fn everything() -> Value {
    json!({
        "toolsListChanged": true,
        "promptsListChanged": true,
        "resourcesListChanged": true,
        "resourceSubscriptions": ["test://one", "test://none", "test://one"],
    })
}

fn change(changes: &Value) -> Draft {
    request("tools/call", json!({ "name": "tool", "arguments": { "changes": changes } }))
}

fn message(chunk: Option<String>) -> Value {
    let mut messages = messages(&chunk.expect("the stream goes on"));
    assert_eq!(messages.len(), 1, "{messages:?}");
    messages.remove(0)
}

/// A store that counts, fails and waits as a test wants it to.
#[derive(Debug)]
struct Staged {
    inner: MemoryStore,
    reads: AtomicUsize,
    failing: AtomicBool,
    /// A write takes one of these.
    writes: Semaphore,
}

impl Staged {
    fn new() -> Arc<Self> {
        let (reads, failing) = (AtomicUsize::new(0), AtomicBool::new(false));
        Arc::new(Self { inner: MemoryStore::default(), reads, failing, writes: Semaphore::new(0) })
    }
}

impl Store for Staged {
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<Item>, StoreError>> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        if self.failing.load(Ordering::Relaxed) {
            return Box::pin(async { Err(StoreError::Unavailable("as staged".to_owned())) });
        }
        self.inner.get(key)
    }

    fn put<'a>(&'a self, key: &'a str, write: Write) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(async move {
            self.writes.acquire().await.expect("not closed").forget();
            self.inner.put(key, write).await
        })
    }
}

/// U-4, D-4: what is off is not there, and nothing says it is.
#[tokio::test]
async fn without_the_switch_there_is_nothing_to_listen_to() {
    let (gateway, _) = answering::gateway(&[entry("tool"), resource("one")], |_| String::new(), |services| services);
    assert_eq!(listen(&everything()).refusal(&gateway).await, (404, -32601));
    let (_, body) = request("server/discover", json!({})).json(&gateway).await;
    assert_eq!(body["result"]["capabilities"], json!({ "logging": {}, "resources": {}, "tools": {} }));
}

/// D-4: with it, every list there is can be subscribed to, and every resource.
#[tokio::test]
async fn with_the_switch_the_capabilities_say_so() {
    let (_, body) = request("server/discover", json!({})).json(&instance(Arc::new(MemoryStore::default()))).await;
    let capabilities = json!({
        "logging": {},
        "resources": { "listChanged": true, "subscribe": true },
        "tools": { "listChanged": true },
    });
    assert_eq!(body["result"]["capabilities"], capabilities);
}

/// U-1, M-8: the acknowledgement is first, names the request as the request does, and says what will be heard.
#[tokio::test]
async fn the_first_message_says_what_will_be_heard() {
    let gateway = instance(Arc::new(MemoryStore::default()));
    let honoured = json!({
        "toolsListChanged": true,
        "resourcesListChanged": true,
        "resourceSubscriptions": ["test://one"],
    });
    let asked = String::from_utf8(listen_body(&everything())).expect("text");
    for id in ["1", "\"1\"", "12345678901234567890", "\"\\u00e9\""] {
        let draft = listen(&everything()).body(asked.replace("\"id\":1", &format!("\"id\":{id}")));
        let response = draft.send(&gateway).await;
        assert_eq!(
            (response.status().as_u16(), &response.headers()["content-type"]),
            (200, &"text/event-stream".parse().expect("a value"))
        );
        let first = next(&mut response.into_body()).await.expect("a message");
        assert!(first.contains(&format!("\"{ID}\":{id}")), "{first}");
        let first = message(Some(first));
        assert_eq!(first["method"], "notifications/subscriptions/acknowledged");
        assert_eq!(first["params"]["notifications"], honoured);
    }
    let many: Vec<_> = (0..100).map(|_| "test://none").chain(["test://two"]).collect();
    let filter = json!({ "toolsListChanged": false, "resourceSubscriptions": many, "unknown": 1 });
    let first = next(&mut listen(&filter).send(&gateway).await.into_body()).await;
    assert_eq!(message(first)["params"]["notifications"], json!({ "resourceSubscriptions": ["test://two"] }));
}

fn listen_body(notifications: &Value) -> Vec<u8> {
    let meta = crate::support::meta();
    let params = json!({ "notifications": notifications, "_meta": meta });
    json!({ "jsonrpc": "2.0", "id": 1, "method": "subscriptions/listen", "params": params }).to_string().into_bytes()
}

/// U-2: what changes anywhere is heard by whoever asked for it, tagged; by nobody else.
#[tokio::test(start_paused = true)]
async fn changes_are_heard_by_those_who_asked_for_them() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
    let (here, there) = (instance(store.clone()), instance(store));
    let mut all = listen(&everything()).send(&here).await.into_body();
    let mut prompts = listen(&json!({ "promptsListChanged": true })).send(&here).await.into_body();
    let mut two = listen(&json!({ "resourceSubscriptions": ["test://two"] })).send(&here).await.into_body();
    for body in [&mut all, &mut prompts, &mut two] {
        next(body).await.expect("the acknowledgement");
    }
    for changed in [json!({ "list": "tools" }), json!({ "list": "resources" }), json!({ "resource": "test://one" })] {
        let (_, body) = change(&json!([changed])).json(&there).await;
        assert_eq!(body["result"]["resultType"], "complete");
        let heard = message(next(&mut all).await);
        let (method, uri) = match &changed {
            changed if changed["list"] == "tools" => ("notifications/tools/list_changed", Value::Null),
            changed if changed["list"] == "resources" => ("notifications/resources/list_changed", Value::Null),
            _ => ("notifications/resources/updated", json!("test://one")),
        };
        assert_eq!((&heard["method"], &heard["params"]["uri"]), (&json!(method), &uri));
        assert_eq!(heard["params"]["_meta"], json!({ ID: 1 }));
        assert!(heard.get("id").is_none());
    }
    for body in [&mut all, &mut prompts, &mut two] {
        assert_eq!(next(body).await.as_deref(), Some(COMMENT), "nothing more was heard");
    }
}

/// U-2: a worker can tell of what is served and of nothing else.
#[tokio::test(start_paused = true)]
async fn a_change_in_what_is_not_served_is_dropped() {
    let store: Arc<dyn Store> = Staged::new();
    let gateway = instance(store);
    let made_up =
        [json!({ "resource": "test://none" }), json!({ "list": "prompts" }), json!({ "list": "x" }), json!({})];
    let (_, body) = change(&json!(made_up)).json(&gateway).await;
    assert_eq!(body["result"]["resultType"], "complete", "a write would wait for ever");
}

/// Nothing of what came before is news, and nothing of what came after is missed.
#[tokio::test(start_paused = true)]
async fn news_begins_with_the_acknowledgement() {
    let gateway = instance(Arc::new(MemoryStore::default()));
    change(&json!([{ "list": "tools" }])).json(&gateway).await;
    let mut body = listen(&everything()).send(&gateway).await.into_body();
    change(&json!([{ "list": "resources" }])).json(&gateway).await;
    assert_eq!(message(next(&mut body).await)["method"], "notifications/subscriptions/acknowledged");
    change(&json!([{ "resource": "test://one" }])).json(&gateway).await;
    let heard = [message(next(&mut body).await), message(next(&mut body).await)];
    let heard = heard.map(|message| message["method"].as_str().expect("a method").to_owned());
    assert_eq!(heard, ["notifications/resources/list_changed", "notifications/resources/updated"]);
    assert_eq!(next(&mut body).await.as_deref(), Some(COMMENT));
}

/// A result is not sent before the changes it stands behind can be seen by all.
#[tokio::test(start_paused = true)]
async fn a_change_is_told_before_the_call_that_made_it_ends() {
    let store = Staged::new();
    let gateway = instance(store.clone());
    let call =
        tokio::spawn(
            async move { change(&json!([{ "list": "tools" }, { "list": "resources" }])).json(&gateway).await },
        );
    for _ in 0..2 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert!(!call.is_finished(), "two changes are to be told");
        store.writes.add_permits(1);
    }
    assert_eq!(call.await.expect("answered").1["result"]["resultType"], "complete");
}

/// The news is worth some of the client's time, not all of it.
#[tokio::test(start_paused = true)]
async fn a_store_that_does_not_answer_costs_no_result() {
    let gateway = instance(Staged::new());
    let (_, body) = change(&json!([{ "list": "tools" }])).json(&gateway).await;
    assert_eq!(body["result"]["resultType"], "complete");
}

/// T-6, T-7, U-3: quiet streams carry comments; the stream ends with a result, and nothing else, before the
/// platform ends it.
#[tokio::test(start_paused = true)]
async fn the_stream_ends_in_good_order() {
    let gateway = instance(Arc::new(MemoryStore::default()));
    let platform = PlatformDeadline(SystemTime::now() + Duration::from_secs(55));
    let (on_lambda, on_a_socket) = (listen(&everything()).extension(platform), listen(&everything()));
    for (draft, seconds) in [(on_lambda, 45), (on_a_socket, 14 * 60)] {
        let begun = tokio::time::Instant::now();
        let stream = rest(draft.send(&gateway).await.into_body()).await;
        // The platform's time is told by another clock than a paused one.
        let lasted = begun.elapsed() + Duration::from_millis(500);
        assert_eq!(lasted.as_secs(), seconds);
        assert_eq!(stream.matches(COMMENT).count(), usize::try_from((seconds - 1) / 10).expect("positive"));
        let messages = messages(&stream);
        assert_eq!((messages.len(), &messages[1]["id"]), (2, &json!(1)));
        let result = &messages[1]["result"];
        assert_eq!((&result["resultType"], &result["_meta"][ID]), (&json!("complete"), &json!(1)));
        assert_eq!(result["_meta"]["io.modelcontextprotocol/serverInfo"]["name"], "penstock-gateway");
        assert_eq!(result.as_object().map(serde_json::Map::len), Some(2));
    }
}

/// U-3: a gateway that stops says so.
#[tokio::test(start_paused = true)]
async fn the_stream_ends_when_the_gateway_does() {
    let gateway = instance(Arc::new(MemoryStore::default()));
    let mut body = listen(&everything()).send(&gateway).await.into_body();
    next(&mut body).await.expect("the acknowledgement");
    assert_eq!(next(&mut body).await.as_deref(), Some(COMMENT));
    gateway.close();
    assert_eq!(message(next(&mut body).await)["result"]["resultType"], "complete");
    assert_eq!(next(&mut body).await, None);
}

/// T-5: nothing is read for a client that has left.
#[tokio::test(start_paused = true)]
async fn a_client_that_leaves_ends_the_reading() {
    let store = Staged::new();
    let mut body = listen(&everything()).send(&instance(store.clone())).await.into_body();
    next(&mut body).await.expect("the acknowledgement");
    assert_eq!(next(&mut body).await.as_deref(), Some(COMMENT));
    let reads = store.reads.load(Ordering::Relaxed);
    assert!(reads > 3, "it looks again and again");
    drop(body);
    tokio::time::sleep(Duration::from_mins(1)).await;
    assert_eq!(store.reads.load(Ordering::Relaxed), reads);
}

/// A store that is away for a while delays the news; one that is away at first is an error.
#[tokio::test(start_paused = true)]
async fn news_outlasts_a_store_that_cannot_be_read() {
    let store = Staged::new();
    let gateway = instance(store.clone());
    let mut body = listen(&everything()).send(&gateway).await.into_body();
    next(&mut body).await.expect("the acknowledgement");
    store.failing.store(true, Ordering::Relaxed);
    assert_eq!(listen(&everything()).refusal(&gateway).await, (200, -32603));
    store.writes.add_permits(1);
    change(&json!([{ "list": "tools" }])).json(&gateway).await;
    assert_eq!(next(&mut body).await.as_deref(), Some(COMMENT));
    store.failing.store(false, Ordering::Relaxed);
    assert_eq!(message(next(&mut body).await)["method"], "notifications/tools/list_changed");
}

#[tokio::test]
async fn a_filter_that_is_none_is_refused() {
    let gateway = instance(Arc::new(MemoryStore::default()));
    for filter in [json!(null), json!([]), json!({ "toolsListChanged": 1 }), json!({ "resourceSubscriptions": [1] })] {
        assert_eq!(listen(&filter).refusal(&gateway).await, (200, -32602), "{filter}");
    }
    assert_eq!(request("subscriptions/listen", json!({})).refusal(&gateway).await, (200, -32602));
    let json_only = listen(&json!({})).header("accept", "application/json");
    assert_eq!(json_only.refusal(&gateway).await, (406, -32600));
}

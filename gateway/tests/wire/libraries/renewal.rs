//! When a library is asked what it lists.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::select;
use futures_util::{FutureExt as _, StreamExt as _, stream};
use http_body_util::BodyExt as _;
use penstock_gateway::catalog::Catalog;
use penstock_gateway::invoke::{Invoke, PayloadStream};
use penstock_gateway::{Gateway, Services};
use serde_json::{Value, json};

use super::{Shelf, gateway, get, prompt_names, prompts};
use crate::answering;
use crate::support::{self, entry, entry_of, request};

/// Longer than an unknown name must wait before its library is asked again.
const A_MOMENT: Duration = Duration::from_secs(3);

/// Longer than listings are good unless a manifest says something else.
const A_WHILE: Duration = Duration::from_secs(61);

/// Longer than a library that failed is left alone.
const RECOVERY: Duration = Duration::from_secs(11);

#[tokio::test(start_paused = true)]
async fn a_listing_is_asked_for_again_when_it_is_no_longer_good() {
    let mut ours = prompts("ours");
    ours["cache"] = json!({ "ttlMs": 20_000 });
    let (gateway, calls, shelf) = gateway(&[ours]);
    shelf.holds(json!({ "prompts": [{ "name": "a" }] }));
    let (_, body) = request("prompts/list", json!({})).json(&gateway).await;
    assert_eq!(body["result"]["ttlMs"], 20_000, "nobody keeps a list for longer than its listings are good");
    shelf.holds(json!({ "prompts": [{ "name": "b" }] }));
    tokio::time::advance(Duration::from_secs(19)).await;
    assert_eq!(prompt_names(&gateway).await, ["a"]);
    tokio::time::advance(Duration::from_secs(2)).await;
    assert_eq!(prompt_names(&gateway).await, ["b"]);
    assert_eq!(calls.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_new_prompt_is_found_without_a_wait_and_made_up_names_do_not_make_the_worker_run() {
    let (gateway, calls, shelf) = gateway(&[prompts("ours")]);
    shelf.holds(json!({ "prompts": [{ "name": "a" }] }));
    assert_eq!(get(&gateway, "b").await, Err(json!(-32602)));
    for _ in 0..20 {
        assert_eq!(get(&gateway, "b").await, Err(json!(-32602)));
    }
    assert_eq!(calls.count(), 1);
    shelf.holds(json!({ "prompts": [{ "name": "a" }, { "name": "b" }] }));
    tokio::time::advance(A_MOMENT).await;
    assert_eq!(get(&gateway, "b").await, Ok(json!("b")));
    assert_eq!(calls.count(), 3, "one more listing and the prompt itself");
}

#[tokio::test(start_paused = true)]
async fn a_library_that_fails_keeps_what_it_listed_and_is_left_alone_for_a_while() {
    let (gateway, calls, shelf) = gateway(&[prompts("ours"), entry_of("prompt", &json!({ "name": "z" }))]);
    shelf.holds(json!({ "broken": true }));
    assert_eq!(prompt_names(&gateway).await, ["z"], "the list is there without it");
    shelf.holds(json!({ "prompts": [{ "name": "a" }] }));
    assert_eq!(prompt_names(&gateway).await, ["z"]);
    assert_eq!(calls.count(), 1);
    tokio::time::advance(RECOVERY).await;
    assert_eq!(prompt_names(&gateway).await, ["a", "z"]);
    for bad in [json!({ "broken": true }), json!({}), json!({ "prompts": 1 }), json!({ "resources": [] })] {
        shelf.holds(bad.clone());
        tokio::time::advance(A_WHILE).await;
        assert_eq!(prompt_names(&gateway).await, ["a", "z"], "{bad}");
    }
}

/// R-6: cursors are bound to one version of their list.
#[tokio::test(start_paused = true)]
async fn a_long_listing_has_pages_and_cursors_that_end_with_it() {
    let (gateway, _, shelf) = gateway(&[prompts("ours")]);
    let listing = |count: u32| json!({ "prompts": (0..count).map(|n| json!({ "name": format!("p{n:05}") })).collect::<Vec<_>>() });
    shelf.holds(listing(1001));
    let (_, first) = request("prompts/list", json!({})).json(&gateway).await;
    let cursor = first["result"]["nextCursor"].clone();
    let (_, second) = request("prompts/list", json!({ "cursor": cursor })).json(&gateway).await;
    assert_eq!(second["result"]["prompts"], json!([{ "name": "p01000" }]));
    shelf.holds(listing(1002));
    tokio::time::advance(A_WHILE).await;
    let refused = request("prompts/list", json!({ "cursor": cursor })).refusal(&gateway).await;
    assert_eq!(refused.1, -32602);
}

#[tokio::test]
async fn requests_that_come_together_share_one_listing() {
    let (gateway, calls, shelf) = gateway(&[prompts("ours")]);
    shelf.holds(json!({ "prompts": [{ "name": "a" }] }));
    let (one, two, three) = tokio::join!(prompt_names(&gateway), prompt_names(&gateway), get(&gateway, "a"));
    assert_eq!((one, two, three), (vec!["a".to_owned()], vec!["a".to_owned()], Ok(json!("a"))));
    assert_eq!(calls.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_slow_library_is_not_waited_for_long_and_goes_on_with_the_next_request() {
    let (gateway, worker) = support::gateway(&[prompts("ours"), entry_of("prompt", &json!({ "name": "z" }))]);
    assert_eq!(prompt_names(&gateway).await, ["z"]);
    worker.says(r#"{"result":{"prompts":[{"name":"a"}]}}"#.to_owned() + "\n").await;
    assert_eq!(prompt_names(&gateway).await, ["a", "z"]);
    assert_eq!(worker.invocations().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_library_that_never_answers_is_given_up() {
    let (gateway, worker) = support::gateway(&[prompts("ours"), entry_of("prompt", &json!({ "name": "z" }))]);
    for _ in 0..3 {
        assert_eq!(prompt_names(&gateway).await, ["z"]);
    }
    assert!(worker.chunks.is_closed(), "nobody reads it any more");
    assert_eq!(worker.invocations().len(), 1);
}

/// U-2: a change of a listing is news for whoever subscribed, and a worker that tells of it is believed.
#[tokio::test(start_paused = true)]
async fn subscribers_hear_of_a_listing_that_has_changed() {
    let shelf = Shelf::default();
    let worker = shelf.clone();
    let answer = move |event: &Value| match event["method"].as_str() {
        Some("tools/call") => "{\"changed\":{\"list\":\"prompts\"}}\n{\"result\":{\"content\":[]}}\n".to_owned(),
        _ => worker.answer(event),
    };
    let (gateway, calls) = answering::gateway(&[entry("tool"), prompts("ours")], answer, |services| Services {
        subscriptions: true,
        ..services
    });
    shelf.holds(json!({ "prompts": [{ "name": "a" }] }));
    assert_eq!(prompt_names(&gateway).await, ["a"]);
    let wanted = json!({ "notifications": { "promptsListChanged": true } });
    let mut stream = request("subscriptions/listen", wanted).send(&gateway).await.into_body();
    support::next(&mut stream).await.expect("the acknowledgement");

    shelf.holds(json!({ "prompts": [{ "name": "b" }] }));
    tokio::time::advance(A_WHILE).await;
    assert_eq!(prompt_names(&gateway).await, ["b"]);
    let heard = loop {
        let chunk = support::next(&mut stream).await.expect("the stream goes on");
        if let Some(message) = support::messages(&chunk).pop() {
            break message;
        }
    };
    assert_eq!(heard["method"], "notifications/prompts/list_changed");

    shelf.holds(json!({ "prompts": [{ "name": "c" }] }));
    tokio::time::advance(A_MOMENT).await;
    assert_eq!(prompt_names(&gateway).await, ["b"]);
    support::call().send(&gateway).await.into_body().collect().await.expect("a whole answer");
    assert_eq!(prompt_names(&gateway).await, ["c"]);
    assert_eq!(calls.count(), 4);
}

/// Lists once, and never again.
#[derive(Default)]
struct Once(AtomicBool);

impl Invoke for Once {
    fn invoke(&self, _: &str, _: Option<&str>, _: Vec<u8>) -> PayloadStream {
        if self.0.swap(true, Ordering::Relaxed) {
            return stream::pending().boxed();
        }
        let listing = "{\"result\":{\"prompts\":[{\"name\":\"a\"}]}}\n";
        stream::iter([Ok(listing.into())]).boxed()
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_that_is_being_renewed_is_served_to_others_as_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("l.json"), prompts("ours").to_string()).expect("written");
    let catalog = Catalog::from_folder(folder.path()).expect("a catalog");
    let gateway = Gateway::new(Services::alone(catalog, Once::default()));
    assert_eq!(prompt_names(&gateway).await, ["a"]);
    tokio::time::advance(A_WHILE).await;
    let (one, two) = (pin!(prompt_names(&gateway)), pin!(prompt_names(&gateway)));
    let (served, waiting) = select(one, two).await.factor_first();
    assert_eq!(served, ["a"], "what was listed last counts");
    assert!(waiting.now_or_never().is_none(), "one of them waits for the worker");
}

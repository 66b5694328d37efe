//! What comes back, page by page.

use penstock_kit::testing::Peer;
use serde_json::{Value, json};

use crate::support::{arguments, call, order, page, worker};

fn body(request: &penstock_kit::testing::Request) -> Value {
    serde_json::from_str(&request.body).expect("JSON")
}

#[test]
fn pages_are_told_as_they_come_and_joined() {
    let peer = Peer::answering([page(&[order(1), order(2)], Some(order(2))), page(&[order(3)], None)]);
    let frames = call(&worker(&peer), arguments());
    let progress: Vec<_> = frames[..2].iter().map(|frame| &frame["progress"]).collect();
    assert_eq!(progress[0], &json!({ "progress": 1, "message": "page 1: 2 more, 2 in all" }));
    assert_eq!(progress[1], &json!({ "progress": 2, "total": 2, "message": "page 2: 1 more, 3 in all" }));
    let result = &frames[2]["result"];
    let items = [1, 2, 3].map(|order| json!({ "customer": "c1", "order": order }));
    let output = json!({ "table_name": "orders", "count": 3, "items": items, "truncated": false });
    assert_eq!(result["structuredContent"], output);
    let text = result["content"][0]["text"].as_str().expect("a text");
    assert_eq!(
        text,
        "3 items of orders:\n{\"customer\":\"c1\",\"order\":1}\n{\"customer\":\"c1\",\"order\":2}\n\
         {\"customer\":\"c1\",\"order\":3}"
    );
    let starts: Vec<_> = peer.requests().iter().map(|request| body(request)["ExclusiveStartKey"].clone()).collect();
    assert_eq!(starts, [Value::Null, order(2)]);
}

#[test]
fn an_answer_that_is_full_says_where_to_go_on_and_goes_on_there() {
    let key = json!({ "customer": { "S": "c1" }, "order": { "N": "1.50" } });
    let peer = Peer::answering([page(&[order(1)], Some(key.clone())), page(&[], None)]);
    let worker = worker(&peer);
    let mut arguments = arguments();
    arguments["limit"] = json!(1);
    let frames = call(&worker, arguments.clone());
    let result = &frames[1]["result"];
    assert_eq!(result["structuredContent"]["truncated"], true);
    assert_eq!(result["structuredContent"]["next_key"], key);
    let text = result["content"][0]["text"].as_str().expect("a text");
    assert!(text.ends_with(r#"with start_key {"customer":{"S":"c1"},"order":{"N":"1.50"}}."#), "{text}");

    arguments["start_key"] = result["structuredContent"]["next_key"].clone();
    call(&worker, arguments);
    let requests = peer.requests();
    assert_eq!((body(&requests[0])["Limit"].clone(), body(&requests[1])["ExclusiveStartKey"].clone()), (json!(1), key));
}

#[test]
fn items_beyond_half_a_megabyte_wait_for_the_next_call() {
    let large = |number: usize| {
        let mut order = order(number);
        order["text"] = json!({ "S": "x".repeat(300_000) });
        order
    };
    let peer = Peer::start(move |_| page(&[large(1)], Some(order(1))));
    let mut arguments = arguments();
    arguments["limit"] = json!(1000);
    let frames = call(&worker(&peer), arguments);
    assert_eq!(frames[2]["result"]["structuredContent"]["count"], 2);
    assert_eq!(frames[2]["result"]["structuredContent"]["truncated"], true);
}

#[test]
fn pages_without_end_are_given_up() {
    let peer = Peer::start(|_| page(&[], Some(order(1))));
    let frames = call(&worker(&peer), arguments());
    assert_eq!(peer.requests().len(), 100);
    assert_eq!(frames[100]["result"]["structuredContent"]["truncated"], true);
}

#[test]
fn nothing_found_is_said_with_what_to_look_at() {
    let peer = Peer::answering([page(&[], None)]);
    let frames = call(&worker(&peer), arguments());
    let text = frames[1]["result"]["content"][0]["text"].as_str().expect("a text");
    assert_eq!(text, "No item of orders matches. Strings must match in upper and lower case, too.");
}

//! GET: what changes in what a session wants to hear about (rules L-4 and L-11).

use futures_util::FutureExt as _;
use http_body_util::BodyExt as _;
use penstock_gateway::{Gateway, Services};
use serde_json::{Value, json};

use crate::answering;
use crate::checked::Body;
use crate::client::{Client, Shared};
use crate::support::{Draft, entry, messages, next, request, rest};

fn resource(name: &str) -> Value {
    json!({
        "kind": "resource",
        "definition": { "uri": format!("test://{name}"), "name": name },
        "timeoutSeconds": 60,
        "function": format!("{name}:1"),
    })
}

/// An instance with a tool and two resources. The tool says that what its argument `changes` lists has changed.
fn instance(shared: &Shared, subscriptions: bool) -> Gateway {
    let worker = |event: &Value| {
        let changes = event["params"]["arguments"]["changes"].as_array().cloned().unwrap_or_default();
        let frames = changes.iter().map(|changed| format!("{}\n", json!({ "changed": changed })));
        frames.chain(["{\"result\":{\"content\":[]}}\n".to_owned()]).collect()
    };
    let entries = [entry("tool"), resource("one"), resource("two")];
    answering::gateway(&entries, worker, |services| Services { subscriptions, ..shared.by(services) }).0
}

async fn change(gateway: &Gateway, changes: &Value) {
    let call = request("tools/call", json!({ "name": "tool", "arguments": { "changes": changes } }));
    assert_eq!(call.send(gateway).await.status(), 200);
}

async fn subscribe(client: &Client, gateway: &Gateway, uri: &str) -> Value {
    client.request(&json!(1), "resources/subscribe", &json!({ "uri": uri })).json(gateway).await.1
}

fn get(client: &Client) -> Draft {
    Draft::new("GET", "/mcp").header("mcp-session-id", &client.session).header("accept", "text/event-stream")
}

async fn stream(client: &Client, gateway: &Gateway) -> Body {
    let response = get(client).send(gateway).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    response.into_body()
}

/// The next message, past comments.
async fn message(body: &mut Body) -> Value {
    loop {
        let chunk = next(body).await.expect("the stream goes on");
        if let Some(message) = messages(&chunk).pop() {
            return message;
        }
    }
}

/// L-4, L-11: lists, and the resources the session subscribes to: before the stream was opened, and after.
#[tokio::test(start_paused = true)]
async fn a_session_hears_of_what_it_subscribes_to_at_any_instance() {
    let shared = Shared::new();
    let (one, other) = (instance(&shared, true), instance(&shared, true));
    let client = Client::latest(&one, &json!({})).await;
    assert_eq!(subscribe(&client, &one, "test://one").await["result"], json!({}));
    let mut body = stream(&client, &other).await;
    change(&one, &json!([{ "resource": "test://two" }, { "resource": "test://one" }])).await;
    let updated = json!({
        "jsonrpc": "2.0", "method": "notifications/resources/updated", "params": { "uri": "test://one" },
    });
    assert_eq!(message(&mut body).await, updated, "and nothing of the other resource");
    change(&one, &json!([{ "list": "tools" }])).await;
    assert_eq!(message(&mut body).await["method"], "notifications/tools/list_changed");
    assert_eq!(subscribe(&client, &one, "test://two").await["result"], json!({}));
    change(&other, &json!([{ "resource": "test://two" }])).await;
    assert_eq!(message(&mut body).await["params"]["uri"], "test://two", "though the stream knew nothing of it yet");
    let unsubscribe = client.request(&json!(2), "resources/unsubscribe", &json!({ "uri": "test://two" }));
    assert_eq!(unsubscribe.json(&one).await.1["result"], json!({}));
    assert!(next(&mut body).await.is_some_and(|comment| comment == ":\n\n"), "quiet for a while");
    change(&one, &json!([{ "resource": "test://two" }, { "resource": "test://one" }])).await;
    assert_eq!(message(&mut body).await["params"]["uri"], "test://one");
}

/// L-6: the stream of a session that has ended ends, without a response.
#[tokio::test(start_paused = true)]
async fn the_stream_ends_with_its_session() {
    let shared = Shared::new();
    let (one, other) = (instance(&shared, true), instance(&shared, true));
    let client = Client::latest(&one, &json!({})).await;
    let body = stream(&client, &one).await;
    assert_eq!(client.ends(&other).await.status(), 204);
    assert_eq!(rest(body.without_response()).await, "");
    assert_eq!(get(&client).send(&one).await.status(), 404);
}

#[tokio::test]
async fn the_stream_is_for_sessions_that_take_events() {
    let shared = Shared::new();
    let gateway = instance(&shared, true);
    let client = Client::latest(&gateway, &json!({})).await;
    let status = async |draft: Draft| draft.send(&gateway).await.status().as_u16();
    assert_eq!(status(get(&client).header("accept", "application/json")).await, 406);
    assert_eq!(status(get(&client).header("mcp-session-id", "none")).await, 404);
    assert_eq!(status(get(&client).header("mcp-protocol-version", "2025-06-18")).await, 400);
    assert_eq!(status(get(&client).without("mcp-session-id")).await, 405);
    assert_eq!(status(get(&client).header("mcp-protocol-version", "2026-07-28")).await, 405, "H-4");
    let off = instance(&shared, false);
    let response = get(&client).send(&off).await;
    assert_eq!(
        (response.status().as_u16(), &response.headers()["allow"]),
        (405, &"POST, DELETE, OPTIONS".parse().expect("ASCII"))
    );
}

/// L-11, D-3: what is advertised works, and what is not is not there.
#[tokio::test]
async fn subscriptions_are_there_exactly_if_they_are_advertised() {
    let shared = Shared::new();
    for (on, capability) in [(true, json!({ "listChanged": true, "subscribe": true })), (false, json!({}))] {
        let gateway = instance(&shared, on);
        let (_, opened) = crate::client::initialize("2025-11-25", &json!({})).json(&gateway).await;
        assert_eq!(opened["result"]["capabilities"]["resources"], capability);
        let client = Client::latest(&gateway, &json!({})).await;
        let answer = subscribe(&client, &gateway, "test://one").await;
        assert_eq!(answer["error"]["code"] == -32601, !on, "{answer}");
    }
}

#[tokio::test]
async fn only_resources_that_are_served_can_be_subscribed_to_and_not_without_end() {
    let shared = Shared::new();
    let entries: Vec<Value> = (0..=256).map(|at| resource(&at.to_string())).collect();
    let change = |services| Services { subscriptions: true, ..shared.by(services) };
    let (gateway, _) = answering::gateway(&entries, |_| String::new(), change);
    let client = Client::latest(&gateway, &json!({})).await;
    let unknown = subscribe(&client, &gateway, "test://none").await;
    assert_eq!(unknown["error"]["code"], -32002, "L-10: as this revision has it");
    for at in 0..256 {
        assert_eq!(subscribe(&client, &gateway, &format!("test://{at}")).await["result"], json!({}), "{at}");
    }
    assert_eq!(subscribe(&client, &gateway, "test://256").await["error"]["code"], -32602);
    assert_eq!(subscribe(&client, &gateway, "test://0").await["result"], json!({}), "it has it already");
    let without = client.request(&json!(1), "resources/subscribe", &json!({ "uri": "test://0" }));
    assert_eq!(without.without("mcp-session-id").refusal(&gateway).await, (400, -32600));
    let missing = client.request(&json!(1), "resources/unsubscribe", &json!({}));
    assert_eq!(missing.refusal(&gateway).await, (200, -32602));
}

/// A client that leaves its stream can open another, and misses nothing in its resources.
#[tokio::test(start_paused = true)]
async fn a_change_between_two_streams_is_told_on_the_second() {
    let shared = Shared::new();
    let gateway = instance(&shared, true);
    let client = Client::latest(&gateway, &json!({})).await;
    subscribe(&client, &gateway, "test://one").await;
    let mut first = stream(&client, &gateway).await;
    assert!(first.frame().now_or_never().is_none());
    drop(first);
    change(&gateway, &json!([{ "resource": "test://one" }])).await;
    let mut second = stream(&client, &gateway).await;
    assert_eq!(message(&mut second).await["params"]["uri"], "test://one");
}

//! `logging/setLevel` and `resources/subscribe`: what a session wants to hear (rule L-11).

use penstock_gateway::Gateway;
use serde_json::{Value, json};

use crate::answering::gateway;
use crate::client::{Client, Shared};
use crate::support::{entry, messages, rest};

const SAYS: &str = "{\"log\":{\"level\":\"debug\",\"data\":1}}\n{\"log\":{\"level\":\"error\",\"data\":2}}\n{\"result\":{\"content\":[]}}\n";

fn instance(shared: &Shared) -> Gateway {
    gateway(&[entry("tool")], |_| SAYS.to_owned(), |services| shared.by(services)).0
}

/// What a call's stream says before its response.
async fn heard(client: &Client, gateway: &Gateway, params: &Value) -> Vec<Value> {
    let call = client.request(&json!(9), "tools/call", params).header("accept", "text/event-stream");
    let mut messages = messages(&rest(call.send(gateway).await.into_body()).await);
    assert_eq!(messages.pop().expect("a response")["id"], 9);
    messages
}

/// L-11: the level is the session's, at every instance; without one nothing is sent.
#[tokio::test]
async fn a_level_set_at_one_instance_holds_at_all() {
    let shared = Shared::new();
    let (one, other) = (instance(&shared), instance(&shared));
    let client = Client::latest(&one, &json!({})).await;
    let call = json!({ "name": "tool" });
    assert_eq!(heard(&client, &other, &call).await, Vec::<Value>::new());
    for (level, count) in [("warning", 1), ("debug", 2), ("emergency", 0)] {
        let set = client.request(&json!(1), "logging/setLevel", &json!({ "level": level }));
        assert_eq!(set.json(&one).await.1, json!({ "jsonrpc": "2.0", "id": 1, "result": {} }));
        let heard = heard(&client, &other, &call).await;
        assert_eq!(heard.len(), count, "{level}: {heard:?}");
        assert!(heard.iter().all(|message| message["method"] == "notifications/message"));
    }
    let bystander = Client::latest(&one, &json!({})).await;
    assert_eq!(heard(&bystander, &one, &call).await, Vec::<Value>::new());
}

/// M-5: the level in `_meta` is of 2026-07-28.
#[tokio::test]
async fn a_level_in_the_request_means_nothing_after_a_handshake() {
    let gateway = instance(&Shared::new());
    let client = Client::latest(&gateway, &json!({})).await;
    let meta = json!({ "io.modelcontextprotocol/logLevel": "debug" });
    assert_eq!(heard(&client, &gateway, &json!({ "name": "tool", "_meta": meta })).await, Vec::<Value>::new());
}

#[tokio::test]
async fn levels_that_do_not_exist_and_requests_without_a_session_are_refused() {
    let gateway = instance(&Shared::new());
    let client = Client::latest(&gateway, &json!({})).await;
    for params in [json!({ "level": "loud" }), json!({ "level": 3 }), json!({})] {
        let set = client.request(&json!(1), "logging/setLevel", &params);
        assert_eq!(set.refusal(&gateway).await, (200, -32602), "{params}");
    }
    let set = client.request(&json!(1), "logging/setLevel", &json!({ "level": "info" }));
    assert_eq!(set.without("mcp-session-id").refusal(&gateway).await, (400, -32600));
}

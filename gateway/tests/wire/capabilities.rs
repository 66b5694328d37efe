//! What the gateway says it can do, by what is in its catalog.

use crate::support::{entry, entry_of, gateway, handshake, post, request};
use serde_json::{Value, json};

const OF_PROMPTS: [&str; 2] = ["prompts/list", "prompts/get"];
const OF_RESOURCES: [&str; 3] = ["resources/list", "resources/templates/list", "resources/read"];

fn prompt() -> Value {
    entry_of("prompt", &json!({ "name": "p" }))
}

fn template() -> Value {
    entry_of("resourceTemplate", &json!({ "name": "t", "uriTemplate": "x:{a}" }))
}

fn completing(mut entry: Value) -> Value {
    entry["completes"] = json!(true);
    entry
}

/// D-3: there exactly if there is something behind it.
#[tokio::test]
async fn a_capability_is_there_if_an_entry_needs_it() {
    let resource = entry_of("resource", &json!({ "name": "r", "uri": "x:r" }));
    for (entries, expected) in [
        (vec![], json!({ "tools": {} })),
        (vec![entry("tool")], json!({ "tools": {} })),
        (vec![prompt()], json!({ "tools": {}, "prompts": {} })),
        (vec![resource], json!({ "tools": {}, "resources": {} })),
        (vec![template()], json!({ "tools": {}, "resources": {} })),
        (vec![completing(template())], json!({ "tools": {}, "resources": {}, "completions": {} })),
        (
            vec![completing(prompt()), template()],
            json!({ "tools": {}, "prompts": {}, "resources": {}, "completions": {} }),
        ),
    ] {
        let (gateway, _worker) = gateway(&entries);
        let params = json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": { "name": "c", "version": "1" } });
        let body = json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params });
        let (_, body) = post(&body.to_string()).json(&gateway).await;
        let mut expected = expected;
        expected["logging"] = json!({});
        assert_eq!(body["result"]["capabilities"], expected);
        let (_, body) = request("server/discover", json!({})).json(&gateway).await;
        assert_eq!(body["result"]["capabilities"], expected);
    }
}

/// D-3: methods of an absent capability do not exist, whatever their parameters.
#[tokio::test]
async fn methods_of_an_absent_capability_do_not_exist() {
    for (entries, absent) in [
        (vec![entry("tool")], [&OF_PROMPTS[..], &OF_RESOURCES, &["completion/complete"]].concat()),
        (vec![template()], [&OF_PROMPTS[..], &["completion/complete"]].concat()),
        (vec![completing(prompt())], OF_RESOURCES.to_vec()),
    ] {
        let (gateway, _worker) = gateway(&entries);
        for method in absent {
            assert_eq!(request(method, json!({})).refusal(&gateway).await, (404, -32601), "{method}");
            assert_eq!(handshake("2025-06-18", method, &json!({})).refusal(&gateway).await, (200, -32601), "{method}");
        }
    }
}

/// D-3: a list may be empty where its capability is there.
#[tokio::test]
async fn lists_of_a_capability_that_is_there_exist_even_if_empty() {
    let (gateway, _worker) = gateway(&[template()]);
    for (method, member) in [("resources/list", "resources"), ("tools/list", "tools")] {
        let (status, body) = request(method, json!({})).json(&gateway).await;
        assert_eq!((status.as_u16(), &body["result"][member]), (200, &json!([])), "{method}");
    }
}

//! Who may name a task, and how.

use std::sync::Arc;

use penstock_gateway::{Gateway, Services};
use serde_json::{Value, json};

use super::{about, create, entry, get, instances, with_tickets};
use crate::support::{self, request};
use crate::unreachable::Unreachable;

const UNKNOWN: &str = "aaaaaaaaaaaaaaaaaaaaaaaa";

fn params(method: &str) -> Value {
    if method == "tasks/update" { json!({ "inputResponses": {} }) } else { json!({}) }
}

const METHODS: [&str; 3] = ["tasks/get", "tasks/update", "tasks/cancel"];

/// K-4: one answer for ids that are none, that are nobody's, and that would be another key.
#[tokio::test]
async fn an_unknown_task_is_a_wrong_parameter() {
    let gateways = instances(&entry("optional"));
    for method in METHODS {
        for id in [UNKNOWN, "", "x", "aaaaaaaaaaaaaaaaaaaaaaa/", &"a".repeat(5000)] {
            assert_eq!(about(method, id, params(method)).refusal(&gateways.one).await, (200, -32602), "{method} {id}");
        }
        let typed = request(method, json!({ "taskId": 7, "_meta": super::meta(&json!({})) }));
        assert_eq!(typed.refusal(&gateways.one).await, (200, -32602));
    }
}

/// K-7: somebody else's task is answered like one that does not exist.
#[tokio::test]
async fn a_task_is_its_creators_only() {
    let (gateways, _tickets) = with_tickets(&entry("optional"));
    let id = create(&gateways.one).await;
    gateways.edit(&id, |record| record["principal"] = json!("[\"somebody\",\"else\"]")).await;
    for method in METHODS {
        let (_, foreign) = about(method, &id, params(method)).json(&gateways.one).await;
        let (_, unknown) = about(method, UNKNOWN, params(method)).json(&gateways.one).await;
        assert_eq!(foreign, unknown, "{method}");
        assert_eq!(foreign["error"]["code"], -32602);
    }
}

/// K-5: the methods are for clients that declare the extension on this very request.
#[tokio::test]
async fn a_client_that_does_not_declare_the_extension_is_told_so() {
    let (gateways, _tickets) = with_tickets(&entry("optional"));
    let id = create(&gateways.one).await;
    for method in METHODS {
        let mut params = params(method);
        params["taskId"] = json!(id);
        params["_meta"] = support::meta();
        let (status, body) = request(method, params).header("mcp-name", &id).json(&gateways.one).await;
        assert_eq!((status.as_u16(), &body["error"]["code"]), (400, &json!(-32021)), "{method}");
        let required = json!({ "extensions": { "io.modelcontextprotocol/tasks": {} } });
        assert_eq!(body["error"]["data"]["requiredCapabilities"], required);
    }
}

/// K-5: what the older feature had is gone.
#[tokio::test]
async fn results_and_lists_of_tasks_are_no_methods() {
    let gateways = instances(&entry("optional"));
    for method in ["tasks/result", "tasks/list"] {
        assert_eq!(about(method, UNKNOWN, json!({})).refusal(&gateways.one).await, (404, -32601));
    }
}

/// H-13: `Mcp-Name` is the task's id.
#[tokio::test]
async fn the_routing_header_names_the_task() {
    let (gateways, _tickets) = with_tickets(&entry("optional"));
    let id = create(&gateways.one).await;
    for method in METHODS {
        let draft = about(method, &id, params(method));
        assert_eq!(draft.clone().header("mcp-name", UNKNOWN).refusal(&gateways.one).await, (400, -32020));
        assert_eq!(draft.without("mcp-name").refusal(&gateways.one).await, (400, -32020));
    }
    assert_eq!(get(&gateways.one, &id).await["status"], "working");
}

/// The store is for tasks alone: whatever becomes of it, calls are answered.
#[tokio::test]
async fn only_tasks_need_the_store() {
    let (invoker, worker) = support::scripted_invoker();
    let services = Services::alone(super::catalog(&entry("optional")), invoker);
    let gateway = Gateway::new(Services { store: Arc::new(Unreachable), ..services });
    let (_, refused) = super::call().json(&gateway).await;
    assert_eq!(refused["error"]["code"], -32603);
    assert!(!refused.to_string().contains("secret"));
    assert_eq!(about("tasks/get", UNKNOWN, json!({})).refusal(&gateway).await, (200, -32603));

    let plain = request("tools/call", json!({ "name": "tool", "arguments": {} }));
    let ((_, answer), ()) = tokio::join!(plain.json(&gateway), async {
        worker.says("{\"result\":{\"content\":[]}}\n").await;
        drop(worker.chunks);
    });
    assert_eq!(answer["result"]["resultType"], "complete");
}

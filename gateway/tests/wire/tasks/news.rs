//! News of tasks on a `subscriptions/listen` stream.

use std::time::Duration;

use serde_json::{Value, json};

use super::{about, call, cancel, create, entry, get, instances, meta, result, text};
use crate::support::{self, Draft, messages, next, request};

fn listen(ids: &Value, meta: &Value) -> Draft {
    request("subscriptions/listen", json!({ "notifications": { "taskIds": ids }, "_meta": meta }))
}

/// U-1: the acknowledgement names the tasks that are the caller's; what follows is what `tasks/get` says.
#[tokio::test(start_paused = true)]
async fn a_subscriber_hears_of_its_tasks_until_they_end() {
    let mut gateways = instances(&entry("optional"));
    let (id, foreign) = (create(&gateways.one).await, create(&gateways.one).await);
    let called = gateways.called().await;
    gateways.edit(&foreign, |record| record["principal"] = json!("somebody else")).await;
    let wanted = json!([id, foreign, "aaaaaaaaaaaaaaaaaaaaaaaa", "none", id]);
    let mut body = listen(&wanted, &meta(&json!({}))).send(&gateways.other).await.into_body();
    let first = messages(&next(&mut body).await.expect("an acknowledgement"));
    assert_eq!(first[0]["method"], "notifications/subscriptions/acknowledged");
    assert_eq!(first[0]["params"]["notifications"], json!({ "taskIds": [id] }));

    called.ends(&json!({ "result": text("done") })).await;
    let told = loop {
        let mut told = messages(&next(&mut body).await.expect("the stream goes on"));
        if let Some(told) = told.pop()
            && told["params"]["status"] != "working"
        {
            break told;
        }
    };
    assert_eq!(told["method"], "notifications/tasks");
    let mut task = get(&gateways.one, &id).await;
    task.as_object_mut().expect("an object").remove("resultType");
    task["_meta"] = json!({ "io.modelcontextprotocol/subscriptionId": 1 });
    assert_eq!(told["params"], task);
}

/// U-2: of other tasks, nothing is heard.
#[tokio::test(start_paused = true)]
async fn a_subscriber_hears_of_no_other_task() {
    let gateways = instances(&entry("optional"));
    let (id, other) = (create(&gateways.one).await, create(&gateways.one).await);
    let mut body = listen(&json!([id]), &meta(&json!({}))).send(&gateways.other).await.into_body();
    next(&mut body).await.expect("an acknowledgement");
    cancel(&gateways.one, &other).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    cancel(&gateways.one, &id).await;
    let told = messages(&next(&mut body).await.expect("the stream goes on"));
    assert_eq!(told[0]["params"]["taskId"], json!(id));
}

/// K-5: without the extension, tasks cannot be named; without any named, nothing is missing.
#[tokio::test]
async fn a_subscriber_must_declare_the_extension() {
    let gateways = instances(&entry("optional"));
    let created = result(&gateways.one, call()).await;
    let refused = listen(&json!([created["taskId"]]), &support::meta());
    assert_eq!(refused.refusal(&gateways.one).await, (400, -32021));
    let none = listen(&json!([]), &support::meta()).send(&gateways.one).await;
    assert_eq!(none.status(), 200);
    let id = created["taskId"].as_str().expect("an id");
    assert_eq!(about("tasks/get", id, json!({})).send(&gateways.one).await.status(), 200);
}

//! The worker process, and what DynamoDB would answer it.

use std::process::Command;

use penstock_kit::testing::{Answer, Peer, Worker, event};
use serde_json::{Value, json};

/// A worker deployed as the tool, with credentials, that may query `orders` and `customers`.
pub(crate) fn worker(peer: &Peer) -> Worker {
    let credentials = [("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"), ("AWS_SECRET_ACCESS_KEY", "secret")];
    start(peer, &[&credentials[..], &[("PENSTOCK_TABLES", "orders, customers")]].concat())
}

/// A worker that knows nothing but where DynamoDB is, and which tries everything once.
pub(crate) fn start(peer: &Peer, environment: &[(&str, &str)]) -> Worker {
    let mut command = Command::new(env!("CARGO_BIN_EXE_penstock-dynamodb"));
    command
        .env_clear()
        .env("PENSTOCK_TOOL", "query_table")
        .env("AWS_REGION", "eu-west-1")
        .env("AWS_ENDPOINT_URL_DYNAMODB", peer.url())
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_MAX_ATTEMPTS", "1")
        .envs(environment.iter().copied());
    Worker::start(command)
}

/// All orders of one customer.
pub(crate) fn arguments() -> Value {
    json!({ "table_name": "orders", "key_condition": { "partition_key": { "name": "customer", "value": "c1" } } })
}

/// Calls the tool; answers all frames.
pub(crate) fn call(worker: &Worker, arguments: Value) -> Vec<Value> {
    worker.invoke(&event("query_table", arguments)).frames().expect("the worker contract")
}

/// Calls the tool, which must fail; answers what the model reads.
pub(crate) fn refusal(worker: &Worker, arguments: Value) -> String {
    let frames = call(worker, arguments);
    let [frame] = frames.as_slice() else { panic!("more than a result: {frames:?}") };
    assert_eq!(frame["result"]["isError"], true, "{frame}");
    frame["result"]["content"][0]["text"].as_str().expect("a text").to_owned()
}

/// A page with these items, and where the next one begins.
pub(crate) fn page(items: &[Value], last: Option<Value>) -> Answer {
    let mut page = json!({ "Items": items, "Count": items.len(), "ScannedCount": items.len() });
    if let Some(last) = last {
        page["LastEvaluatedKey"] = last;
    }
    Answer::json(200, &page)
}

/// An order of `c1`.
pub(crate) fn order(number: usize) -> Value {
    json!({ "customer": { "S": "c1" }, "order": { "N": number.to_string() } })
}

/// An error of the API.
pub(crate) fn error(code: &str, message: &str) -> Answer {
    let code = format!("com.amazonaws.dynamodb.v20120810#{code}");
    Answer::json(400, &json!({ "__type": code, "message": message }))
}

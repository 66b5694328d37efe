//! The store's endpoint over HTTP: what it takes, and what it refuses by name. What the store itself makes of it is
//! tested in e2e.

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use penstock::store_api::{self, StoreApi};
use serde_json::{Value, json};

const ABSENT: &str = "attribute_not_exists(pk) OR expires <= :now";

async fn start() -> StoreApi {
    store_api::start().await.expect("a loopback port can be bound")
}

/// Posts `body` to an operation; answers the status and the JSON body.
async fn post(api: &StoreApi, operation: &str, body: &Value) -> (u16, Value) {
    let request = Request::post(api.url())
        .header("content-type", "application/x-amz-json-1.0")
        .header("x-amz-target", format!("DynamoDB_20120810.{operation}"))
        .body(Full::new(Bytes::from(body.to_string())))
        .expect("a valid request");
    let client = Client::builder(TokioExecutor::new()).build_http();
    let response = client.request(request).await.expect("the endpoint answers");
    assert_eq!(response.headers()["content-type"], "application/x-amz-json-1.0");
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.expect("a whole body").to_bytes();
    (status, serde_json::from_slice(&body).expect("the body is JSON"))
}

/// The name of the error a request is refused with, and its message.
async fn refused(api: &StoreApi, operation: &str, body: &Value) -> (String, String) {
    let (status, answer) = post(api, operation, body).await;
    assert_eq!(status, 400, "{answer}");
    let kind = answer["__type"].as_str().and_then(|kind| kind.split_once('#')).expect("a namespace and a name");
    (kind.1.to_owned(), answer["message"].as_str().expect("a message").to_owned())
}

fn put(key: &str, version: u64, expires: u64) -> Value {
    let item = json!({
        "pk": { "S": key },
        "v": { "B": "dmFsdWU=" },
        "version": { "N": version.to_string() },
        "expires": { "N": expires.to_string() },
    });
    json!({ "TableName": "penstock", "Item": item })
}

fn get(key: &str) -> Value {
    json!({ "TableName": "penstock", "Key": { "pk": { "S": key } }, "ConsistentRead": true })
}

fn with(mut body: Value, member: &str, value: Value) -> Value {
    body[member] = value;
    body
}

#[tokio::test]
async fn an_item_is_answered_as_it_was_put_expired_or_not() {
    let api = start().await;
    assert_eq!(post(&api, "GetItem", &get("a")).await, (200, json!({})));
    let request = put("a", u64::MAX, 1);
    assert_eq!(post(&api, "PutItem", &request).await, (200, json!({})));
    assert_eq!(post(&api, "GetItem", &get("a")).await, (200, json!({ "Item": request["Item"] })));
}

#[tokio::test]
async fn a_condition_that_fails_shows_the_item_if_asked_to() {
    let api = start().await;
    let first = put("a", 1, 100);
    post(&api, "PutItem", &first).await;
    let second = with(put("a", 2, 100), "ConditionExpression", json!(ABSENT));
    let second = with(second, "ExpressionAttributeValues", json!({ ":now": { "N": "99" } }));
    assert_eq!(refused(&api, "PutItem", &second).await.0, "ConditionalCheckFailedException");
    assert_eq!(post(&api, "PutItem", &second).await.1.get("Item"), None);
    let second = with(second, "ReturnValuesOnConditionCheckFailure", json!("ALL_OLD"));
    assert_eq!(post(&api, "PutItem", &second).await.1["Item"], first["Item"]);
    let in_time = with(second, "ExpressionAttributeValues", json!({ ":now": { "N": "100" } }));
    assert_eq!(post(&api, "PutItem", &in_time).await, (200, json!({})));
}

#[tokio::test]
async fn other_operations_are_denied_and_other_tables_do_not_exist() {
    let api = start().await;
    for operation in ["DeleteItem", "Query", "CreateTable", ""] {
        let (kind, message) = refused(&api, operation, &get("a")).await;
        assert_eq!(kind, "AccessDeniedException");
        assert!(message.contains(operation) && message.contains("dev --aws"), "{message}");
    }
    for (operation, body) in [("GetItem", get("a")), ("PutItem", put("a", 1, 1))] {
        let (kind, message) = refused(&api, operation, &with(body, "TableName", json!("other"))).await;
        assert_eq!(kind, "ResourceNotFoundException");
        assert!(message.contains("other"), "{message}");
    }
}

#[tokio::test]
async fn what_is_not_imitated_is_refused_and_never_ignored() {
    let api = start().await;
    let item =
        |member: &str, value: Value| with(put("a", 1, 1), "Item", with(put("a", 1, 1)["Item"].clone(), member, value));
    let condition = |expression: &str, values: Value| {
        let body = with(put("a", 1, 1), "ConditionExpression", json!(expression));
        with(body, "ExpressionAttributeValues", values)
    };
    let now = || json!({ ":now": { "N": "1" } });
    for (operation, body, expected) in [
        ("GetItem", with(get("a"), "ProjectionExpression", json!("v")), "SerializationException"),
        ("PutItem", with(put("a", 1, 1), "ReturnValues", json!("ALL_OLD")), "SerializationException"),
        ("PutItem", item("more", json!({ "S": "x" })), "SerializationException"),
        ("PutItem", item("version", json!({ "N": "1.5" })), "SerializationException"),
        ("PutItem", item("pk", json!({ "S": "" })), "ValidationException"),
        ("PutItem", item("v", json!({ "B": "A".repeat(600_000) })), "ValidationException"),
        ("PutItem", condition("attribute_exists(pk)", now()), "ValidationException"),
        ("PutItem", condition(ABSENT, json!({})), "SerializationException"),
        ("PutItem", with(put("a", 1, 1), "ExpressionAttributeValues", now()), "ValidationException"),
        ("PutItem", item("v", json!({ "B": "A".repeat(2_000_000) })), "SerializationException"),
    ] {
        assert_eq!(refused(&api, operation, &body).await.0, expected, "{operation} {:.200}", body.to_string());
    }
    assert_eq!(post(&api, "GetItem", &get("a")).await, (200, json!({})), "nothing was written");
}

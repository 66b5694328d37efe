//! What DynamoDB is asked.

use penstock_kit::testing::Peer;
use serde_json::{Value, json};

use crate::support::{arguments, call, page, worker};

/// What was asked when the tool was called with `sort_key`.
fn asked(sort_key: &Value) -> Value {
    let peer = Peer::answering([page(&[], None)]);
    let mut arguments = arguments();
    arguments["key_condition"]["sort_key"] = sort_key.clone();
    call(&worker(&peer), arguments);
    serde_json::from_str(&peer.requests()[0].body).expect("JSON")
}

#[test]
fn arguments_reach_the_api_in_its_own_terms() {
    let peer = Peer::answering([page(&[], None)]);
    let arguments = json!({
        "table_name": "customers",
        "index_name": "by-country",
        "key_condition": {
            "partition_key": { "name": "country", "value": "AT" },
            "sort_key": { "name": "since", "operator": "between", "values": [2020, { "N": "2026.5" }] },
        },
        "descending": true,
        "limit": 7,
        "start_key": { "id": { "B": "AQI=" }, "country": "AT", "since": 2021 },
    });
    call(&worker(&peer), arguments);
    let request = peer.requests().remove(0);
    assert_eq!(request.headers["x-amz-target"], "DynamoDB_20120810.Query");
    let expected = json!({
        "TableName": "customers",
        "IndexName": "by-country",
        "KeyConditionExpression": "#p = :p AND #s BETWEEN :s AND :t",
        "ExpressionAttributeNames": { "#p": "country", "#s": "since" },
        "ExpressionAttributeValues": { ":p": { "S": "AT" }, ":s": { "N": "2020" }, ":t": { "N": "2026.5" } },
        "ScanIndexForward": false,
        "Limit": 7,
        "ExclusiveStartKey": { "id": { "B": "AQI=" }, "country": { "S": "AT" }, "since": { "N": "2021" } },
    });
    assert_eq!(serde_json::from_str::<Value>(&request.body).expect("JSON"), expected);
}

#[test]
fn every_operator_has_its_expression() {
    for (operator, expression) in [
        ("=", "#p = :p AND #s = :s"),
        ("<", "#p = :p AND #s < :s"),
        ("<=", "#p = :p AND #s <= :s"),
        (">", "#p = :p AND #s > :s"),
        (">=", "#p = :p AND #s >= :s"),
        ("begins_with", "#p = :p AND begins_with(#s, :s)"),
    ] {
        let request = asked(&json!({ "name": "order", "operator": operator, "value": "2026" }));
        assert_eq!(request["KeyConditionExpression"], expression);
        assert_eq!(request["ExpressionAttributeValues"][":s"], json!({ "S": "2026" }));
    }
}

/// The worker reads the client's bytes: a number that no Rust or JavaScript number can hold arrives as it was sent.
#[test]
fn a_number_is_asked_for_with_all_its_digits() {
    let peer = Peer::answering([page(&[], None)]);
    let digits = "12345678901234567890123456789012345678.5";
    let event = penstock_kit::testing::event("query_table", arguments()).to_string();
    let event = event.replace(r#""value":"c1""#, &format!(r#""value":{digits}"#));
    worker(&peer).invoke(&event).frames().expect("the worker contract");
    let body = peer.requests().remove(0).body;
    assert!(body.contains(&format!(r#"":p":{{"N":"{digits}"}}"#)), "{body}");
}

#[test]
fn values_and_names_cannot_become_a_part_of_the_expression() {
    let hostile = "x OR attribute_exists(#p)";
    let request = asked(&json!({ "name": hostile, "operator": "=", "value": hostile }));
    assert_eq!(request["KeyConditionExpression"], "#p = :p AND #s = :s");
    assert_eq!(request["ExpressionAttributeNames"]["#s"], hostile);
}

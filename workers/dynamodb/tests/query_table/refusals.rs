//! Failures, in words the model can act on.

use penstock_kit::testing::{Answer, Peer};
use serde_json::{Value, json};

use crate::support::{arguments, error, page, refusal, start, worker};

#[test]
fn only_the_tables_an_operator_names_are_queried() {
    let peer = Peer::answering([page(&[], None)]);
    let mut secret = arguments();
    secret["table_name"] = json!("salaries");
    let text = refusal(&worker(&peer), secret.clone());
    assert_eq!(text, "`table_name` is \"salaries\", which this tool may not query. It may query: orders, customers.");
    let text = refusal(&start(&peer, &[]), secret);
    assert!(text.contains("may query no table") && text.contains("PENSTOCK_TABLES"), "{text}");
    assert!(peer.requests().is_empty());
}

#[test]
fn errors_of_the_api_are_explained_without_the_internals_they_mention() {
    let role = "User: arn:aws:sts::111122223333:assumed-role/secret-role/x is not authorized";
    let cases = [
        ("ProvisionedThroughputExceededException", "Wait a minute"),
        ("ThrottlingException", "Wait a minute"),
        ("RequestLimitExceeded", "Wait a minute"),
        ("AccessDeniedException", "dynamodb:Query"),
        ("ExpiredTokenException", "have expired"),
        ("UnrecognizedClientException", "does not accept the credentials"),
        ("ResourceNotFoundException", "There is no table orders in the AWS account and region"),
        ("InternalServerError", "failed with InternalServerError. Try again"),
    ];
    let peer = Peer::answering(cases.iter().map(|(code, _)| error(code, role)));
    let worker = worker(&peer);
    for (code, said) in cases {
        let text = refusal(&worker, arguments());
        assert!(text.contains(said), "{code}: {text}");
        assert!(!text.contains("secret-role"), "{code}: {text}");
    }
}

#[test]
fn a_refused_request_is_passed_on_with_its_reason() {
    let reason = "Query condition missed key schema element: id";
    let peer = Peer::answering([error("ValidationException", reason)]);
    assert_eq!(refusal(&worker(&peer), arguments()), format!("DynamoDB refuses the request: {reason}"));
}

#[test]
fn missing_credentials_and_nonsense_are_told_apart() {
    let peer = Peer::answering([Answer::text(200, "nonsense")]);
    let text = refusal(&start(&peer, &[("PENSTOCK_TABLES", "orders")]), arguments());
    assert!(text.starts_with("There are no AWS credentials"), "{text}");
    let text = refusal(&worker(&peer), arguments());
    assert!(text.contains("could not be understood"), "{text}");
}

#[test]
fn bad_arguments_are_refused_before_anything_is_asked() {
    let peer = Peer::answering([page(&[], None)]);
    let worker = worker(&peer);
    let with = |path: &str, value: Value| {
        let mut arguments = arguments();
        *arguments.pointer_mut(path).expect("a member") = value;
        arguments
    };
    let sort_key = |sort_key: Value| {
        let mut arguments = arguments();
        arguments["key_condition"]["sort_key"] = sort_key;
        arguments
    };
    let mut no_limit = arguments();
    no_limit["limit"] = json!(0);
    for (arguments, said) in [
        (json!({ "table_name": "orders" }), "missing field `key_condition`"),
        (with("/key_condition", json!("customer = c1")), "`key_condition`"),
        (with("/key_condition/partition_key/value", json!(true)), "send a string, a number or"),
        (sort_key(json!({ "name": "order", "operator": "like", "value": 1 })), "unknown variant `like`"),
        (sort_key(json!({ "name": "order", "operator": "between", "value": 1 })), "the least and the greatest"),
        (sort_key(json!({ "name": "order", "operator": "between", "values": [1] })), "the least and the greatest"),
        (sort_key(json!({ "name": "order", "operator": "=", "values": [1, 2] })), "send one `value`"),
        (sort_key(json!({ "name": "order", "operator": "=" })), "send one `value`"),
        (no_limit, "use 1 to 1000"),
    ] {
        let text = refusal(&worker, arguments);
        assert!(text.contains(said), "{said:?} is not in {text:?}");
    }
    assert!(peer.requests().is_empty());
}

//! Failures, in words the model can act on.

use std::net::TcpListener;

use serde_json::{Value, json};

use crate::peer::{CREDENTIALS, Peer, page, refusal, start};

fn arguments() -> Value {
    json!({ "start_date": "2026-01-01", "end_date": "2026-02-01" })
}

fn error(code: &str, message: &str) -> (u16, Value) {
    (400, json!({ "__type": code, "message": message }))
}

#[test]
fn errors_of_the_api_are_explained_without_the_internals_they_mention() {
    let role = "User: arn:aws:sts::111122223333:assumed-role/secret-role/x is not authorized";
    let cases = [
        ("ThrottlingException", "Wait a minute"),
        ("LimitExceededException", "Wait a minute"),
        ("AccessDeniedException", "ce:GetCostAndUsage"),
        ("ExpiredTokenException", "have expired"),
        ("UnrecognizedClientException", "does not accept the credentials"),
        ("DataUnavailableException", "no data for this period"),
        ("BillExpirationException", "Send the same request again"),
        ("com.amazonaws.ce#RequestChangedException", "Send the same request again"),
        ("BrandNewException", "failed with BrandNewException"),
    ];
    let peer = Peer::answering(cases.iter().map(|(code, _)| error(code, role)).collect());
    let worker = peer.worker();
    for (code, said) in cases {
        let text = refusal(&worker, arguments());
        assert!(text.contains(said), "{code}: {text}");
        assert!(!text.contains("secret-role") && !text.contains("Error"), "{code}: {text}");
    }
}

#[test]
fn a_missing_permission_is_named_for_what_it_is() {
    let month = json!({ "baseline": "2026-01", "comparison": "2026-02" });
    let peer = Peer::answering(vec![error("AccessDeniedException", "not authorized")]);
    for (tool, permission, arguments) in [
        ("get_cost_and_usage", "ce:GetCostAndUsage", arguments()),
        ("get_dimension_values", "ce:GetDimensionValues", json!({ "dimension_key": "SERVICE" })),
        ("get_tag_values", "ce:GetTags", json!({ "tag_key": "Team" })),
        ("get_cost_forecast", "ce:GetCostForecast", crate::forecast::arguments()),
        ("get_cost_and_usage_comparisons", "ce:GetCostAndUsageComparisons", month.clone()),
        ("get_cost_comparison_drivers", "ce:GetCostComparisonDrivers", month),
    ] {
        let text = refusal(&peer.tool(tool), arguments);
        assert!(text.contains(&format!("lacks the permission {permission}. ")), "{tool}: {text}");
    }
}

#[test]
fn a_host_that_does_not_exist_is_told_as_a_matter_of_the_region() {
    // No label of a name may be that long, so nothing is asked of any name server.
    let url = format!("http://ce.{}.amazonaws.com", "mars-1-".repeat(10));
    let text = refusal(&start("get_cost_and_usage", &url, &CREDENTIALS), arguments());
    assert!(text.contains("the region may not exist") && !text.contains("mars-1"), "{text}");
}

#[test]
fn a_refused_request_is_passed_on_with_its_reason() {
    let peer = Peer::answering(vec![error("ValidationException", "Group Definition dimension is invalid")]);
    let text = refusal(&peer.worker(), arguments());
    assert_eq!(text, "Cost Explorer refuses the request: Group Definition dimension is invalid");
}

#[test]
fn an_answer_that_makes_no_sense_is_a_failure_and_not_a_crash() {
    let peer = Peer::answering(vec![(200, json!(["nonsense"])), (500, json!("nonsense")), page(&[], None)]);
    let worker = peer.worker();
    for _ in 0..2 {
        assert!(refusal(&worker, arguments()).contains("Try again"));
    }
    assert_eq!(crate::peer::call(&worker, arguments()).len(), 2, "the worker goes on");
}

#[test]
fn missing_credentials_are_called_missing() {
    let peer = Peer::answering(vec![page(&[], None)]);
    let text = refusal(&peer.worker_without_credentials(), arguments());
    assert!(text.starts_with("There are no AWS credentials"), "{text}");
}

#[test]
fn a_connection_that_fails_is_not_taken_for_missing_credentials() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let worker = start("get_cost_and_usage", &url, &CREDENTIALS);
    // Hangs up on the first connection, and refuses all others.
    std::thread::spawn(move || listener.accept());
    for _ in 0..2 {
        let text = refusal(&worker, arguments());
        assert_eq!(text, "The connection to Cost Explorer failed. Try again in a minute.");
    }
}

#[test]
fn bad_arguments_are_refused_before_anything_is_asked_and_paid_for() {
    let peer = Peer::answering(vec![page(&[], None)]);
    let worker = peer.worker();
    let with = |member: &str, value: Value| {
        let mut arguments = arguments();
        arguments[member] = value;
        arguments
    };
    let group = json!({ "type": "TAG", "key": "Team" });
    for (arguments, said) in [
        (json!({ "end_date": "2026-02-01" }), "missing field `start_date`"),
        (with("start_date", json!("January")), "send a date as YYYY-MM-DD"),
        (with("end_date", json!("2026-01-01")), "The end is not included"),
        (with("granularity", json!("WEEKLY")), "`granularity`: unknown variant `WEEKLY`"),
        (with("metrics", json!([])), "`metrics` is empty"),
        (with("metrics", json!(["Cost"])), "unknown variant `Cost`"),
        (with("group_by", json!([group, group, group])), "send at most 2"),
        (with("filter", json!({ "tags": { "key": "Team" } })), "`filter.tags.values` is empty"),
        (with("colour", json!("red")), "unknown field `colour`"),
    ] {
        let text = refusal(&worker, arguments);
        assert!(text.contains(said), "{said:?} is not in {text:?}");
    }
    assert!(peer.requests().is_empty());
}

//! What the sample account refuses, and how.

use crate::ask::{self, account, post, request, with};
use serde_json::{Value, json};

async fn refused(body: Value) -> (String, String) {
    ask::refused(&account().await, "GetCostAndUsage", &body).await
}

#[tokio::test]
async fn an_operation_that_is_not_served_is_unknown() {
    let (status, answer) = post(&account().await, "GetUsageForecast", &json!({})).await;
    assert_eq!((status, &answer["__type"]), (400, &json!("UnknownOperationException")));
}

#[tokio::test]
async fn a_missing_member_is_a_serialization_error_that_names_it() {
    let (kind, message) = refused(json!({ "Granularity": "DAILY", "Metrics": ["UnblendedCost"] })).await;
    assert_eq!(kind, "SerializationException");
    assert!(message.contains("TimePeriod"), "{message}");
}

#[tokio::test]
async fn impossible_periods_are_validation_errors() {
    for (start, end, granularity) in [
        ("2026-11-01", "2026-11-01", "DAILY"),
        ("2026-11-02", "2026-11-01", "DAILY"),
        ("2026-02-30", "2026-03-01", "DAILY"),
        ("2026-1-1", "2026-02-01", "DAILY"),
        ("2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z", "DAILY"),
        ("2026-11-20", "2026-11-21", "HOURLY"),
        ("2026-11-20T00:30:00Z", "2026-11-21T00:00:00Z", "HOURLY"),
        ("2026-11-06T00:00:00Z", "2026-11-07T00:00:00Z", "HOURLY"),
        ("2025-09-30", "2025-10-01", "DAILY"),
        ("2026-11-01", "2026-12-02", "DAILY"),
    ] {
        let (kind, message) = refused(request(start, end, granularity)).await;
        assert_eq!(kind, "ValidationException", "{start} {end} {granularity}: {message}");
    }
}

#[tokio::test]
async fn the_future_is_unavailable() {
    let (kind, _) = refused(request("2026-11-22", "2026-11-23", "DAILY")).await;
    assert_eq!(kind, "DataUnavailableException");
}

#[tokio::test]
async fn unknown_metrics_dimensions_and_options_are_named() {
    let request = || request("2026-10-01", "2026-11-01", "MONTHLY");
    let dimension =
        |key: &str, options: Value| json!({ "Dimensions": { "Key": key, "Values": ["x"], "MatchOptions": options } });
    let three = json!([{ "Type": "TAG", "Key": "a" }, { "Type": "TAG", "Key": "b" }, { "Type": "TAG", "Key": "c" }]);
    for (body, named) in [
        (with(request(), "Metrics", json!(["Cost"])), "\"Cost\""),
        (with(request(), "Metrics", json!([])), "Metrics"),
        (with(request(), "GroupBy", json!([{ "Type": "DIMENSION", "Key": "COLOUR" }])), "\"COLOUR\""),
        (with(request(), "GroupBy", three), "at most 2"),
        (with(request(), "Filter", dimension("COLOUR", json!([]))), "\"COLOUR\""),
        (with(request(), "Filter", dimension("SERVICE", json!(["SOUNDS_LIKE"]))), "\"SOUNDS_LIKE\""),
        (with(request(), "Filter", json!({})), "exactly one root"),
        (with(request(), "Filter", json!({ "And": [] })), "two operands"),
        (with(request(), "Filter", json!({ "Tags": { "Key": "Team" } })), "ABSENT"),
    ] {
        let (kind, message) = refused(body).await;
        assert_eq!(kind, "ValidationException", "{message}");
        assert!(message.contains(named), "{message}");
    }
}

#[tokio::test]
async fn an_expression_has_one_root_and_a_bounded_depth() {
    let leaf = json!({ "Tags": { "Key": "Team", "Values": ["data"] } });
    let mut two_roots = leaf.clone();
    two_roots["Not"] = leaf.clone();
    let deep = (0..40).fold(leaf, |inner, _| json!({ "Not": inner }));
    for filter in [two_roots, deep] {
        let (kind, _) = refused(with(request("2026-10-01", "2026-11-01", "MONTHLY"), "Filter", filter)).await;
        assert_eq!(kind, "ValidationException");
    }
}

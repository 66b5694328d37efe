//! `get_cost_forecast`: dates that lie ahead, a mean and its bounds.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde_json::{Value, json};

use crate::peer::{Peer, call, refusal, result, text};

/// Tomorrow: still no day of the past if midnight passes meanwhile.
fn start() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date().saturating_add(Span::new().days(1))
}

fn end() -> Date {
    start().saturating_add(Span::new().days(60))
}

/// A forecast that can be asked for on any day.
pub(crate) fn arguments() -> Value {
    json!({ "start_date": start().to_string(), "end_date": end().to_string(), "metric": "UNBLENDED_COST" })
}

fn with(member: &str, value: Value) -> Value {
    let mut arguments = arguments();
    arguments[member] = value;
    arguments
}

fn forecast() -> (u16, Value) {
    let row = |start: &str, end: &str, mean: &str| {
        json!({
            "TimePeriod": { "Start": start, "End": end },
            "MeanValue": mean,
            "PredictionIntervalLowerBound": "90.5",
            "PredictionIntervalUpperBound": "1.2E+2",
        })
    };
    let rows = [row("2027-01-01", "2027-02-01", "100.123"), row("2027-02-01", "2027-03-01", "101")];
    (200, json!({ "Total": { "Amount": "201.123", "Unit": "USD" }, "ForecastResultsByTime": rows }))
}

#[test]
fn a_forecast_has_a_total_and_bounds() {
    let peer = Peer::answering(vec![forecast()]);
    let frames = call(&peer.tool("get_cost_forecast"), arguments());
    assert_eq!(frames[0]["progress"], json!({ "progress": 1, "total": 1, "message": "page 1: 2 rows so far" }));
    let result = &frames[1]["result"];
    let row = |start: &str, end: &str, mean: &str| json!({ "start": start, "end": end, "mean": mean, "lower": "90.5", "upper": "1.2E+2" });
    let expected = json!({
        "start_date": start().to_string(),
        "end_date": end().to_string(),
        "granularity": "MONTHLY",
        "metric": "UNBLENDED_COST",
        "prediction_interval_level": 80,
        "total": { "amount": "201.123", "unit": "USD" },
        "rows": [row("2027-01-01", "2027-02-01", "100.123"), row("2027-02-01", "2027-03-01", "101")],
    });
    assert_eq!(result["structuredContent"], expected);
    assert_eq!(result["_meta"], json!({ "penstock/costUsd": 0.01 }));
    assert!(text(result).contains("2027-01-01  100.12 USD  90.50 USD  120.00 USD\n"), "{result}");
    assert!(text(result).ends_with("total       201.12 USD\n"), "{result}");
}

#[test]
fn arguments_reach_the_api_in_its_own_terms() {
    let peer = Peer::answering(vec![forecast()]);
    let tool = peer.tool("get_cost_forecast");
    result(&tool, arguments());
    let mut all = with("metric", json!("NetAmortizedCost"));
    all["granularity"] = json!("DAILY");
    all["prediction_interval_level"] = json!(99);
    all["filter"] = json!({ "dimensions": { "key": "SERVICE", "values": ["AWS Lambda"] } });
    result(&tool, all);
    let requests = peer.requests();
    let period = json!({ "Start": start().to_string(), "End": end().to_string() });
    let expected = json!({
        "TimePeriod": period, "Metric": "UNBLENDED_COST", "Granularity": "MONTHLY", "PredictionIntervalLevel": 80,
    });
    assert_eq!(requests[0].body, expected);
    let expected = json!({
        "TimePeriod": period, "Metric": "NET_AMORTIZED_COST", "Granularity": "DAILY", "PredictionIntervalLevel": 99,
        "Filter": { "Dimensions": { "Key": "SERVICE", "Values": ["AWS Lambda"] } },
    });
    assert_eq!(requests[1].body, expected);
    assert!(requests[1].head.contains("x-amz-target: awsinsightsindexservice.getcostforecast"), "{}", requests[1].head);
}

#[test]
fn what_cannot_be_forecast_is_refused_before_it_is_paid_for() {
    let peer = Peer::answering(vec![forecast()]);
    let tool = peer.tool("get_cost_forecast");
    for (arguments, said) in [
        (with("start_date", json!("2024-02-29")), "a forecast begins today"),
        (with("start_date", json!("2025-02-29")), "which the calendar does not have"),
        (with("end_date", json!(start().to_string())), "covers no time"),
        (with("end_date", json!("2099-01-01")), "covers 18 months"),
        (with("metric", json!("UsageQuantity")), "unknown variant `UsageQuantity`"),
        (with("granularity", json!("HOURLY")), "unknown variant `HOURLY`"),
        (with("prediction_interval_level", json!(50)), "send 51 to 99"),
    ] {
        let text = refusal(&tool, arguments);
        assert!(text.contains(said), "{said:?} is not in {text:?}");
    }
    assert!(peer.requests().is_empty());
}

#[test]
fn an_account_without_a_history_is_told_so() {
    let error = json!({ "__type": "DataUnavailableException", "message": "Insufficient amount of historical data" });
    let peer = Peer::answering(vec![(400, error)]);
    let text = refusal(&peer.tool("get_cost_forecast"), arguments());
    assert!(text.contains("too little history to forecast from"), "{text}");
}

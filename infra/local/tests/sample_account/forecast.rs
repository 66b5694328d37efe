//! `GetCostForecast`: the history goes on.

use crate::ask::{account, ask, cost, millionths, refused, request, rows, sum, with};
use jiff::civil::{Date, date};
use penstock::sample_account::{SampleAccount, start_on};
use serde_json::{Value, json};

fn forecast(start: &str, end: &str, granularity: &str) -> Value {
    json!({ "TimePeriod": { "Start": start, "End": end }, "Granularity": granularity, "Metric": "UNBLENDED_COST" })
}

async fn results(account: &SampleAccount, body: &Value) -> Vec<Value> {
    let answer = ask(account, "GetCostForecast", body).await;
    let results = answer["ForecastResultsByTime"].as_array().expect("results").clone();
    let total: i64 = results.iter().map(|result| millionths(&result["MeanValue"])).sum();
    assert_eq!(millionths(&answer["Total"]["Amount"]), total);
    assert_eq!(answer["Total"]["Unit"], "USD");
    results
}

async fn total(account: &SampleAccount, body: &Value) -> i64 {
    results(account, body).await.iter().map(|result| millionths(&result["MeanValue"])).sum()
}

fn bounds(result: &Value) -> (i64, i64, i64) {
    let value = |member: &str| millionths(&result[member]);
    (value("PredictionIntervalLowerBound"), value("MeanValue"), value("PredictionIntervalUpperBound"))
}

#[tokio::test]
async fn days_and_months_of_a_period_add_up_to_the_same_total() {
    let account = account().await;
    let days = results(&account, &forecast("2026-11-21", "2027-01-01", "DAILY")).await;
    let months = results(&account, &forecast("2026-11-21", "2027-01-01", "MONTHLY")).await;
    let sum = |results: &[Value]| results.iter().map(|result| millionths(&result["MeanValue"])).sum::<i64>();
    assert_eq!((days.len(), months.len()), (41, 2));
    assert_eq!(sum(&days), sum(&months));
    assert_eq!(months[0]["TimePeriod"], json!({ "Start": "2026-11-21", "End": "2026-12-01" }));
    assert_eq!(months[1]["TimePeriod"], json!({ "Start": "2026-12-01", "End": "2027-01-01" }));
}

/// What was forecast on the first of a month is what the month came to, but for the chance of each day.
#[tokio::test]
async fn the_forecast_is_what_the_bill_then_comes_to() {
    let later = account().await;
    let october = date(2026, 10, 1);
    let then = start_on(october).await.expect("a port");
    for filter in [
        None,
        Some(json!({ "Dimensions": { "Key": "SERVICE", "Values": ["AWS Lambda"] } })),
        Some(json!({ "Dimensions": { "Key": "RECORD_TYPE", "Values": ["Tax", "RIFee", "Credit"] } })),
        Some(json!({ "Tags": { "Key": "Environment", "Values": ["staging"] } })),
    ] {
        let mut body = forecast("2026-10-01", "2026-11-01", "MONTHLY");
        if let Some(filter) = &filter {
            body["Filter"] = filter.clone();
        }
        let (expected, came) =
            (total(&then, &body).await, cost(&later, "2026-10-01", "2026-11-01", filter.as_ref()).await);
        assert!((expected - came).abs() * 50 <= came, "{expected} and {came} of {filter:?}");
    }
}

#[tokio::test]
async fn there_is_no_jump_from_the_history_to_the_forecast() {
    let account = account().await;
    let week = |start, end| request(start, end, "DAILY");
    let last = sum(&rows(&account, &week("2026-11-14", "2026-11-21")).await, "UnblendedCost");
    let next = total(&account, &forecast("2026-11-21", "2026-11-28", "DAILY")).await;
    // A week's growth is 7 in 2,000 parts; a day is off by 3 per cent at most.
    assert!((next - last).abs() * 100 <= last * 3, "{last} and then {next}");
    let weekend = total(&account, &forecast("2026-11-21", "2026-11-23", "DAILY")).await;
    let workdays = total(&account, &forecast("2026-11-24", "2026-11-26", "DAILY")).await;
    assert!(workdays > weekend, "{workdays} {weekend}");
}

#[tokio::test]
async fn a_higher_level_widens_the_interval_around_the_same_mean() {
    let account = account().await;
    let mut last: Option<Vec<Value>> = None;
    for level in [51, 66, 80, 95, 99] {
        let body = with(forecast("2026-11-21", "2027-02-01", "MONTHLY"), "PredictionIntervalLevel", json!(level));
        let results = results(&account, &body).await;
        for (number, result) in results.iter().enumerate() {
            let (lower, mean, upper) = bounds(result);
            assert!(lower < mean && mean < upper, "{result}");
            if let Some(narrower) = &last {
                let (inner_lower, same, inner_upper) = bounds(&narrower[number]);
                assert_eq!(mean, same);
                assert!(lower < inner_lower && inner_upper < upper, "{level}: {result}");
            }
        }
        last = Some(results);
    }
    let results = results(&account, &forecast("2026-11-21", "2027-02-01", "MONTHLY")).await;
    assert_eq!(results[0].get("PredictionIntervalLowerBound"), None);
}

#[tokio::test]
async fn parts_of_a_forecast_add_up_to_the_whole() {
    let account = account().await;
    let body = || forecast("2026-11-21", "2027-01-01", "MONTHLY");
    let east = json!({ "Dimensions": { "Key": "REGION", "Values": ["us-east-1"] } });
    let inside = total(&account, &with(body(), "Filter", east.clone())).await;
    let outside = total(&account, &with(body(), "Filter", json!({ "Not": east }))).await;
    assert!(inside > 0 && outside > 0);
    assert_eq!(inside + outside, total(&account, &body()).await);
}

#[tokio::test]
async fn month_ends_and_leap_days_are_days_like_others() {
    async fn days(today: Date, start: &str, end: &str) -> Vec<String> {
        let account = start_on(today).await.expect("a port");
        let results = results(&account, &forecast(start, end, "DAILY")).await;
        let start = |result: &Value| result["TimePeriod"]["Start"].as_str().expect("a start").to_owned();
        results.iter().map(start).collect()
    }
    assert_eq!(days(date(2028, 2, 28), "2028-02-28", "2028-03-02").await, ["2028-02-28", "2028-02-29", "2028-03-01"]);
    assert_eq!(days(date(2026, 10, 31), "2026-10-31", "2026-11-02").await, ["2026-10-31", "2026-11-01"]);
    assert_eq!(days(date(2026, 12, 31), "2026-12-31", "2027-01-02").await, ["2026-12-31", "2027-01-01"]);
}

#[tokio::test]
async fn the_past_and_a_future_too_far_are_refused() {
    let account = account().await;
    for (start, end, granularity) in [
        ("2026-11-20", "2026-12-01", "DAILY"),
        ("2026-11-21", "2026-11-21", "DAILY"),
        ("2026-12-01", "2026-11-30", "DAILY"),
        ("2027-02-29", "2027-03-02", "DAILY"),
        ("2026-11-21", "2027-03-02", "DAILY"),
        ("2026-11-21", "2028-06-02", "MONTHLY"),
        ("2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z", "HOURLY"),
    ] {
        let (kind, message) = refused(&account, "GetCostForecast", &forecast(start, end, granularity)).await;
        assert_eq!(kind, "ValidationException", "{start} {end} {granularity}: {message}");
    }
    for (end, granularity) in [("2027-03-01", "DAILY"), ("2028-06-01", "MONTHLY")] {
        results(&account, &forecast("2026-11-21", end, granularity)).await;
    }
}

#[tokio::test]
async fn metrics_levels_and_dimensions_that_do_not_go_are_named() {
    let account = account().await;
    let body = || forecast("2026-11-21", "2026-12-01", "DAILY");
    let invoicing = json!({ "Not": { "Dimensions": { "Key": "INVOICING_ENTITY", "Values": ["x"] } } });
    for (body, named) in [
        (with(body(), "Metric", json!("USAGE_QUANTITY")), "USAGE_QUANTITY"),
        (with(body(), "Metric", json!("UnblendedCost")), "UnblendedCost"),
        (with(body(), "PredictionIntervalLevel", json!(50)), "50"),
        (with(body(), "PredictionIntervalLevel", json!(100)), "100"),
        (with(body(), "Filter", invoicing), "INVOICING_ENTITY"),
    ] {
        let (kind, message) = refused(&account, "GetCostForecast", &body).await;
        assert_eq!(kind, "ValidationException");
        assert!(message.contains(named), "{message}");
    }
}

#[tokio::test]
async fn what_has_no_history_has_no_forecast() {
    let nothing = json!({ "Dimensions": { "Key": "SERVICE", "Values": ["AWS Ground Station"] } });
    let body = with(forecast("2026-11-21", "2026-12-01", "DAILY"), "Filter", nothing);
    let (kind, message) = refused(&account().await, "GetCostForecast", &body).await;
    assert_eq!(kind, "DataUnavailableException");
    assert!(message.contains("historical data"), "{message}");
}

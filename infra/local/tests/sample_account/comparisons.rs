//! `GetCostAndUsageComparisons`: two months of `GetCostAndUsage`, side by side.

use crate::ask::{account, ask, cost, listed, millionths, pages, refused, request, rows, sum, with};
use jiff::civil::date;
use penstock::sample_account::start_on;
use serde_json::{Value, json};

const OPERATION: &str = "GetCostAndUsageComparisons";

fn comparison(baseline: (&str, &str), comparison: (&str, &str)) -> Value {
    json!({
        "BaselineTimePeriod": { "Start": baseline.0, "End": baseline.1 },
        "ComparisonTimePeriod": { "Start": comparison.0, "End": comparison.1 },
        "MetricForComparison": "UnblendedCost",
    })
}

fn autumn() -> Value {
    comparison(("2026-09-01", "2026-10-01"), ("2026-10-01", "2026-11-01"))
}

/// Baseline, comparison and difference, in millionths.
fn amounts(metrics: &Value, metric: &str) -> [i64; 3] {
    let value = &metrics[metric];
    ["BaselineTimePeriodAmount", "ComparisonTimePeriodAmount", "Difference"].map(|member| millionths(&value[member]))
}

#[tokio::test]
async fn the_total_is_that_of_either_month() {
    let account = account().await;
    let answer = ask(&account, OPERATION, &autumn()).await;
    let september = cost(&account, "2026-09-01", "2026-10-01", None).await;
    let october = cost(&account, "2026-10-01", "2026-11-01", None).await;
    assert_eq!(amounts(&answer["TotalCostAndUsage"], "UnblendedCost"), [september, october, october - september]);
    assert_eq!(answer["TotalCostAndUsage"]["UnblendedCost"]["Unit"], "USD");
    assert_eq!(answer["CostAndUsageComparisons"], json!([]));
}

#[tokio::test]
async fn groups_are_those_of_either_month_in_every_metric() {
    let account = account().await;
    let service = json!([{ "Type": "DIMENSION", "Key": "SERVICE" }]);
    for metric in ["AmortizedCost", "NetUnblendedCost", "UnblendedCost", "UsageQuantity"] {
        let body = with(with(autumn(), "GroupBy", service.clone()), "MetricForComparison", json!(metric));
        let answers = pages(&account, OPERATION, &body).await;
        let months = with(request("2026-09-01", "2026-11-01", "MONTHLY"), "Metrics", json!([metric]));
        let rows = rows(&account, &with(months, "GroupBy", service.clone())).await;
        let mut total = [0; 3];
        let groups = listed(&answers, "CostAndUsageComparisons");
        for group in &groups {
            let key = group["CostAndUsageSelector"]["Dimensions"]["Values"][0].as_str().expect("a service");
            let of_month = |month: &str| -> Vec<_> {
                rows.iter().filter(|row| row.0 == month && row.1 == [key]).cloned().collect()
            };
            let amounts = amounts(&group["Metrics"], metric);
            let (before, after) = (sum(&of_month("2026-09-01"), metric), sum(&of_month("2026-10-01"), metric));
            assert_eq!(amounts, [before, after, after - before], "{key} in {metric}");
            total = [0, 1, 2].map(|place| total[place] + amounts[place]);
        }
        assert_eq!(groups.len(), 10);
        assert_eq!(total, amounts(&answers[0]["TotalCostAndUsage"], metric), "{metric}");
    }
}

#[tokio::test]
async fn a_selector_is_a_filter_for_its_group() {
    let account = account().await;
    let two = json!([{ "Type": "TAG", "Key": "Team" }, { "Type": "COST_CATEGORY", "Key": "CostCenter" }]);
    let east = json!({ "Dimensions": { "Key": "REGION", "Values": ["us-east-1"] } });
    let body = with(with(autumn(), "GroupBy", two), "Filter", east.clone());
    let groups = listed(&pages(&account, OPERATION, &body).await, "CostAndUsageComparisons");
    assert_eq!(groups.len(), 4, "{groups:?}");
    for group in groups {
        let filter = json!({ "And": [east, group["CostAndUsageSelector"]] });
        let october = cost(&account, "2026-10-01", "2026-11-01", Some(&filter)).await;
        assert_eq!(amounts(&group["Metrics"], "UnblendedCost")[1], october, "{group}");
    }
}

#[tokio::test]
async fn every_page_carries_the_total_of_all() {
    let account = account().await;
    let usage = json!([{ "Type": "DIMENSION", "Key": "USAGE_TYPE" }]);
    let body = with(with(autumn(), "GroupBy", usage), "MaxResults", json!(7));
    let answers = pages(&account, OPERATION, &body).await;
    assert!(answers.len() > 3);
    assert!(answers.iter().all(|page| page["TotalCostAndUsage"] == answers[0]["TotalCostAndUsage"]));
    let groups = listed(&answers, "CostAndUsageComparisons");
    let total: i64 = groups.iter().map(|group| amounts(&group["Metrics"], "UnblendedCost")[2]).sum();
    assert_eq!(total, amounts(&answers[0]["TotalCostAndUsage"], "UnblendedCost")[2]);

    let foreign = with(with(body, "MaxResults", json!(8)), "NextPageToken", answers[0]["NextPageToken"].clone());
    assert_eq!(refused(&account, OPERATION, &foreign).await.0, "InvalidNextTokenException");
}

#[tokio::test]
async fn a_february_of_a_leap_year_has_its_29th() {
    let account = start_on(date(2028, 4, 1)).await.expect("a port");
    let body = comparison(("2028-02-01", "2028-03-01"), ("2028-03-01", "2028-04-01"));
    let answer = ask(&account, OPERATION, &body).await;
    let days = request("2028-02-01", "2028-03-01", "DAILY");
    let days = rows(&account, &days).await;
    assert_eq!(days.len(), 29);
    assert_eq!(amounts(&answer["TotalCostAndUsage"], "UnblendedCost")[0], sum(&days, "UnblendedCost"));
}

#[tokio::test]
async fn only_whole_months_of_the_history_can_be_compared() {
    let account = account().await;
    let october = ("2026-10-01", "2026-11-01");
    for (baseline, expected) in [
        (("2026-09-01", "2026-09-30"), "ValidationException"),
        (("2026-09-02", "2026-10-01"), "ValidationException"),
        (("2026-08-01", "2026-10-01"), "ValidationException"),
        (("2025-09-01", "2025-10-01"), "ValidationException"),
        (("2026-12-01", "2027-01-01"), "DataUnavailableException"),
    ] {
        let (kind, message) = refused(&account, OPERATION, &comparison(baseline, october)).await;
        assert_eq!(kind, expected, "{baseline:?}: {message}");
        assert_eq!(refused(&account, OPERATION, &comparison(october, baseline)).await.0, expected, "{baseline:?}");
    }
    ask(&account, OPERATION, &comparison(("2025-10-01", "2025-11-01"), october)).await;
}

#[tokio::test]
async fn unknown_metrics_dimensions_and_sizes_are_named() {
    let account = account().await;
    for (body, named) in [
        (with(autumn(), "MetricForComparison", json!("UNBLENDED_COST")), "UNBLENDED_COST"),
        (with(autumn(), "GroupBy", json!([{ "Type": "DIMENSION", "Key": "COLOUR" }])), "COLOUR"),
        (with(autumn(), "MaxResults", json!(2001)), "2001"),
        (with(autumn(), "Filter", json!({})), "exactly one root"),
    ] {
        let (kind, message) = refused(&account, OPERATION, &body).await;
        assert_eq!(kind, "ValidationException");
        assert!(message.contains(named), "{message}");
    }
}

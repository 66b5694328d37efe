//! The sample bill adds up, however it is cut.

use crate::ask::{account, page, request, rows, sum, with};
use serde_json::json;

const METRICS: [&str; 7] = [
    "AmortizedCost",
    "BlendedCost",
    "NetAmortizedCost",
    "NetUnblendedCost",
    "NormalizedUsageAmount",
    "UnblendedCost",
    "UsageQuantity",
];

#[tokio::test]
async fn groups_add_up_to_the_total_in_every_metric() {
    let account = account().await;
    let request = with(request("2026-10-01", "2026-11-21", "MONTHLY"), "Metrics", json!(METRICS));
    let total = rows(&account, &request).await;
    for keys in [
        json!([{ "Type": "DIMENSION", "Key": "SERVICE" }]),
        json!([{ "Type": "DIMENSION", "Key": "LINKED_ACCOUNT" }, { "Type": "DIMENSION", "Key": "REGION" }]),
        json!([{ "Type": "TAG", "Key": "Team" }, { "Type": "DIMENSION", "Key": "USAGE_TYPE" }]),
        json!([{ "Type": "COST_CATEGORY", "Key": "CostCenter" }]),
        json!([{ "Type": "DIMENSION", "Key": "AZ" }]),
    ] {
        let groups = rows(&account, &with(request.clone(), "GroupBy", keys.clone())).await;
        for metric in METRICS {
            assert_ne!(sum(&total, metric), 0, "{metric}");
            assert_eq!(sum(&groups, metric), sum(&total, metric), "{metric} by {keys}");
        }
    }
}

#[tokio::test]
async fn days_add_up_to_months_over_the_whole_history() {
    let account = account().await;
    let months = rows(&account, &request("2025-10-01", "2026-12-01", "MONTHLY")).await;
    let days = rows(&account, &request("2025-10-01", "2026-12-01", "DAILY")).await;
    assert_eq!(months.len(), 14);
    assert_eq!(days.len(), 426);
    for month in &months {
        let of_month: Vec<_> = days.iter().filter(|day| day.0.starts_with(&month.0[..7])).cloned().collect();
        assert_eq!(sum(&of_month, "UnblendedCost"), sum(std::slice::from_ref(month), "UnblendedCost"), "{}", month.0);
    }
}

#[tokio::test]
async fn hours_add_up_to_their_days() {
    let account = account().await;
    let group_by = json!([{ "Type": "DIMENSION", "Key": "SERVICE" }]);
    let days = with(request("2026-11-07", "2026-11-21", "DAILY"), "GroupBy", group_by.clone());
    let hours = with(request("2026-11-07T00:00:00Z", "2026-11-21T00:00:00Z", "HOURLY"), "GroupBy", group_by);
    let (days, hours) = (rows(&account, &days).await, rows(&account, &hours).await);
    for day in &days {
        let of_day: Vec<_> =
            hours.iter().filter(|hour| hour.0.starts_with(&day.0) && hour.1 == day.1).cloned().collect();
        assert_eq!(of_day.len(), 24);
        assert_eq!(sum(&of_day, "UnblendedCost"), sum(std::slice::from_ref(day), "UnblendedCost"), "{day:?}");
    }
}

#[tokio::test]
async fn a_reservation_is_paid_on_the_first_and_amortised_over_its_month() {
    let account = account().await;
    let request =
        with(request("2026-10-01", "2026-11-01", "DAILY"), "Metrics", json!(["UnblendedCost", "AmortizedCost"]));
    let reserved = json!({ "Dimensions": { "Key": "PURCHASE_TYPE", "Values": ["Reserved"] } });
    let days = rows(&account, &with(request, "Filter", reserved)).await;
    assert_eq!(sum(&days, "UnblendedCost"), sum(&days, "AmortizedCost"));
    assert_eq!(sum(&days[1..], "UnblendedCost"), 0);
    assert!(days.iter().all(|day| sum(std::slice::from_ref(day), "AmortizedCost") > 0));
}

#[tokio::test]
async fn working_days_cost_more_than_weekends_and_later_weeks_more_than_earlier_ones() {
    let account = account().await;
    let week = |start, end| request(start, end, "DAILY");
    let early = rows(&account, &week("2025-11-10", "2025-11-17")).await;
    let late = rows(&account, &week("2026-11-09", "2026-11-16")).await;
    assert!(sum(&late, "UnblendedCost") > sum(&early, "UnblendedCost"));
    assert!(sum(&late[..1], "UnblendedCost") > sum(&late[6..], "UnblendedCost"));
}

#[tokio::test]
async fn only_the_current_month_is_estimated_and_today_has_no_rows_yet() {
    let account = account().await;
    let answer = page(&account, &request("2026-10-30", "2026-11-22", "DAILY")).await;
    let results = answer["ResultsByTime"].as_array().expect("results");
    let estimated: Vec<_> = results.iter().filter(|result| result["Estimated"] == json!(true)).collect();
    assert_eq!(results.len(), 23);
    assert_eq!(estimated.len(), 21);
    assert_eq!(estimated[0]["TimePeriod"], json!({ "Start": "2026-11-01", "End": "2026-11-02" }));
    assert_eq!(results[22]["Total"]["UnblendedCost"], json!({ "Amount": "0", "Unit": "USD" }));
}

#[tokio::test]
async fn the_same_day_has_the_same_numbers_in_another_process_and_on_another_day() {
    let request = with(
        request("2026-09-01", "2026-10-01", "MONTHLY"),
        "GroupBy",
        json!([{ "Type": "DIMENSION", "Key": "SERVICE" }]),
    );
    let today = rows(&account().await, &request).await;
    let later = penstock::sample_account::start_on(jiff::civil::date(2026, 12, 24)).await.expect("a port");
    assert_eq!(rows(&later, &request).await, today);
    let ec2 = today.iter().find(|row| row.1 == ["Amazon Elastic Compute Cloud - Compute"]).expect("EC2 is billed");
    assert_eq!(ec2.2["UnblendedCost"]["Amount"], json!("2551.853968"));
}

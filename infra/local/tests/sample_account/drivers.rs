//! `GetCostComparisonDrivers`: what makes two months differ.

use crate::ask::{account, cost, listed, millionths, pages, refused, with};
use penstock::sample_account::SampleAccount;
use serde_json::{Value, json};

const OPERATION: &str = "GetCostComparisonDrivers";

fn autumn(metric: &str) -> Value {
    json!({
        "BaselineTimePeriod": { "Start": "2026-09-01", "End": "2026-10-01" },
        "ComparisonTimePeriod": { "Start": "2026-10-01", "End": "2026-11-01" },
        "MetricForComparison": metric,
    })
}

async fn drivers(account: &SampleAccount, body: &Value) -> Vec<Value> {
    listed(&pages(account, OPERATION, body).await, "CostComparisonDrivers")
}

fn difference(part: &Value, metric: &str) -> i64 {
    millionths(&part["Metrics"][metric]["Difference"])
}

#[tokio::test]
async fn drivers_add_up_to_the_difference_of_the_months() {
    let account = account().await;
    for filter in [None, Some(json!({ "Tags": { "Key": "Team", "Values": ["storefront"] } }))] {
        let mut body = autumn("UnblendedCost");
        if let Some(filter) = &filter {
            body["Filter"] = filter.clone();
        }
        let september = cost(&account, "2026-09-01", "2026-10-01", filter.as_ref()).await;
        let october = cost(&account, "2026-10-01", "2026-11-01", filter.as_ref()).await;
        let selected = drivers(&account, &body).await;
        let total: i64 = selected.iter().map(|selected| difference(selected, "UnblendedCost")).sum();
        assert_eq!(total, october - september, "{filter:?}");
        for selected in &selected {
            let drivers = selected["CostDrivers"].as_array().expect("drivers");
            let parts: i64 = drivers.iter().map(|driver| difference(driver, "UnblendedCost")).sum();
            assert_eq!(parts, difference(selected, "UnblendedCost"), "{selected}");
        }
    }
}

#[tokio::test]
async fn a_selector_names_service_and_usage_type_and_filters_to_its_amounts() {
    let account = account().await;
    let body = with(autumn("UnblendedCost"), "GroupBy", json!([{ "Type": "DIMENSION", "Key": "LINKED_ACCOUNT" }]));
    let selected = drivers(&account, &body).await;
    for selected in &selected[..5] {
        let keys: Vec<_> = selected["CostSelector"]["And"]
            .as_array()
            .expect("several conditions")
            .iter()
            .map(|condition| condition["Dimensions"]["Key"].clone())
            .collect();
        assert_eq!(keys, ["SERVICE", "USAGE_TYPE", "LINKED_ACCOUNT"]);
        let october = cost(&account, "2026-10-01", "2026-11-01", Some(&selected["CostSelector"])).await;
        assert_eq!(millionths(&selected["Metrics"]["UnblendedCost"]["ComparisonTimePeriodAmount"]), october);
    }
}

#[tokio::test]
async fn what_differs_most_comes_first_and_ten_at_a_time() {
    let account = account().await;
    let all = pages(&account, OPERATION, &autumn("UnblendedCost")).await;
    assert!(all.len() > 1);
    assert_eq!(all[0]["CostComparisonDrivers"].as_array().map(Vec::len), Some(10));
    let sizes: Vec<_> = listed(&all, "CostComparisonDrivers")
        .iter()
        .map(|selected| difference(selected, "UnblendedCost").abs())
        .collect();
    assert!(sizes.is_sorted_by(|larger, smaller| larger >= smaller), "{sizes:?}");
    assert!(sizes.iter().all(|size| *size > 0));

    let eleven = with(autumn("UnblendedCost"), "MaxResults", json!(11));
    assert_eq!(refused(&account, OPERATION, &eleven).await.0, "ValidationException");
}

#[tokio::test]
async fn drivers_have_a_type_a_name_and_the_use_behind_the_cost() {
    let account = account().await;
    let instances = json!({ "Dimensions": { "Key": "USAGE_TYPE", "Values": ["BoxUsage:m7g.large"] } });
    let selected = drivers(&account, &with(autumn("UnblendedCost"), "Filter", instances)).await;
    let driver = &selected[0]["CostDrivers"][0];
    assert_eq!((&driver["Type"], &driver["Name"]), (&json!("USAGE_CHANGE"), &json!("Usage change")));
    assert_eq!(driver["Metrics"]["UsageQuantity"]["Unit"], "Hrs");
    assert_ne!(difference(driver, "UsageQuantity"), 0);

    // A reservation is charged by its fee, and spread over the hours it covers.
    let reserved = json!({ "Dimensions": { "Key": "PURCHASE_TYPE", "Values": ["Reserved"] } });
    let charged = drivers(&account, &with(autumn("UnblendedCost"), "Filter", reserved.clone())).await;
    assert_eq!(charged, Vec::<Value>::new());
    let used = drivers(&account, &with(autumn("UsageQuantity"), "Filter", reserved)).await;
    assert_eq!(used[0]["CostDrivers"][0]["Type"], "RESERVATION_USAGE");
}

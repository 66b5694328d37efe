//! `GetDimensionValues`: what is listed is what there is.

use crate::ask::{account, ask, cost, listed, pages, refused, request, rows, sum, with};
use jiff::civil::date;
use penstock::sample_account::SampleAccount;
use serde_json::{Value, json};

/// Dimensions of bills that are documented, but for those whose values the account has none of.
const DIMENSIONS: [&str; 24] = [
    "AZ",
    "BILLING_ENTITY",
    "CACHE_ENGINE",
    "DATABASE_ENGINE",
    "DEPLOYMENT_OPTION",
    "INSTANCE_TYPE",
    "INSTANCE_TYPE_FAMILY",
    "INVOICING_ENTITY",
    "LEGAL_ENTITY_NAME",
    "LINKED_ACCOUNT",
    "OPERATING_SYSTEM",
    "OPERATION",
    "PLATFORM",
    "PURCHASE_TYPE",
    "RECORD_TYPE",
    "REGION",
    "RESERVATION_ID",
    "RESOURCE_ID",
    "SAVINGS_PLANS_TYPE",
    "SAVINGS_PLAN_ARN",
    "SERVICE",
    "TENANCY",
    "USAGE_TYPE",
    "USAGE_TYPE_GROUP",
];

fn asking(dimension: &str) -> Value {
    json!({ "TimePeriod": { "Start": "2026-10-01", "End": "2026-11-01" }, "Dimension": dimension })
}

async fn values(account: &SampleAccount, body: &Value) -> Vec<String> {
    let values = listed(&pages(account, "GetDimensionValues", body).await, "DimensionValues");
    values.iter().map(|value| value["Value"].as_str().expect("a string").to_owned()).collect()
}

#[tokio::test]
async fn every_value_filters_to_a_cost_and_all_of_them_to_the_whole_bill() {
    let account = account().await;
    let bill = cost(&account, "2026-10-01", "2026-11-01", None).await;
    // Use that a reservation covers costs nothing by itself, and its part of the fee once that is spread.
    let metrics = json!(["UnblendedCost", "AmortizedCost"]);
    for dimension in DIMENSIONS {
        let mut total = 0;
        for value in values(&account, &asking(dimension)).await {
            let filter = json!({ "Dimensions": { "Key": dimension, "Values": [value] } });
            let request = with(request("2026-10-01", "2026-11-01", "MONTHLY"), "Metrics", metrics.clone());
            let rows = rows(&account, &with(request, "Filter", filter)).await;
            let (charged, amortized) = (sum(&rows, "UnblendedCost"), sum(&rows, "AmortizedCost"));
            assert!(charged != 0 || amortized != 0, "{dimension} {value}");
            total += charged;
        }
        assert_eq!(total, bill, "{dimension}");
    }
}

#[tokio::test]
async fn accounts_are_listed_with_their_names_and_found_by_them() {
    let account = account().await;
    let answer = ask(&account, "GetDimensionValues", &asking("LINKED_ACCOUNT")).await;
    let production = json!({ "Value": "111122223333", "Attributes": { "description": "Production" } });
    assert_eq!(answer["DimensionValues"][0], production);
    assert_eq!((&answer["ReturnSize"], &answer["TotalSize"]), (&json!(2), &json!(2)));

    let found =
        ask(&account, "GetDimensionValues", &with(asking("LINKED_ACCOUNT"), "SearchString", json!("prod"))).await;
    assert_eq!(found["DimensionValues"], json!([production]));
}

#[tokio::test]
async fn usage_types_have_units_and_several_pages() {
    let account = account().await;
    let all = pages(&account, "GetDimensionValues", &asking("USAGE_TYPE")).await;
    let values = listed(&all, "DimensionValues");
    assert_eq!(all.len(), 2);
    assert!(all.iter().all(|page| page["TotalSize"] == json!(values.len())), "{all:?}");
    assert_eq!(all[1]["ReturnSize"].as_u64(), all[1]["DimensionValues"].as_array().map(|page| page.len() as u64));
    let instance = json!({ "Value": "BoxUsage:m7g.large", "Attributes": { "unit": "Hrs" } });
    assert!(values.contains(&instance), "{values:?}");
}

#[tokio::test]
async fn a_search_finds_parts_of_values_in_any_case_and_a_filter_narrows_further() {
    let account = account().await;
    let services = with(asking("SERVICE"), "SearchString", json!("amazon dynamo"));
    assert_eq!(values(&account, &services).await, ["Amazon DynamoDB"]);
    let nothing = with(asking("SERVICE"), "SearchString", json!("ground station"));
    assert_eq!(values(&account, &nothing).await, [""; 0]);
    let tax = json!({ "Dimensions": { "Key": "RECORD_TYPE", "Values": ["Tax"] } });
    assert_eq!(values(&account, &with(asking("SERVICE"), "Filter", tax)).await, ["Tax"]);
}

#[tokio::test]
async fn the_period_decides_what_there_is() {
    let account = account().await;
    let fees =
        |start: &str, end: &str| json!({ "TimePeriod": { "Start": start, "End": end }, "Dimension": "RECORD_TYPE" });
    assert_eq!(
        values(&account, &fees("2026-10-01", "2026-10-02")).await,
        ["Credit", "DiscountedUsage", "RIFee", "Tax", "Usage"]
    );
    assert_eq!(values(&account, &fees("2026-10-02", "2026-11-01")).await, ["DiscountedUsage", "Usage"]);
    // Of today there is nothing yet.
    assert_eq!(values(&account, &fees("2026-11-21", "2026-11-22")).await, [""; 0]);
}

#[tokio::test]
async fn a_leap_day_has_values() {
    let account = penstock::sample_account::start_on(date(2028, 3, 1)).await.expect("a port");
    let body = json!({ "TimePeriod": { "Start": "2028-02-29", "End": "2028-03-01" }, "Dimension": "REGION" });
    assert_eq!(values(&account, &body).await, ["eu-west-1", "global", "us-east-1"]);
}

#[tokio::test]
async fn each_context_has_its_own_dimensions() {
    let account = account().await;
    let within = |context: &str, dimension: &str| with(asking(dimension), "Context", json!(context));
    assert_eq!(values(&account, &within("RESERVATIONS", "INSTANCE_TYPE")).await, ["db.r7g.large"]);
    assert_eq!(values(&account, &within("SAVINGS_PLANS", "REGION")).await, [""; 0]);
    for (context, dimension) in [
        ("RESERVATIONS", "SERVICE"),
        ("SAVINGS_PLANS", "AZ"),
        ("COST_AND_USAGE", "COLOUR"),
        ("COST_AND_USAGE", "SCOPE"),
    ] {
        let (kind, message) = refused(&account, "GetDimensionValues", &within(context, dimension)).await;
        assert_eq!(kind, "ValidationException");
        assert!(message.contains(dimension), "{message}");
    }
}

#[tokio::test]
async fn periods_and_tokens_are_refused_as_those_of_costs() {
    let account = account().await;
    for (start, end, expected) in [
        ("2026-11-01", "2026-11-01", "ValidationException"),
        ("2025-09-30", "2026-11-01", "ValidationException"),
        ("2026-02-29", "2026-03-01", "ValidationException"),
        ("2026-11-22", "2026-11-23", "DataUnavailableException"),
    ] {
        let body = json!({ "TimePeriod": { "Start": start, "End": end }, "Dimension": "SERVICE" });
        assert_eq!(refused(&account, "GetDimensionValues", &body).await.0, expected, "{start} {end}");
    }
    let token = ask(&account, "GetDimensionValues", &asking("USAGE_TYPE")).await["NextPageToken"].clone();
    let other = with(asking("OPERATION"), "NextPageToken", token);
    assert_eq!(refused(&account, "GetDimensionValues", &other).await.0, "RequestChangedException");
}

//! `GetTags`: keys, and the values of one.

use crate::ask::{account, ask, cost, listed, pages, refused, with};
use penstock::sample_account::SampleAccount;
use serde_json::{Value, json};

fn october() -> Value {
    json!({ "TimePeriod": { "Start": "2026-10-01", "End": "2026-11-01" } })
}

async fn tags(account: &SampleAccount, body: &Value) -> Vec<Value> {
    listed(&pages(account, "GetTags", body).await, "Tags")
}

#[tokio::test]
async fn without_a_key_the_keys_are_listed() {
    let answer = ask(&account().await, "GetTags", &october()).await;
    assert_eq!(answer, json!({ "Tags": ["Environment", "Team"], "ReturnSize": 2, "TotalSize": 2 }));
}

#[tokio::test]
async fn the_values_of_a_key_filter_to_costs_that_add_up_to_the_bill() {
    let account = account().await;
    let bill = cost(&account, "2026-10-01", "2026-11-01", None).await;
    for key in ["Environment", "Team"] {
        let values = tags(&account, &with(october(), "TagKey", json!(key))).await;
        let mut total = 0;
        for value in &values {
            let filter = json!({ "Tags": { "Key": key, "Values": [value] } });
            let part = cost(&account, "2026-10-01", "2026-11-01", Some(&filter)).await;
            assert_ne!(part, 0, "{key} {value}");
            total += part;
        }
        assert_eq!(values.len(), 4, "{values:?}");
        assert_eq!(total, bill, "{key}");
    }
}

#[tokio::test]
async fn values_come_in_pages_that_say_how_many_there_are() {
    let account = account().await;
    let all = pages(&account, "GetTags", &with(october(), "TagKey", json!("Team"))).await;
    let sizes: Vec<_> = all.iter().map(|page| (page["ReturnSize"].as_u64(), page["TotalSize"].as_u64())).collect();
    assert_eq!(sizes, [(Some(3), Some(4)), (Some(1), Some(4))]);
    assert_eq!(listed(&all, "Tags"), ["", "data", "platform", "storefront"]);
}

#[tokio::test]
async fn searches_and_filters_narrow() {
    let account = account().await;
    let teams = with(october(), "TagKey", json!("Team"));
    assert_eq!(tags(&account, &with(teams.clone(), "SearchString", json!("STORE"))).await, ["storefront"]);
    let lambda = json!({ "Dimensions": { "Key": "USAGE_TYPE", "Values": ["Request-ARM"] } });
    assert_eq!(tags(&account, &with(teams, "Filter", lambda)).await, ["platform"]);
}

#[tokio::test]
async fn a_key_nobody_uses_has_the_empty_value_alone() {
    let tags = tags(&account().await, &with(october(), "TagKey", json!("Colour"))).await;
    assert_eq!(tags, [""]);
}

#[tokio::test]
async fn the_future_is_unavailable_and_sorting_is_refused() {
    let account = account().await;
    let future = json!({ "TimePeriod": { "Start": "2026-12-24", "End": "2026-12-25" } });
    assert_eq!(refused(&account, "GetTags", &future).await.0, "DataUnavailableException");
    let sorted = with(october(), "SortBy", json!([{ "Key": "UnblendedCost" }]));
    assert_eq!(refused(&account, "GetTags", &sorted).await.0, "ValidationException");
}

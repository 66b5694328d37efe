//! Filters of the sample account.

use crate::ask::{account, request, rows, sum, with};
use penstock::sample_account::SampleAccount;
use serde_json::{Value, json};

async fn cost(account: &SampleAccount, filter: Value) -> i64 {
    let request = with(request("2026-10-01", "2026-11-01", "MONTHLY"), "Filter", filter);
    sum(&rows(account, &request).await, "UnblendedCost")
}

fn dimension(key: &str, values: &[&str]) -> Value {
    json!({ "Dimensions": { "Key": key, "Values": values } })
}

fn tag(key: &str, values: &[&str]) -> Value {
    json!({ "Tags": { "Key": key, "Values": values } })
}

#[tokio::test]
async fn a_filter_and_its_negation_add_up_to_everything() {
    let account = account().await;
    let all = sum(&rows(&account, &request("2026-10-01", "2026-11-01", "MONTHLY")).await, "UnblendedCost");
    for filter in [
        dimension("SERVICE", &["AWS Lambda", "Amazon DynamoDB"]),
        dimension("RECORD_TYPE", &["Tax"]),
        tag("Environment", &["production"]),
        json!({ "CostCategories": { "Key": "CostCenter", "Values": ["Product"] } }),
    ] {
        let (with, without) = (cost(&account, filter.clone()).await, cost(&account, json!({ "Not": filter })).await);
        assert!(with != 0 && without != 0, "{filter}");
        assert_eq!(with + without, all, "{filter}");
    }
}

#[tokio::test]
async fn or_joins_disjoint_sets_and_and_cuts_them() {
    let account = account().await;
    let east = dimension("REGION", &["us-east-1"]);
    let west = dimension("REGION", &["eu-west-1"]);
    let staging = tag("Environment", &["staging"]);
    let joined = cost(&account, json!({ "Or": [east, west] })).await;
    assert_eq!(joined, cost(&account, east.clone()).await + cost(&account, west.clone()).await);
    assert_eq!(cost(&account, json!({ "And": [east, west] })).await, 0);
    let nested = json!({ "And": [east, { "Not": { "Or": [staging, tag("Team", &["data"])] } }] });
    assert!(cost(&account, nested).await < cost(&account, east).await);
}

#[tokio::test]
async fn match_options_widen_a_comparison() {
    let account = account().await;
    let option = |value: &str, options: Value| json!({ "Dimensions": { "Key": "SERVICE", "Values": [value], "MatchOptions": options } });
    let lambda = cost(&account, dimension("SERVICE", &["AWS Lambda"])).await;
    assert_ne!(lambda, 0);
    assert_eq!(cost(&account, option("aws lambda", json!(["EQUALS"]))).await, 0);
    assert_eq!(cost(&account, option("aws lambda", json!(["EQUALS", "CASE_INSENSITIVE"]))).await, lambda);
    assert_eq!(cost(&account, option("Lambda", json!(["ENDS_WITH"]))).await, lambda);
    assert_eq!(cost(&account, option("S Lamb", json!(["CONTAINS"]))).await, lambda);
    assert!(cost(&account, option("AWS ", json!(["STARTS_WITH"]))).await > lambda);
}

#[tokio::test]
async fn untagged_rows_are_found_as_absent_and_grouped_under_an_empty_value() {
    let account = account().await;
    let absent = json!({ "Tags": { "Key": "Team", "MatchOptions": ["ABSENT"] } });
    let by_team =
        with(request("2026-10-01", "2026-11-01", "MONTHLY"), "GroupBy", json!([{ "Type": "TAG", "Key": "Team" }]));
    let groups = rows(&account, &by_team).await;
    let untagged: Vec<_> = groups.into_iter().filter(|group| group.1 == ["Team$"]).collect();
    assert_ne!(sum(&untagged, "UnblendedCost"), 0);
    assert_eq!(cost(&account, absent).await, sum(&untagged, "UnblendedCost"));
}

//! Paging of the sample account.

use crate::ask::{account, page, post, request, rows, with};
use serde_json::{Value, json};

fn daily_by_service() -> Value {
    let request = request("2026-10-01", "2026-11-01", "DAILY");
    with(request, "GroupBy", json!([{ "Type": "DIMENSION", "Key": "SERVICE" }]))
}

#[tokio::test]
async fn pages_hold_every_group_once_and_in_order() {
    let account = account().await;
    let rows = rows(&account, &daily_by_service()).await;
    let keys: Vec<_> = rows.iter().map(|(start, keys, _)| (start, keys)).collect();
    let mut sorted = keys.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!(keys, sorted);
    assert!(keys.len() > 250, "{} groups", keys.len());
}

#[tokio::test]
async fn a_page_may_end_inside_a_day() {
    let account = account().await;
    let first = page(&account, &daily_by_service()).await;
    let second = page(&account, &with(daily_by_service(), "NextPageToken", first["NextPageToken"].clone())).await;
    let last = first["ResultsByTime"].as_array().and_then(|results| results.last()).expect("results");
    assert_eq!(second["ResultsByTime"][0]["TimePeriod"], last["TimePeriod"]);
    assert_ne!(second["ResultsByTime"][0]["Groups"], last["Groups"]);
}

#[tokio::test]
async fn a_small_answer_has_one_page() {
    let account = account().await;
    let answer = page(&account, &request("2026-10-01", "2026-11-01", "DAILY")).await;
    assert_eq!(answer.get("NextPageToken"), None);
    assert_eq!(answer["ResultsByTime"].as_array().map(Vec::len), Some(31));
}

#[tokio::test]
async fn a_period_without_groups_is_still_listed() {
    let account = account().await;
    let nothing = json!({ "Dimensions": { "Key": "SERVICE", "Values": ["AWS Ground Station"] } });
    let answer = page(&account, &with(daily_by_service(), "Filter", nothing)).await;
    assert_eq!(answer["ResultsByTime"].as_array().map(Vec::len), Some(31));
    assert_eq!(answer["ResultsByTime"][0]["Groups"], json!([]));
}

#[tokio::test]
async fn a_token_is_good_for_its_own_request_and_day_only() {
    let account = account().await;
    let token = page(&account, &daily_by_service()).await["NextPageToken"].clone();

    let (status, answer) =
        post(&account, "GetCostAndUsage", &with(daily_by_service(), "NextPageToken", json!("bm90IG91cnM"))).await;
    assert_eq!((status, &answer["__type"]), (400, &json!("InvalidNextTokenException")));

    let other = with(with(daily_by_service(), "Metrics", json!(["BlendedCost"])), "NextPageToken", token.clone());
    let (status, answer) = post(&account, "GetCostAndUsage", &other).await;
    assert_eq!((status, &answer["__type"]), (400, &json!("RequestChangedException")));

    let tomorrow = penstock::sample_account::start_on(jiff::civil::date(2026, 11, 22)).await.expect("a port");
    let (status, answer) = post(&tomorrow, "GetCostAndUsage", &with(daily_by_service(), "NextPageToken", token)).await;
    assert_eq!((status, &answer["__type"]), (400, &json!("BillExpirationException")));
}

#[tokio::test]
async fn account_ids_come_with_their_names() {
    let account = account().await;
    let request = with(
        request("2026-10-01", "2026-11-01", "MONTHLY"),
        "GroupBy",
        json!([{ "Type": "DIMENSION", "Key": "LINKED_ACCOUNT" }]),
    );
    let answer = page(&account, &request).await;
    assert_eq!(
        answer["DimensionValueAttributes"][0],
        json!({ "Value": "111122223333", "Attributes": { "description": "Production" } })
    );
    assert_eq!(answer["GroupDefinitions"], json!([{ "Type": "DIMENSION", "Key": "LINKED_ACCOUNT" }]));
}

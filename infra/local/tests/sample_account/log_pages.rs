//! Paging of `FilterLogEvents`.

use crate::ask::{account, log_pages, post_search, search, with};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

#[tokio::test]
async fn small_pages_hold_what_large_ones_do() {
    let account = account().await;
    let whole = log_pages(&account, &search(1)).await.concat();
    let small = log_pages(&account, &with(search(1), "limit", json!(100))).await;
    assert_eq!(small.len(), 20);
    assert!(small.iter().all(|page| page.len() <= 100));
    assert_eq!(small.concat(), whole);

    let (_, first) = post_search::<Value>(&account, &with(search(1), "limit", json!(100))).await;
    let rest = with(search(1), "nextToken", first["nextToken"].clone());
    let (_, next) = post_search::<Value>(&account, &rest).await;
    assert_eq!(next["events"].as_array().map(Vec::as_slice), Some(&whole[100..]), "the size of a page may change");
}

/// As of AWS: what a search finds on one page is a slice of time, not a number of matches.
#[tokio::test]
async fn a_page_without_matches_is_not_the_last_one() {
    let account = account().await;
    let rare = with(search(4 * 24), "filterPattern", json!("ExitError"));
    let pages = log_pages(&account, &rare).await;
    let found = pages.concat();
    assert_eq!(pages.len(), 17);
    assert!(pages.iter().filter(|page| page.is_empty()).count() > 10, "{found:?}");
    assert!(!found.is_empty());
    assert!(found.iter().all(|event| event["message"].as_str().is_some_and(|line| line.contains("ExitError"))));
}

#[tokio::test]
async fn a_page_is_at_most_a_megabyte_of_events() {
    let account = account().await;
    let pages = log_pages(&account, &search(6)).await;
    let bytes = |page: &Vec<Value>| -> usize {
        page.iter().map(|event| event["message"].as_str().map_or(0, str::len) + 26).sum()
    };
    assert!(pages.iter().all(|page| bytes(page) <= 1024 * 1024));
    assert!(pages.iter().any(|page| bytes(page) > 1000 * 1024), "{:?}", pages.iter().map(bytes).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_token_is_good_for_its_own_search_only() {
    let account = account().await;
    let (_, page) = post_search::<Value>(&account, &with(search(1), "limit", json!(5))).await;
    let other = with(with(search(1), "filterPattern", json!("ERROR")), "nextToken", page["nextToken"].clone());
    let (status, answer) = post_search::<Value>(&account, &other).await;
    assert_eq!((status, &answer["__type"]), (400, &json!("InvalidParameterException")));
}

/// A page of which only the size matters.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    events: Vec<IgnoredAny>,
    next_token: Option<String>,
}

#[tokio::test]
async fn a_long_period_has_a_hundred_thousand_matches() {
    let account = account().await;
    let mut body = with(search(5 * 24), "filterPattern", json!("INFO"));
    let mut matches = 0;
    loop {
        let (_, page) = post_search::<Page>(&account, &body).await;
        matches += page.events.len();
        match page.next_token {
            Some(token) => body["nextToken"] = token.into(),
            None => break,
        }
    }
    assert!(matches > 100_000, "{matches}");
}

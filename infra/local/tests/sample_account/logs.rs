//! `FilterLogEvents`: whose log it is, and what is in it.

use std::collections::BTreeSet;

use crate::ask::{account, log_pages, messages, noon, post_search, search, with};
use jiff::civil::date;
use penstock::sample_account::start_on;
use serde_json::{Value, json};

#[tokio::test]
async fn events_of_several_streams_come_in_the_order_of_time() {
    let events = log_pages(&account().await, &search(1)).await.concat();
    let time = |event: &Value| event["timestamp"].as_i64().expect("a number");
    assert_eq!(events.len(), 60 * 32);
    assert!(events.is_sorted_by_key(time));
    assert!(events.iter().all(|event| event["ingestionTime"].as_i64().is_some_and(|at| at > time(event))));

    let ids: BTreeSet<_> = events.iter().map(|event| event["eventId"].as_str().expect("an id")).collect();
    assert_eq!(ids.len(), events.len());
    let streams: Vec<_> = events.iter().map(|event| event["logStreamName"].as_str().expect("a name")).collect();
    assert_eq!(streams.iter().collect::<BTreeSet<_>>().len(), 3);
    let changes = streams.windows(2).filter(|pair| pair[0] != pair[1]).count();
    assert!(changes > 100, "{changes}");
    assert!(streams.iter().all(|stream| stream.starts_with("2026/11/21/[7]")), "{streams:?}");
}

#[tokio::test]
async fn lines_are_json_and_text_of_three_levels() {
    let messages = messages(&account().await, &search(6)).await;
    let (json, text): (Vec<_>, Vec<_>) = messages.iter().partition(|message| message.starts_with('{'));
    assert!(!text.is_empty());
    let levels: BTreeSet<_> = json
        .iter()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON")["level"].as_str().expect("a level").to_owned())
        .collect();
    assert_eq!(levels, BTreeSet::from(["ERROR", "INFO", "WARN"].map(str::to_owned)));
    for part in ["START RequestId: ", "REPORT RequestId: ", " INFO answered", " WARN answered", "Task timed out"] {
        assert!(text.iter().any(|line| line.contains(part)), "{part}");
    }
}

#[tokio::test]
async fn either_name_of_the_group_will_do_and_no_other() {
    let account = account().await;
    let expected = log_pages(&account, &search(1)).await;
    let arn = "arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/penstock-sample";
    for identifier in ["/aws/lambda/penstock-sample", arn, &format!("{arn}:*")] {
        let body = json!({ "logGroupIdentifier": identifier, "startTime": noon() - 3_600_000 });
        assert_eq!(log_pages(&account, &body).await, expected, "{identifier}");
    }
    for name in ["/aws/lambda/penstock", "penstock-sample", "/aws/lambda/penstock-sample/"] {
        let (status, answer) = post_search::<Value>(&account, &json!({ "logGroupName": name })).await;
        assert_eq!((status, &answer["__type"]), (400, &json!("ResourceNotFoundException")), "{name}");
    }
    for body in [json!({}), with(search(1), "logGroupIdentifier", json!(arn))] {
        let (status, answer) = post_search::<Value>(&account, &body).await;
        assert_eq!((status, &answer["__type"]), (400, &json!("InvalidParameterException")));
    }
}

#[tokio::test]
async fn both_ends_of_the_period_count() {
    let account = account().await;
    let some = log_pages(&account, &search(1)).await.concat();
    let (first, last) = (&some[10]["timestamp"], &some[20]["timestamp"]);
    let body = with(with(search(1), "startTime", first.clone()), "endTime", last.clone());
    let between = log_pages(&account, &body).await.concat();
    assert_eq!(between, some[10..=20]);
}

#[tokio::test]
async fn the_log_ends_now_and_begins_thirty_days_ago() {
    let account = account().await;
    let last = log_pages(&account, &search(1)).await.concat().pop().expect("events");
    assert!(last["timestamp"].as_i64().is_some_and(|at| at <= noon()), "{last}");
    assert_eq!(messages(&account, &with(search(1), "startTime", json!(noon() + 1))).await, [""; 0]);

    let old = with(with(search(1), "startTime", json!(0)), "endTime", json!(noon() - 30 * 24 * 3_600_000 + 60_000));
    let first = log_pages(&account, &old).await.concat();
    assert_eq!(first.len(), 32);
    assert!(first[0]["timestamp"].as_i64().is_some_and(|at| at >= noon() - 30 * 24 * 3_600_000));
}

#[tokio::test]
async fn the_same_minute_has_the_same_lines_a_week_later() {
    let minute = with(search(1), "endTime", json!(noon() - 3_540_000));
    let lines = messages(&account().await, &minute).await;
    let later = start_on(date(2026, 11, 28)).await.expect("a port");
    assert_eq!(messages(&later, &minute).await, lines);
    assert_eq!(lines.len(), 32);
}

#[tokio::test]
async fn streams_can_be_chosen_by_name_or_prefix() {
    let account = account().await;
    let all = log_pages(&account, &search(1)).await.concat();
    let stream = &all[0]["logStreamName"];
    let mine: Vec<_> = all.iter().filter(|event| event["logStreamName"] == *stream).cloned().collect();
    assert!(mine.len() < all.len());
    let by_name = with(search(1), "logStreamNames", json!([stream]));
    assert_eq!(log_pages(&account, &by_name).await.concat(), mine);
    let by_prefix = with(search(1), "logStreamNamePrefix", stream.clone());
    assert_eq!(log_pages(&account, &by_prefix).await.concat(), mine);
    let (status, answer) = post_search::<Value>(&account, &with(by_name, "logStreamNamePrefix", stream.clone())).await;
    assert_eq!((status, &answer["__type"]), (400, &json!("InvalidParameterException")));
}

#[tokio::test]
async fn impossible_parameters_are_named() {
    let account = account().await;
    for (body, named) in [
        (with(search(1), "limit", json!(0)), "limit"),
        (with(search(1), "limit", json!(10_001)), "limit"),
        (with(search(1), "startTime", json!(-1)), "startTime"),
        (with(search(1), "endTime", json!(1)), "endTime"),
        (with(search(1), "filterPattern", json!("x".repeat(1025))), "1024"),
        (with(search(1), "nextToken", json!("bm90IG91cnM")), "nextToken"),
    ] {
        let (status, answer) = post_search::<Value>(&account, &body).await;
        assert_eq!((status, &answer["__type"]), (400, &json!("InvalidParameterException")), "{answer}");
        assert!(answer["message"].as_str().is_some_and(|message| message.contains(named)), "{answer}");
    }
    let (_, answer) = post_search::<Value>(&account, &with(search(1), "limit", json!("ten"))).await;
    assert_eq!(answer["__type"], "SerializationException");
}

//! All pages, one progress event for each, and what they cost.

use serde_json::{Value, json};

use crate::peer::{Peer, call, call_within, page, period};

fn arguments() -> Value {
    json!({ "start_date": "2026-01-01", "end_date": "2026-03-01", "group_by": [{ "type": "DIMENSION", "key": "SERVICE" }] })
}

#[test]
fn every_page_is_fetched_and_told_of() {
    let peer = Peer::answering(vec![
        page(&[period("2026-01-01", "2026-02-01", &[("EC2", "10.25")])], Some("two")),
        page(&[period("2026-01-01", "2026-02-01", &[("S3", "0.5")])], Some("three")),
        page(&[period("2026-02-01", "2026-03-01", &[("EC2", "11"), ("S3", "-0.25")])], None),
    ]);
    let frames = call(&peer.worker(), arguments());
    let progress: Vec<_> = frames[..3].iter().map(|frame| &frame["progress"]).collect();
    assert_eq!(
        progress,
        [
            &json!({ "progress": 1, "message": "page 1: 1 rows so far" }),
            &json!({ "progress": 2, "message": "page 2: 2 rows so far" }),
            &json!({ "progress": 3, "total": 3, "message": "page 3: 4 rows so far" }),
        ]
    );
    let result = &frames[3]["result"];
    let output = &result["structuredContent"];
    let rows = output["rows"].as_array().expect("rows");
    let cells: Vec<_> = rows
        .iter()
        .map(|row| (&row["start"], &row["keys"][0], &row["metrics"]["UnblendedCost"]["amount"]))
        .map(|(start, key, amount)| [start, key, amount].map(|cell| cell.as_str().expect("a string")))
        .collect();
    assert_eq!(
        cells,
        [
            ["2026-01-01", "EC2", "10.25"],
            ["2026-01-01", "S3", "0.5"],
            ["2026-02-01", "EC2", "11"],
            ["2026-02-01", "S3", "-0.25"],
        ]
    );
    assert_eq!(output["totals"], json!({ "UnblendedCost": { "amount": "21.5", "unit": "USD" } }));
    assert_eq!(output["truncated"], false);
    assert_eq!(result["_meta"], json!({ "penstock/costUsd": 0.03 }));
    let text = result["content"][0]["text"].as_str().expect("a text");
    assert!(text.contains("2026-02-01  S3           -0.25 USD\ntotal                    21.50 USD\n"), "{text}");

    let tokens: Vec<_> = peer.requests().into_iter().map(|request| request.body["NextPageToken"].clone()).collect();
    assert_eq!(tokens, [Value::Null, json!("two"), json!("three")]);
}

#[test]
fn an_endless_answer_is_cut_off_and_said_to_be_incomplete() {
    let peer = Peer::answering(vec![page(&[period("2026-01-01", "2026-02-01", &[("EC2", "1")])], Some("more"))]);
    let frames = call(&peer.worker(), arguments());
    let result = &frames[50]["result"];
    assert_eq!(peer.requests().len(), 50);
    assert_eq!(result["structuredContent"]["truncated"], true);
    assert_eq!(result["_meta"], json!({ "penstock/costUsd": 0.5 }));
    assert!(result["content"][0]["text"].as_str().is_some_and(|text| text.contains("Incomplete")), "{result}");
}

#[test]
fn what_is_paid_for_is_shown_when_time_runs_out() {
    let peer = Peer::answering(vec![page(&[period("2026-01-01", "2026-02-01", &[("EC2", "1")])], Some("more"))]);
    let frames = call_within(&peer.worker(), arguments(), 9);
    let result = &frames[1]["result"];
    assert_eq!(peer.requests().len(), 1);
    assert_eq!(result["structuredContent"]["truncated"], true);
    assert_eq!(result["_meta"], json!({ "penstock/costUsd": 0.01 }));
}

#[test]
fn a_total_is_one_row_without_keys() {
    let peer = Peer::answering(vec![page(&[period("2026-01-01", "2026-03-01", &[("", "7.5")])], None)]);
    let frames = call(&peer.worker(), json!({ "start_date": "2026-01-01", "end_date": "2026-03-01" }));
    let rows = &frames[1]["result"]["structuredContent"]["rows"];
    let amount = json!({ "UnblendedCost": { "amount": "7.5", "unit": "USD" } });
    let row = json!({ "start": "2026-01-01", "end": "2026-03-01", "keys": [], "metrics": amount, "estimated": false });
    assert_eq!(rows, &json!([row]));
}

#[test]
fn account_ids_are_shown_with_their_names() {
    let (status, mut answer) = page(&[period("2026-01-01", "2026-02-01", &[("111122223333", "1")])], None);
    let name = json!({ "Value": "111122223333", "Attributes": { "description": "Production" } });
    answer["DimensionValueAttributes"] = json!([name]);
    let peer = Peer::answering(vec![(status, answer)]);
    let frames = call(&peer.worker(), arguments());
    let result = &frames[1]["result"];
    assert_eq!(result["structuredContent"]["account_names"], json!({ "111122223333": "Production" }));
    assert!(result["content"][0]["text"].as_str().is_some_and(|text| text.contains("(Production)")), "{result}");
}

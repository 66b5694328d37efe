//! `get_cost_comparison_drivers`: why two months differ.

use serde_json::{Value, json};

use crate::comparisons::{change, changed};
use crate::peer::{Peer, result, text};

fn page(services: &[Value], next: Option<&str>) -> (u16, Value) {
    let mut page = json!({ "CostComparisonDrivers": services });
    page["NextPageToken"] = next.map_or(Value::Null, |next| json!(next));
    (200, page)
}

fn service(name: &str, usage_type: &str, metrics: &Value, drivers: &[Value]) -> Value {
    let dimension = |key: &str, value: &str| json!({ "Dimensions": { "Key": key, "Values": [value] } });
    json!({
        "CostSelector": { "And": [dimension("SERVICE", name), dimension("USAGE_TYPE", usage_type)] },
        "Metrics": metrics,
        "CostDrivers": drivers,
    })
}

fn driver(kind: &str, name: &str, metrics: &Value) -> Value {
    json!({ "Type": kind, "Name": name, "Metrics": metrics })
}

#[test]
fn every_group_comes_with_what_drove_it() {
    let credit = driver("CREDIT", "Promotion", &change("0", "-1"));
    let usage = driver("USAGE_CHANGE", "BoxUsage", &change("10", "14.5"));
    let compute = service("EC2", "BoxUsage", &change("10", "13.5"), &[credit, usage]);
    let storage = service("S3", "TimedStorage", &change("4", "4.01"), &[]);
    let peer = Peer::answering(vec![page(&[storage], Some("more")), page(&[compute], None)]);
    let arguments = json!({ "baseline": "2026-01", "comparison": "2026-02" });
    let result = result(&peer.tool("get_cost_comparison_drivers"), arguments);
    let rows = json!([
        {
            "group": { "SERVICE": "EC2", "USAGE_TYPE": "BoxUsage" },
            "metrics": changed("10", "13.5", "3.5", Some("35")),
            "drivers": [
                { "type": "USAGE_CHANGE", "name": "BoxUsage", "metrics": changed("10", "14.5", "4.5", Some("45")) },
                { "type": "CREDIT", "name": "Promotion", "metrics": changed("0", "-1", "-1", None) },
            ],
        },
        {
            "group": { "SERVICE": "S3", "USAGE_TYPE": "TimedStorage" },
            "metrics": changed("4", "4.01", "0.01", Some("0.25")),
            "drivers": [],
        },
    ]);
    assert_eq!(result["structuredContent"]["rows"], rows);
    assert_eq!(result["_meta"], json!({ "penstock/costUsd": 0.02 }));
    let table = "\
UnblendedCost of AWS in 2026-02 compared with 2026-01
SERVICE  USAGE_TYPE    driver                    2026-01    2026-02     change        %
EC2      BoxUsage                              10.00 USD  13.50 USD  +3.50 USD    +35 %
EC2      BoxUsage      USAGE_CHANGE: BoxUsage  10.00 USD  14.50 USD  +4.50 USD    +45 %
EC2      BoxUsage      CREDIT: Promotion        0.00 USD  -1.00 USD  -1.00 USD      new
S3       TimedStorage                           4.00 USD   4.01 USD  +0.01 USD  +0.25 %
";
    assert_eq!(text(&result), table);
}

#[test]
fn pages_are_as_large_as_the_api_makes_them() {
    let peer = Peer::answering(vec![page(&[], None)]);
    let arguments = json!({
        "baseline": "2026-01", "comparison": "2026-02", "group_by": [{ "type": "DIMENSION", "key": "REGION" }],
    });
    let result = result(&peer.tool("get_cost_comparison_drivers"), arguments);
    assert!(text(&result).ends_with("nothing drove the costs of these months apart.\n"), "{result}");
    let requests = peer.requests();
    let expected = json!({
        "BaselineTimePeriod": { "Start": "2026-01-01", "End": "2026-02-01" },
        "ComparisonTimePeriod": { "Start": "2026-02-01", "End": "2026-03-01" },
        "MetricForComparison": "UnblendedCost",
        "GroupBy": [{ "Type": "DIMENSION", "Key": "REGION" }],
        "MaxResults": 10,
    });
    assert_eq!(requests[0].body, expected);
    assert!(requests[0].head.contains("awsinsightsindexservice.getcostcomparisondrivers"), "{}", requests[0].head);
}

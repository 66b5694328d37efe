//! `get_cost_and_usage_comparisons`: two months, group by group.

use serde_json::{Value, json};

use crate::peer::{Peer, refusal, result, text};

/// What the API says about an amount in two months.
pub(crate) fn change(baseline: &str, comparison: &str) -> Value {
    json!({ "UnblendedCost": {
        "BaselineTimePeriodAmount": baseline,
        "ComparisonTimePeriodAmount": comparison,
        "Difference": "whatever the API makes of it",
        "Unit": "USD",
    } })
}

/// What the tool says about it.
pub(crate) fn changed(baseline: &str, comparison: &str, difference: &str, percent: Option<&str>) -> Value {
    let mut change = json!({ "baseline": baseline, "comparison": comparison, "difference": difference, "unit": "USD" });
    if let Some(percent) = percent {
        change["percent"] = json!(percent);
    }
    json!({ "UnblendedCost": change })
}

fn group(service: &str, team: &str, metrics: &Value) -> Value {
    let tag = json!({ "Tags": { "Key": "Team", "Values": [team], "MatchOptions": ["EQUALS"] } });
    let service = json!({ "Dimensions": { "Key": "SERVICE", "Values": [service] } });
    json!({ "CostAndUsageSelector": { "And": [service, tag] }, "Metrics": metrics })
}

fn page(groups: &[Value], next: Option<&str>) -> (u16, Value) {
    let mut page = json!({ "CostAndUsageComparisons": groups, "TotalCostAndUsage": change("30", "27.6") });
    page["NextPageToken"] = next.map_or(Value::Null, |next| json!(next));
    (200, page)
}

#[test]
fn groups_of_all_pages_are_compared_exactly_and_the_largest_change_comes_first() {
    let lambda = group("AWS Lambda", "web", &change("10.1", "10.4"));
    let storage = group("S3", "", &change("0", "2.2"));
    let compute = group("EC2", "data", &change("19.9", "15"));
    let peer = Peer::answering(vec![page(&[lambda, storage], Some("more")), page(&[compute], None)]);
    let arguments = json!({
        "baseline": "2026-01",
        "comparison": "2026-02",
        "group_by": [{ "type": "DIMENSION", "key": "SERVICE" }, { "type": "TAG", "key": "Team" }],
    });
    let result = result(&peer.tool("get_cost_and_usage_comparisons"), arguments);
    let row = |service: &str, team: &str, metrics: Value| json!({ "group": { "SERVICE": service, "Team": team }, "metrics": metrics });
    let expected = json!({
        "baseline": "2026-01",
        "comparison": "2026-02",
        "metric": "UnblendedCost",
        "group_by": ["SERVICE", "Team"],
        "rows": [
            row("EC2", "data", changed("19.9", "15", "-4.9", Some("-24.62"))),
            row("S3", "", changed("0", "2.2", "2.2", None)),
            row("AWS Lambda", "web", changed("10.1", "10.4", "0.3", Some("2.97"))),
        ],
        "totals": changed("30", "27.6", "-2.4", Some("-8")),
        "truncated": false,
    });
    assert_eq!(result["structuredContent"], expected);
    assert_eq!(result["_meta"], json!({ "penstock/costUsd": 0.02 }));
    let table = "\
UnblendedCost of AWS in 2026-02 compared with 2026-01
SERVICE     Team    2026-01    2026-02     change         %
EC2         data  19.90 USD  15.00 USD  -4.90 USD  -24.62 %
S3                 0.00 USD   2.20 USD  +2.20 USD       new
AWS Lambda  web   10.10 USD  10.40 USD  +0.30 USD   +2.97 %
total             30.00 USD  27.60 USD  -2.40 USD      -8 %
";
    assert_eq!(text(&result), table);
}

#[test]
fn months_are_asked_for_from_their_first_day_to_the_next_ones() {
    let peer = Peer::answering(vec![page(&[], None)]);
    let arguments = json!({
        "baseline": "2026-01",
        "comparison": "2025-12",
        "metric": "AmortizedCost",
        "filter": { "not": { "tags": { "key": "Team", "values": ["web"] } } },
    });
    result(&peer.tool("get_cost_and_usage_comparisons"), arguments);
    let requests = peer.requests();
    let expected = json!({
        "BaselineTimePeriod": { "Start": "2026-01-01", "End": "2026-02-01" },
        "ComparisonTimePeriod": { "Start": "2025-12-01", "End": "2026-01-01" },
        "MetricForComparison": "AmortizedCost",
        "Filter": { "Not": { "Tags": { "Key": "Team", "Values": ["web"] } } },
        "MaxResults": 2000,
    });
    assert_eq!(requests[0].body, expected);
    assert!(requests[0].head.contains("awsinsightsindexservice.getcostandusagecomparisons"), "{}", requests[0].head);
}

#[test]
fn without_keys_the_total_is_the_only_line() {
    let row = json!({ "CostAndUsageSelector": {}, "Metrics": change("30", "27.6") });
    let peer = Peer::answering(vec![page(&[row], None)]);
    let result =
        result(&peer.tool("get_cost_and_usage_comparisons"), json!({ "baseline": "2026-01", "comparison": "2026-02" }));
    assert_eq!(result["structuredContent"]["rows"][0]["group"], json!({}));
    assert!(text(&result).ends_with("total  30.00 USD  27.60 USD  -2.40 USD  -8 %\n"), "{result}");
    assert_eq!(text(&result).lines().count(), 3, "{result}");
}

#[test]
fn what_are_no_two_months_is_refused_before_it_is_paid_for() {
    let peer = Peer::answering(vec![page(&[], None)]);
    for tool in ["get_cost_and_usage_comparisons", "get_cost_comparison_drivers"] {
        let tool = peer.tool(tool);
        for (baseline, comparison, said) in [
            ("2026-01-01", "2026-02", "`baseline` is \"2026-01-01\"; send a whole month as YYYY-MM"),
            ("2026-01", "2026-00", "months go from 01 to 12"),
            ("2026-01", "2999-01", "`comparison` is 2999-01, which lies in the future"),
            ("2001-01", "2026-01", "costs are kept for 13 months"),
            ("2026-01", "2026-01", "send two different months"),
        ] {
            let text = refusal(&tool, json!({ "baseline": baseline, "comparison": comparison }));
            assert!(text.contains(said), "{said:?} is not in {text:?}");
        }
    }
    assert!(peer.requests().is_empty());
}

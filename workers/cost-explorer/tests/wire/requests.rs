//! What Cost Explorer is asked.

use serde_json::json;

use crate::peer::{Peer, call, page};

#[test]
fn arguments_reach_the_api_in_its_own_terms() {
    let peer = Peer::answering(vec![page(&[], None)]);
    let tag = json!({ "tags": { "key": "Team", "match_options": ["ABSENT"] } });
    let service =
        json!({ "key": "SERVICE", "values": ["AWS Lambda"], "match_options": ["EQUALS", "CASE_INSENSITIVE"] });
    let category = json!({ "cost_categories": { "key": "CostCenter", "values": ["Product"] } });
    let arguments = json!({
        "start_date": "2026-01-01",
        "end_date": "2026-02-01",
        "granularity": "DAILY",
        "metrics": ["AmortizedCost", "UsageQuantity"],
        "group_by": [{ "type": "TAG", "key": "Team" }, { "type": "COST_CATEGORY", "key": "CostCenter" }],
        "filter": { "and": [{ "dimensions": service }, { "not": { "or": [tag, category] } }] },
    });
    let frames = call(&peer.worker(), arguments);
    assert!(frames[1]["result"]["content"][0]["text"].as_str().is_some_and(|text| text.contains("no costs match")));
    let requests = peer.requests();
    let expected = json!({
        "TimePeriod": { "Start": "2026-01-01", "End": "2026-02-01" },
        "Granularity": "DAILY",
        "Metrics": ["AmortizedCost", "UsageQuantity"],
        "GroupBy": [{ "Type": "TAG", "Key": "Team" }, { "Type": "COST_CATEGORY", "Key": "CostCenter" }],
        "Filter": { "And": [
            { "Dimensions": { "Key": "SERVICE", "Values": ["AWS Lambda"], "MatchOptions": ["EQUALS", "CASE_INSENSITIVE"] } },
            { "Not": { "Or": [
                { "Tags": { "Key": "Team", "MatchOptions": ["ABSENT"] } },
                { "CostCategories": { "Key": "CostCenter", "Values": ["Product"] } },
            ] } },
        ] },
    });
    assert_eq!(requests[0].body, expected);
    assert!(requests[0].head.contains("x-amz-target: awsinsightsindexservice.getcostandusage"), "{}", requests[0].head);
    assert!(requests[0].head.contains("/us-east-1/ce/aws4_request"), "{}", requests[0].head);
}

#[test]
fn monthly_unblended_costs_are_asked_for_by_default() {
    let peer = Peer::answering(vec![page(&[], None)]);
    call(&peer.worker(), json!({ "start_date": "2026-01-01", "end_date": "2026-02-01" }));
    let expected = json!({
        "TimePeriod": { "Start": "2026-01-01", "End": "2026-02-01" },
        "Granularity": "MONTHLY",
        "Metrics": ["UnblendedCost"],
    });
    assert_eq!(peer.requests()[0].body, expected);
}

//! `get_dimension_values` and `get_tag_values`: what filters can be made of.

use serde_json::{Value, json};

use crate::peer::{Peer, refusal, result, text};

fn accounts(ids: &[&str], next: Option<&str>) -> (u16, Value) {
    let value = |id: &&str| json!({ "Value": id, "Attributes": { "description": format!("Account {id}") } });
    let values: Vec<_> = ids.iter().map(value).collect();
    let mut page = json!({ "DimensionValues": values, "ReturnSize": values.len(), "TotalSize": 3 });
    page["NextPageToken"] = next.map_or(Value::Null, |next| json!(next));
    (200, page)
}

fn tags(values: &[&str], next: Option<&str>) -> (u16, Value) {
    let mut page = json!({ "Tags": values, "ReturnSize": values.len(), "TotalSize": values.len() });
    page["NextPageToken"] = next.map_or(Value::Null, |next| json!(next));
    (200, page)
}

#[test]
fn values_of_all_pages_come_with_their_attributes() {
    let peer = Peer::answering(vec![accounts(&["1", "2"], Some("more")), accounts(&["3"], None)]);
    let arguments = json!({ "dimension_key": "LINKED_ACCOUNT", "start_date": "2026-01-01", "end_date": "2026-02-01" });
    let result = result(&peer.tool("get_dimension_values"), arguments);
    let value = |id: &str| json!({ "value": id, "attributes": { "description": format!("Account {id}") } });
    let expected = json!({
        "dimension_key": "LINKED_ACCOUNT",
        "start_date": "2026-01-01",
        "end_date": "2026-02-01",
        "values": [value("1"), value("2"), value("3")],
        "truncated": false,
    });
    assert_eq!(result["structuredContent"], expected);
    assert_eq!(result["_meta"], json!({ "penstock/costUsd": 0.02 }));
    assert!(text(&result).contains("3      description: Account 3\n"), "{result}");
    let requests = peer.requests();
    let expected = json!({
        "TimePeriod": { "Start": "2026-01-01", "End": "2026-02-01" },
        "Dimension": "LINKED_ACCOUNT",
        "Context": "COST_AND_USAGE",
    });
    assert_eq!(requests[0].body, expected);
    assert_eq!(requests[1].body["NextPageToken"], "more");
    assert!(requests[0].head.contains("awsinsightsindexservice.getdimensionvalues"), "{}", requests[0].head);
}

#[test]
fn a_search_and_a_context_reach_the_api() {
    let peer = Peer::answering(vec![accounts(&[], None)]);
    let arguments = json!({ "dimension_key": "SCOPE", "context": "RESERVATIONS", "search_string": "Region" });
    let result = result(&peer.tool("get_dimension_values"), arguments);
    assert!(text(&result).contains("none. Ask for a longer period"), "{result}");
    let body = &peer.requests()[0].body;
    assert_eq!([&body["Dimension"], &body["Context"], &body["SearchString"]], ["SCOPE", "RESERVATIONS", "Region"]);
}

#[test]
fn values_of_a_tag_are_asked_of_the_api_for_tags() {
    let peer = Peer::answering(vec![tags(&["", "data"], Some("more")), tags(&["web\nshop"], None)]);
    let tool = peer.tool("get_tag_values");
    let arguments = json!({
        "tag_key": "Team", "start_date": "2026-01-01", "end_date": "2026-02-01", "search_string": "",
    });
    let result = result(&tool, arguments);
    let expected = json!({
        "tag_key": "Team",
        "start_date": "2026-01-01",
        "end_date": "2026-02-01",
        "values": ["", "data", "web\nshop"],
        "truncated": false,
    });
    assert_eq!(result["structuredContent"], expected);
    assert!(text(&result).ends_with("value\n(without the tag)\ndata\nweb shop\n"), "{result}");
    let requests = peer.requests();
    let expected = json!({ "TimePeriod": { "Start": "2026-01-01", "End": "2026-02-01" }, "TagKey": "Team" });
    assert_eq!(requests[0].body, expected);
    assert!(requests[0].head.contains("x-amz-target: awsinsightsindexservice.gettags"), "{}", requests[0].head);
}

#[test]
fn no_values_come_with_what_may_be_the_reason() {
    let peer = Peer::answering(vec![tags(&[], None)]);
    let result = result(&peer.tool("get_tag_values"), json!({ "tag_key": "team" }));
    assert_eq!(result["structuredContent"]["values"], json!([]));
    assert!(text(&result).contains("activated as a cost allocation tag"), "{result}");
}

#[test]
fn bad_arguments_are_refused_with_what_to_send() {
    let peer = Peer::answering(vec![tags(&[], None)]);
    let (dimensions, tag_values) = (peer.tool("get_dimension_values"), peer.tool("get_tag_values"));
    for (tool, arguments, said) in [
        (&dimensions, json!({ "dimension_key": "CHARGE_TYPE" }), "RECORD_TYPE, REGION"),
        (&dimensions, json!({ "dimension_key": "SERVICE", "context": "BILLS" }), "unknown variant `BILLS`"),
        (
            &dimensions,
            json!({ "dimension_key": "SERVICE", "start_date": "2999-01-01", "end_date": "2999-01-02" }),
            "future",
        ),
        (&tag_values, json!({ "tag_key": "" }), "send the key of a tag"),
        (&tag_values, json!({ "tag_key": "Team", "end_date": "tomorrow" }), "send a date as YYYY-MM-DD"),
    ] {
        let text = refusal(tool, arguments);
        assert!(text.contains(said), "{said:?} is not in {text:?}");
    }
    assert!(peer.requests().is_empty());
}

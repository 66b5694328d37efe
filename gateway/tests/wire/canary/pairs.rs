//! Two documents of one name: a version for everybody and a canary.

use serde_json::{Value, json};

use super::{gateway, in_part, listed, listed_version, named, result, version};
use crate::support::{entry_of, request};

#[tokio::test]
async fn a_canary_of_no_percent_is_for_nobody() {
    let (gateway, _) = gateway(&[version(7, None), version(8, Some(0))]);
    assert_eq!(listed_version(&gateway, Some(&in_part(0))).await, "7");
}

#[tokio::test]
async fn a_canary_alone_is_for_everybody() {
    for percent in [0, 1, 99] {
        let (gateway, _) = gateway(&[version(8, Some(percent))]);
        for part in [0, 50, 99] {
            assert_eq!(listed_version(&gateway, Some(&in_part(part))).await, "8", "{percent} %");
        }
    }
}

#[tokio::test]
async fn one_stable_version_and_one_canary_is_all_there_can_be() {
    let documents =
        [version(8, Some(50)), version(7, None), version(6, None), version(9, Some(90)), version(5, Some(50))];
    let (gateway, _) = gateway(&documents);
    assert_eq!(listed_version(&gateway, Some(&in_part(0))).await, "8", "the first canary");
    assert_eq!(listed_version(&gateway, Some(&in_part(60))).await, "7", "the first of the others");
}

/// A resource named `name` at a URI, its function of a version.
fn resource(name: &str, uri: &str, number: u8, canary: Option<u8>) -> Value {
    let mut entry = entry_of("resource", &json!({ "name": name, "uri": uri }));
    entry["function"] = json!(format!("{name}:{number}"));
    entry["cache"] = json!({ "ttlMs": 1000, "scope": "public" });
    if let Some(percent) = canary {
        entry["canary"] = json!(percent);
    }
    entry
}

/// R-3: what differs from caller to caller is kept for one alone, whatever the manifest says.
#[tokio::test]
async fn a_canary_of_a_resource_may_be_read_elsewhere() {
    let (gateway, functions) = gateway(&[resource("r", "x:old", 7, None), resource("r", "x:new", 8, Some(50))]);
    for (part, [there, gone], number) in [(49, ["x:new", "x:old"], "8"), (50, ["x:old", "x:new"], "7")] {
        let caller = in_part(part);
        let read = |uri| request("resources/read", json!({ "uri": uri })).extension(caller.clone());
        let list = result(&gateway, request("resources/list", json!({})), Some(&caller)).await;
        assert_eq!(list["resources"], json!([{ "name": "r", "uri": there }]));
        let answer = result(&gateway, read(there), None).await;
        assert_eq!((&answer["contents"][0]["text"], &answer["cacheScope"]), (&json!(number), &json!("private")));
        assert_eq!(read(gone).refusal(&gateway).await.1, -32602);
        assert_eq!(functions.called(), [format!("r:{number}")]);
    }
}

#[tokio::test]
async fn nobody_else_has_the_uri_of_either_version() {
    let pair = [resource("r", "x:old", 7, None), resource("r", "x:new", 8, Some(50))];
    let others = [resource("s", "x:new", 1, None), resource("t", "x:old", 1, None), resource("u", "x:u", 1, None)];
    let (gateway, _) = gateway(&[&pair[..], &others].concat());
    for part in [49, 50] {
        let list = result(&gateway, request("resources/list", json!({})), Some(&in_part(part))).await;
        let names = list["resources"].as_array().expect("a list").iter().map(|one| one["name"].clone());
        assert_eq!(names.collect::<Vec<_>>(), ["r", "u"]);
    }
}

#[tokio::test]
async fn percentages_beyond_sixteen_are_for_fewer_callers_than_they_say() {
    let name = |percent: u8| format!("t{percent:02}");
    let pairs = (1..=20)
        .map(|percent| [named(&name(percent), version(7, None)), named(&name(percent), version(8, Some(percent)))]);
    let (gateway, _) = gateway(&pairs.collect::<Vec<_>>().concat());
    for part in [0, 9, 15, 16, 17, 50] {
        let expected = (1..=20).map(|percent: u8| {
            let number = if part < u64::from(percent.min(16)) { "8" } else { "7" };
            (name(percent), number.to_owned())
        });
        assert_eq!(listed(&gateway, Some(&in_part(part))).await, expected.collect::<Vec<_>>(), "{part}");
    }
}

//! Libraries with a canary: each version lists for its own callers.

use serde_json::{Value, json};

use super::{gateway, in_part, result};
use crate::support::{entry_of, request};

fn library(number: u8, canary: Option<u8>) -> Value {
    let mut entry = entry_of("resourceLibrary", &json!({ "name": "guides" }));
    entry["function"] = json!(format!("guides:{number}"));
    if let Some(percent) = canary {
        entry["canary"] = json!(percent);
    }
    entry
}

#[tokio::test]
async fn what_a_version_of_a_library_lists_is_its_own_callers() {
    let (gateway, functions) = gateway(&[library(7, None), library(8, Some(50))]);
    let listed = async |part| {
        let list = result(&gateway, request("resources/list", json!({})), Some(&in_part(part))).await;
        list["resources"].clone()
    };
    let of = |number: u8| json!([{ "name": format!("of-{number}"), "uri": format!("x:{number}") }]);
    assert_eq!(listed(50).await, of(7));
    assert_eq!(functions.called(), ["guides:7"], "nobody waits for a version that is not for them");
    assert_eq!(listed(49).await, of(8));
    assert_eq!(functions.called(), ["guides:8"]);
    assert_eq!([listed(50).await, listed(49).await], [of(7), of(8)]);
    assert!(functions.called().is_empty(), "both listings are good for a while");
    let read = |uri, part| request("resources/read", json!({ "uri": uri })).extension(in_part(part));
    assert_eq!(result(&gateway, read("x:8", 49), None).await["contents"][0]["text"], "8");
    assert_eq!(read("x:8", 50).refusal(&gateway).await.1, -32602);
}

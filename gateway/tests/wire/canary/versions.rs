//! What a version says of itself is what its calls are held to.

use serde_json::{Value, json};

use super::{call, gateway, in_part, result, version};
use crate::support::request;

/// arguments are held against the definition the caller was listed.
#[tokio::test]
async fn arguments_fit_the_version_that_is_called() {
    let (gateway, functions) = gateway(&[version(7, None), version(8, Some(50))]);
    for (part, own, other) in [(49, "8", "7"), (50, "7", "8")] {
        let caller = in_part(part);
        assert_eq!(result(&gateway, call(own), Some(&caller)).await["isError"], Value::Null);
        assert_eq!(functions.called(), [format!("tool:{own}")]);
        assert_eq!(result(&gateway, call(other), Some(&caller)).await["isError"], true);
        assert!(functions.called().is_empty(), "nobody is billed for it");
    }
}

/// and so are results.
#[tokio::test]
async fn results_fit_the_version_that_is_called() {
    let mut wrong = version(8, Some(50));
    wrong["function"] = json!("tool:9");
    let (gateway, _) = gateway(&[version(7, None), wrong]);
    let (_, body) = call("8").extension(in_part(49)).json(&gateway).await;
    assert_eq!(body["error"]["code"], -32603, "9 is not what version 8 promises: {body}");
    let answer = result(&gateway, call("7"), Some(&in_part(50))).await;
    assert_eq!(answer["structuredContent"]["version"], "7");
}

/// D-4: capabilities are those of what the caller is served.
#[tokio::test]
async fn a_capability_of_a_canary_is_one_of_its_callers() {
    let mut canary = version(8, Some(50));
    canary["task"] = json!("optional");
    let (gateway, _) = gateway(&[version(7, None), canary]);
    let extensions = async |part| {
        let discovered = result(&gateway, request("server/discover", json!({})), Some(&in_part(part))).await;
        discovered["capabilities"]["extensions"].clone()
    };
    assert_eq!(extensions(49).await, json!({ "io.modelcontextprotocol/tasks": {} }));
    assert_eq!(extensions(50).await, Value::Null);
}

#[tokio::test]
async fn a_canary_may_need_scopes_that_its_predecessor_does_not() {
    let mut canary = version(8, Some(50));
    canary["scopes"] = json!(["tools:write"]);
    let (gateway, _) = gateway(&[version(7, None), canary]);
    let (without, mut with) = (in_part(49), in_part(49));
    with.scopes = vec!["tools:write".to_owned()];
    assert_eq!(call("8").extension(without).refusal(&gateway).await, (403, 403));
    assert_eq!(result(&gateway, call("8"), Some(&with)).await["structuredContent"]["version"], "8");
    assert_eq!(result(&gateway, call("7"), Some(&in_part(50))).await["structuredContent"]["version"], "7");
}

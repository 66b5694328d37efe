use penstock_kit::testing;
use serde_json::{Value, json};

use super::LongOperation;

/// The text of a result with `isError`.
async fn refusal(arguments: Value) -> String {
    let frames = testing::call(LongOperation, arguments).await;
    let [frame] = frames.as_slice() else { panic!("more than a result: {frames:?}") };
    assert_eq!(frame["result"]["isError"], true, "{frame}");
    frame["result"]["content"][0]["text"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn the_manifest_is_current() {
    testing::assert_manifest_is_current::<LongOperation>();
}

#[tokio::test(start_paused = true)]
async fn every_step_is_one_progress_event_and_one_line_of_the_timeline() {
    let frames = testing::call(LongOperation, json!({ "steps": 3, "step_ms": 50 })).await;
    let steps: Vec<_> = frames[..3].iter().map(|frame| &frame["progress"]["progress"]).collect();
    assert_eq!(steps, [1, 2, 3]);
    assert!(frames[..3].iter().all(|frame| frame["progress"]["total"] == 3), "{frames:?}");
    let output = &frames[3]["result"]["structuredContent"];
    assert_eq!(output["steps"], 3);
    assert_eq!(output["timeline"][2]["step"], 3);
    assert!(output["timeline"][1]["at_ms"].as_u64() < output["timeline"][2]["at_ms"].as_u64(), "{output}");
}

#[tokio::test]
async fn numbers_out_of_range_are_refused_by_name_with_the_range() {
    assert_eq!(refusal(json!({ "steps": 0 })).await, "`steps` is 0; use 1 to 1000");
    assert_eq!(refusal(json!({ "steps": 1001 })).await, "`steps` is 1001; use 1 to 1000");
    assert_eq!(refusal(json!({ "steps": 1, "step_ms": 60_001 })).await, "`step_ms` is 60001; use 0 to 60000");
}

#[tokio::test]
async fn arguments_of_the_wrong_shape_are_refused_by_name() {
    assert_eq!(refusal(json!({})).await, "arguments: missing field `steps`");
    assert_eq!(refusal(json!({ "steps": "5" })).await, "`steps`: invalid type: string \"5\", expected u64");
    let unknown = refusal(json!({ "steps": 1, "speed": 2 })).await;
    assert_eq!(unknown, "`speed`: unknown field `speed`, expected `steps` or `step_ms`");
    assert_eq!(refusal(json!([5])).await, "`arguments` must be an object");
}

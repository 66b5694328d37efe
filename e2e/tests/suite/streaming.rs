//! A call's progress reaches the client while the worker is still at work.

use penstock_e2e::{Access, Penstock, http, requests};
use rstest::rstest;
use serde_json::json;

#[rstest]
#[tokio::test]
async fn events_arrive_while_the_worker_is_still_working(
    #[values(Access::Open, Access::Authenticated)] access: Access,
) -> anyhow::Result<()> {
    let penstock = Penstock::dev(access, &[]).await?;
    let call = requests::call(1, "long_operation", &json!({ "steps": 5, "step_ms": 200 }));
    let arrivals = http::exchange(&http::client(), penstock.url(), &call).await?;
    let (result, events) = arrivals.split_last().expect("a result");
    assert_eq!(events.len(), 5);
    let steps = result.message["result"]["structuredContent"]["timeline"].as_array().expect("the worker's own stamps");
    let worked = |at: usize| steps[at]["at_ms"].as_u64().expect("milliseconds");
    for (at, event) in events.iter().enumerate() {
        assert_eq!(event.message["params"]["progress"], json!(at + 1));
        assert_eq!(event.message["params"]["progressToken"], 1);
    }
    // By the worker's own clock the last step ended at least four pauses after the first; had the
    // events been held back, they would have arrived together.
    let spread_at_the_worker = worked(4) - worked(0);
    let spread_at_the_client = events[4].after.saturating_sub(events[0].after).as_millis();
    assert!(spread_at_the_worker >= 4 * 200, "{steps:?}");
    assert!(spread_at_the_client >= u128::from(spread_at_the_worker) / 2, "{spread_at_the_client} ms at the client");
    Ok(())
}

#[rstest]
#[tokio::test]
async fn a_client_that_asks_for_no_progress_gets_one_json_object(
    #[values(Access::Open, Access::Authenticated)] access: Access,
) -> anyhow::Result<()> {
    let penstock = Penstock::with_fixtures(access).await?;
    let mut call = requests::call(1, "test_tool_with_progress", &json!({}));
    call["params"]["_meta"].as_object_mut().expect("an object").remove("progressToken");
    let response = http::post(&http::client(), penstock.url(), &call).send().await?;
    assert_eq!(response.headers()["content-type"], "application/json");
    Ok(())
}

//! One tool broken in every way; the list and the other tools never notice.

use penstock_e2e::http::Arrival;
use penstock_e2e::{Access, Penstock, http, requests};
use rstest::rstest;
use serde_json::{Value, json};

async fn call(penstock: &Penstock, tool: &str) -> anyhow::Result<Vec<Arrival>> {
    http::exchange(&http::client(), penstock.url(), &requests::call(1, tool, &json!({}))).await
}

async fn tools(penstock: &Penstock) -> anyhow::Result<Value> {
    let mut list = http::exchange(&http::client(), penstock.url(), &requests::request(1, "tools/list")).await?;
    Ok(list.remove(0).message["result"]["tools"].take())
}

#[rstest]
#[tokio::test]
async fn a_broken_worker_leaves_the_list_and_the_other_tools_untouched(
    #[values(Access::Open, Access::Authenticated)] access: Access,
) -> anyhow::Result<()> {
    let penstock = Penstock::with_fixtures(access).await?;
    let before = tools(&penstock).await?;
    for (tool, reason) in [
        ("fault_dies_mid_stream", "crashed"),
        ("fault_no_terminal_frame", "truncated"),
        ("fault_init_error", "crashed"),
        ("fault_garbage", "contract"),
        ("fault_silent", "deadline"),
    ] {
        let arrivals = call(&penstock, tool).await?;
        let last = &arrivals.last().expect("an answer").message;
        assert_eq!(
            (&last["error"]["code"], &last["error"]["data"]["reason"]),
            (&json!(-32603), &json!(reason)),
            "{tool}"
        );
        assert_eq!(last["id"], 1, "{tool}");
        assert_eq!(tools(&penstock).await?, before, "after {tool}");
        let sound = call(&penstock, "test_simple_text").await?;
        assert_eq!(sound[0].message["result"]["isError"], Value::Null, "after {tool}");
    }
    Ok(())
}

#[rstest]
#[tokio::test]
async fn a_worker_that_dies_mid_stream_has_its_progress_delivered_first(
    #[values(Access::Open, Access::Authenticated)] access: Access,
) -> anyhow::Result<()> {
    let penstock = Penstock::with_fixtures(access).await?;
    let arrivals = call(&penstock, "fault_dies_mid_stream").await?;
    assert!(arrivals.len() >= 2, "{arrivals:?}");
    assert_eq!(arrivals[0].message["method"], "notifications/progress");
    Ok(())
}

#[rstest]
#[tokio::test]
async fn a_tool_that_panics_answers_with_an_error_and_works_again(
    #[values(Access::Open, Access::Authenticated)] access: Access,
) -> anyhow::Result<()> {
    let penstock = Penstock::with_fixtures(access).await?;
    for _ in 0..2 {
        let arrivals = call(&penstock, "test_panics").await?;
        let error = &arrivals.last().expect("an answer").message["error"];
        assert_eq!(error["code"], -32603);
        assert!(!error.to_string().contains("panicked"), "{error}");
    }
    Ok(())
}

#[rstest]
#[tokio::test]
async fn a_tool_whose_concurrency_is_used_up_says_so_at_once(
    #[values(Access::Open, Access::Authenticated)] access: Access,
) -> anyhow::Result<()> {
    let penstock = Penstock::with_fixtures(access).await?;
    let client = http::client();
    let first = requests::call(1, "fault_throttled", &json!({}));
    let mut held = http::open(&client, penstock.url(), &first).await?;
    held.next().await?.expect("the first call is running");
    let second = call(&penstock, "fault_throttled").await?;
    assert_eq!(second[0].message["error"]["data"]["reason"], "throttled");
    assert_eq!(call(&penstock, "test_simple_text").await?.len(), 1);
    Ok(())
}

#[rstest]
#[tokio::test]
async fn frames_split_at_every_byte_arrive_whole(
    #[values(Access::Open, Access::Authenticated)] access: Access,
) -> anyhow::Result<()> {
    let penstock = Penstock::with_fixtures(access).await?;
    let arrivals = call(&penstock, "fault_split_frames").await?;
    let (result, events) = arrivals.split_last().expect("a result");
    assert!(!events.is_empty());
    assert!(result.message["result"]["content"].is_array(), "{result:?}");
    Ok(())
}

//! `analyze_logs` over the sample account's log.

use penstock_e2e::{Access, Penstock, http, memory, requests};
use rmcp::model::CallToolRequestParams;
use rstest::rstest;
use serde_json::{Value, json};

use crate::client;

/// What a worker may hold in memory, and what the gateway may grow by, in bytes.
const WORKER: u64 = 64 * 1024 * 1024;
const GATEWAY: u64 = 8 * 1024 * 1024;

fn arguments(start_time: &str, pattern: &str, limit: u32) -> Value {
    json!({ "log_group": "/aws/lambda/penstock-sample", "start_time": start_time, "pattern": pattern, "limit": limit })
}

#[rstest]
#[tokio::test]
async fn matches_of_a_pattern_are_found(
    #[values(Access::Open, Access::Authenticated)] access: Access,
) -> anyhow::Result<()> {
    let penstock = Penstock::dev(access, &[]).await?;
    let client = client::connect(&penstock).await?;
    let mut call = CallToolRequestParams::new("analyze_logs");
    call.arguments = arguments("1d", "ERROR", 5).as_object().cloned();
    let result = client.call_tool(call).await?;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let summary = result.structured_content.expect("a summary");
    assert_eq!(
        (&summary["matches"], &summary["levels"]["ERROR"], &summary["complete"]),
        (&json!(5), &json!(5), &json!(false))
    );
    let text = serde_json::to_value(&result.content[0])?["text"].take();
    let text = text.as_str().expect("a text");
    assert_eq!(text.lines().filter(|line| line.contains("ERROR") && line.starts_with("20")).count(), 5, "{text}");
    client.cancel().await?;
    Ok(())
}

#[tokio::test]
async fn matches_are_told_while_the_search_goes_on() -> anyhow::Result<()> {
    let penstock = Penstock::dev(Access::Open, &[]).await?;
    let mut call = requests::call(1, "analyze_logs", &arguments("3h", "", 1000));
    call["params"]["_meta"]["io.modelcontextprotocol/logLevel"] = json!("info");
    let arrivals = http::exchange(&http::client(), penstock.url(), &call).await?;
    let (result, before) = arrivals.split_last().expect("a result");
    let of = |method: &str| before.iter().filter(|arrival| arrival.message["method"] == method).collect::<Vec<_>>();
    let told: String =
        of("notifications/message").iter().filter_map(|arrival| arrival.message["params"]["data"].as_str()).collect();
    let text = result.message["result"]["content"][0]["text"].as_str().expect("a text");
    assert_eq!(text.split_once("\n\n").map(|(_, matches)| matches), Some(&*told));
    assert!(!of("notifications/progress").is_empty());
    Ok(())
}

#[tokio::test]
async fn a_group_that_is_not_there_is_a_failure_the_model_reads() -> anyhow::Result<()> {
    let penstock = Penstock::dev(Access::Open, &[]).await?;
    let call = requests::call(1, "analyze_logs", &json!({ "log_group": "/aws/lambda/none", "start_time": "1h" }));
    let answer = http::exchange(&http::client(), penstock.url(), &call).await?;
    let result = &answer[0].message["result"];
    assert_eq!(result["isError"], true, "{result}");
    let text = result["content"][0]["text"].as_str().expect("a text");
    assert!(text.starts_with("There is no log group \"/aws/lambda/none\""), "{text}");
    Ok(())
}

#[tokio::test]
async fn a_hundred_thousand_matches_stream_in_bounded_memory() -> anyhow::Result<()> {
    let penstock = Penstock::dev(Access::Open, &[]).await?;
    let client = http::client();
    let call = |limit: u32| requests::call(1, "analyze_logs", &arguments("7d", "", limit));
    http::exchange(&client, penstock.url(), &call(1)).await?;
    let before = memory::peak(&penstock, "penstock-gateway")?;
    let arrivals = http::exchange(&client, penstock.url(), &call(100_000)).await?;
    let (result, progress) = arrivals.split_last().expect("a result");
    assert!(progress.len() > 9, "{} pages", progress.len());
    let result = &result.message["result"];
    assert_eq!(result["structuredContent"]["matches"], 100_000, "{:.500}", result.to_string());
    let text = result["content"][0]["text"].as_str().expect("a text");
    let (_, matches) = text.split_once("\n\n").expect("a head");
    assert_eq!(matches.lines().filter(|line| !line.starts_with(' ')).count(), 100_000);

    let worker = memory::peak(&penstock, "penstock-logs")?;
    assert!(worker <= WORKER, "the worker held {worker} bytes");
    let grown = memory::peak(&penstock, "penstock-gateway")? - before;
    assert!(grown < GATEWAY, "the gateway grew by {grown} bytes");
    Ok(())
}

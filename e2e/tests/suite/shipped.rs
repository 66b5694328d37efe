//! What a newcomer gets from `cargo run`: the shipped tools, working, with sample data.

use penstock_e2e::{Access, Penstock, http, requests};
use rstest::rstest;
use serde_json::json;
use tokio::process::Command;

#[rstest]
#[tokio::test]
async fn every_shipped_tool_answers(
    #[values(Access::Open, Access::Authenticated)] access: Access,
) -> anyhow::Result<()> {
    let penstock = Penstock::dev(access, &[]).await?;
    let client = http::client();
    let list = http::exchange(&client, penstock.url(), &requests::request(1, "tools/list")).await?;
    let names: Vec<_> =
        list[0].message["result"]["tools"].as_array().expect("tools").iter().map(|tool| tool["name"].clone()).collect();
    for tool in ["get_cost_and_usage", "get_today_date", "long_operation", "ping"] {
        assert!(names.iter().any(|name| name == tool), "{tool} is not in {names:?}");
    }
    for tool in ["ping", "get_today_date"] {
        let answer = http::exchange(&client, penstock.url(), &requests::call(1, tool, &json!({}))).await?;
        assert!(answer[0].message["result"]["structuredContent"].is_object(), "{answer:?}");
    }
    Ok(())
}

#[rstest]
#[tokio::test]
async fn costs_come_from_the_sample_account_page_by_page(
    #[values(Access::Open, Access::Authenticated)] access: Access,
) -> anyhow::Result<()> {
    let penstock = Penstock::dev(access, &[]).await?;
    let client = http::client();
    let today = http::exchange(&client, penstock.url(), &requests::call(1, "get_today_date", &json!({}))).await?;
    let today = today[0].message["result"]["structuredContent"]["date"].as_str().expect("a date").to_owned();
    let arguments = json!({
        "start_date": format!("{}-01", &today[..7]),
        "end_date": next_month(&today),
        "granularity": "DAILY",
        "group_by": [{ "type": "DIMENSION", "key": "SERVICE" }],
    });
    let call = requests::call(1, "get_cost_and_usage", &arguments);
    let arrivals = http::exchange(&client, penstock.url(), &call).await?;
    let (result, events) = arrivals.split_last().expect("a result");
    assert_eq!(result.message["result"]["isError"], json!(null), "{result:?}");
    assert!(!events.is_empty(), "a progress event a page");
    let text = result.message["result"]["content"][0]["text"].as_str().expect("a table");
    assert!(text.contains("Amazon Simple Storage Service"), "{text}");
    Ok(())
}

/// The first of the month after `date`, which the half-open period of Cost Explorer ends on.
fn next_month(date: &str) -> String {
    let (year, month): (u32, u32) = (date[..4].parse().expect("a year"), date[5..7].parse().expect("a month"));
    if month == 12 { format!("{}-01-01", year + 1) } else { format!("{year}-{:02}-01", month + 1) }
}

#[rstest]
#[tokio::test]
async fn the_command_line_lists_and_calls(
    #[values(Access::Open, Access::Authenticated)] access: Access,
) -> anyhow::Result<()> {
    let penstock = Penstock::dev(access, &[]).await?;
    let binary = Penstock::binary().await?;
    let tools = Command::new(&binary).args(["tools", "--url", penstock.url()]).output().await?;
    assert!(String::from_utf8_lossy(&tools.stdout).contains("long_operation"), "{tools:?}");
    let arguments = r#"{"steps":3,"step_ms":1}"#;
    let call =
        Command::new(binary).args(["call", "long_operation", arguments, "--url", penstock.url()]).output().await?;
    let printed = String::from_utf8_lossy(&call.stdout);
    assert!(call.status.success(), "{call:?}");
    for step in ["1/3", "2/3", "3/3"] {
        assert!(printed.contains(step), "{printed}");
    }
    Ok(())
}

#[rstest]
#[tokio::test]
async fn ctrl_c_ends_everything_it_started(
    #[values(Access::Open, Access::Authenticated)] access: Access,
) -> anyhow::Result<()> {
    let penstock = Penstock::dev(access, &[]).await?;
    let url = penstock.url().to_owned();
    let client = http::client();
    http::exchange(&client, &url, &requests::call(1, "ping", &json!({}))).await?;
    let host = penstock.id().expect("running").to_string();
    let children = std::fs::read_to_string(format!("/proc/{host}/task/{host}/children"))?;
    assert!(penstock.stop().await?.success());
    for child in children.split_whitespace() {
        assert!(!std::path::Path::new("/proc").join(child).exists(), "{child} is left");
    }
    assert!(http::post(&client, &url, &requests::request(1, "tools/list")).send().await.is_err());
    Ok(())
}

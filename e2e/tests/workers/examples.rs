//! The examples in other languages, through the gateway with the official Rust SDK and with a client that sees when
//! each event arrives.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use anyhow::Context as _;
use penstock_e2e::{Access, Penstock, binaries, http, python, requests};
use rmcp::model::CallToolRequestParams;
use rstest::rstest;
use serde_json::{Value, json};
use tokio::process::Command;

use crate::client;

const EXAMPLES: &str = "workers/examples";

/// Calls each tool with the official SDK.
async fn call_with_sdk(penstock: &Penstock, calls: Vec<(&'static str, Value)>) -> anyhow::Result<Vec<Value>> {
    let client = client::connect(penstock).await?;
    let mut results = Vec::new();
    for (tool, arguments) in calls {
        let mut call = CallToolRequestParams::new(tool);
        call.arguments = arguments.as_object().cloned();
        results.push(serde_json::to_value(client.call_tool(call).await?)?);
    }
    client.cancel().await?;
    Ok(results)
}

#[rstest]
#[tokio::test]
async fn every_example_answers_the_official_client(
    #[values(Access::Open, Access::Authenticated)] access: Access,
) -> anyhow::Result<()> {
    let penstock = Penstock::dev(access, &["--catalog", EXAMPLES]).await?;
    let places = json!([
        { "name": "A", "latitude": 0, "longitude": 0 },
        { "name": "B", "latitude": 0, "longitude": 2 },
        { "name": "C", "latitude": 1, "longitude": 0 },
        { "name": "D", "latitude": 1, "longitude": 2 },
    ]);
    let results = call_with_sdk(
        &penstock,
        vec![
            ("count_words", json!({ "text": "Straße, STRASSE: 世界\n\nEnde." , "language": "de" })),
            ("parse_url", json!({ "url": "https://münchen.example/a?b=%20c#d" })),
            ("plan_route", json!({ "places": places })),
            ("compare_texts", json!({ "before": "a\nb", "after": "a\nc\nd" })),
        ],
    );
    let results = results.await?;
    let [words, url, route, texts] = results.as_slice() else { panic!("{results:?}") };
    assert_eq!(words["structuredContent"]["words"], 4, "{words}");
    assert_eq!(words["structuredContent"]["paragraphs"], 2, "{words}");
    assert_eq!(url["structuredContent"]["host"], "xn--mnchen-3ya.example", "{url}");
    assert_eq!(url["structuredContent"]["parameters"], json!([{ "name": "b", "value": " c" }]), "{url}");
    assert_eq!(route["structuredContent"]["order"][0], "A", "{route}");
    // Around the rectangle of one degree by two: any other order crosses it.
    let kilometres = route["structuredContent"]["kilometres"].as_f64().expect("a number");
    assert!((665.0..669.0).contains(&kilometres), "{route}");
    assert_eq!((&texts["structuredContent"]["added"], &texts["structuredContent"]["removed"]), (&json!(2), &json!(1)));
    Ok(())
}

#[rstest]
#[case("count_words", json!({ "text": "one\n\ntwo words\n\nthree words more" }), 3)]
#[case("plan_route", json!({ "places": scattered(60) }), 2)]
#[tokio::test]
async fn progress_comes_before_the_result(
    #[case] tool: &str,
    #[case] arguments: Value,
    #[case] least: usize,
) -> anyhow::Result<()> {
    let penstock = Penstock::dev(Access::Open, &["--catalog", EXAMPLES]).await?;
    let arrivals = http::exchange(&http::client(), penstock.url(), &requests::call(1, tool, &arguments)).await?;
    let (result, events) = arrivals.split_last().expect("a result");
    assert!(events.len() >= least, "{arrivals:?}");
    assert!(events.iter().all(|event| event.message["method"] == "notifications/progress"), "{arrivals:?}");
    assert!(result.message["result"]["structuredContent"].is_object(), "{result:?}");
    Ok(())
}

/// Places nobody would visit in this order.
fn scattered(count: u32) -> Value {
    (0..count)
        .map(|at| {
            let (latitude, longitude) = (f64::from(at * 37 % 90), f64::from(at * 73 % 180));
            json!({ "name": at.to_string(), "latitude": latitude, "longitude": longitude })
        })
        .collect()
}

#[tokio::test]
async fn what_an_example_throws_is_a_result_the_model_can_read() -> anyhow::Result<()> {
    let penstock = Penstock::dev(Access::Open, &["--catalog", EXAMPLES]).await?;
    let long = "x\n".repeat(5001);
    let results = call_with_sdk(
        &penstock,
        vec![
            ("parse_url", json!({ "url": "nowhere" })),
            ("compare_texts", json!({ "before": "", "after": long })),
            ("count_words", json!({ "text": "a", "language": "not a tag" })),
        ],
    );
    for (result, told) in results.await?.iter().zip(["no absolute URL", "may have 5000 lines", "no language tag"]) {
        assert_eq!(result["isError"], true, "{result}");
        let text = result["content"][0]["text"].as_str().expect("a text");
        assert!(text.contains(told), "{result}");
        assert!(!text.contains("app.py") && !text.contains("index.mjs"), "no stack trace: {result}");
    }
    Ok(())
}

/// The function is the example's own; only what runs it is AWS's.
#[tokio::test]
async fn a_plain_function_answers_under_the_runtime_client_of_aws() -> anyhow::Result<()> {
    let python = python::install("awslambdaric").await?.join("bin/python");
    let example = binaries::workspace().join(EXAMPLES).join("python/compare_texts");
    let catalog = tempfile::tempdir()?;
    for file in ["app.py", "tool.json"] {
        fs::copy(example.join(file), catalog.path().join(file))?;
    }
    let bootstrap = catalog.path().join("bootstrap");
    fs::write(&bootstrap, format!("#!/bin/sh\nexec {} -m awslambdaric app.handler\n", python.display()))?;
    fs::set_permissions(&bootstrap, fs::Permissions::from_mode(0o755))?;
    let folder = catalog.path().to_str().context("a path in UTF-8")?;
    let penstock = Penstock::dev(Access::Open, &["--catalog", folder]).await?;
    let results = call_with_sdk(
        &penstock,
        vec![
            ("compare_texts", json!({ "before": "a", "after": "ä" })),
            ("compare_texts", json!({ "before": "", "after": "x\n".repeat(5001) })),
        ],
    );
    let results = results.await?;
    assert_eq!(results[0]["structuredContent"]["diff"], "--- before\n+++ after\n@@ -1 +1 @@\n-a\n+ä");
    assert_eq!(results[1]["isError"], true);
    assert!(results[1]["content"][0]["text"].as_str().expect("a text").contains("may have 5000 lines"));
    Ok(())
}

/// `cargo run` serves the examples on every machine; one without the language says so when a tool is called.
#[rstest]
#[case("node/count_words", "no node on the PATH")]
#[case("node/parse_url", "no node on the PATH")]
#[case("python/plan_route", "python3")]
#[case("python/compare_texts", "no python3 on the PATH")]
#[tokio::test]
async fn an_example_whose_language_is_missing_says_so(#[case] example: &str, #[case] told: &str) -> anyhow::Result<()> {
    let folder: PathBuf = binaries::workspace().join(EXAMPLES).join(example);
    let nothing = tempfile::tempdir()?;
    let output =
        Command::new(folder.join("bootstrap")).current_dir(&folder).env("PATH", nothing.path()).output().await?;
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains(told), "{output:?}");
    Ok(())
}

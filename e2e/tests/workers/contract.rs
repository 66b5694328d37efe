//! Every worker that ships keeps the contract, as `penstock contract` sees it.

use std::path::Path;

use anyhow::{Context as _, ensure};
use penstock_e2e::{Penstock, binaries, python};
use rstest::rstest;
use tokio::process::Command;

/// Where folders of workers are.
const ROOTS: [&str; 2] = ["workers", "e2e"];

/// The program beside or above `manifest`: a `bootstrap`, or the binary of the family's package.
async fn program(manifest: &str) -> anyhow::Result<std::path::PathBuf> {
    let root = binaries::workspace();
    for folder in Path::new(manifest).ancestors().skip(1) {
        let bootstrap = root.join(folder).join("bootstrap");
        if bootstrap.is_file() {
            return Ok(bootstrap);
        }
        if folder.parent().is_some_and(|parent| ROOTS.iter().any(|root| parent == Path::new(root))) {
            let family = folder.file_name().context("a family has a name")?.to_string_lossy().into_owned();
            return Ok(Penstock::binaries().await?.join(format!("penstock-{family}")));
        }
    }
    anyhow::bail!("{manifest} is not in a folder of workers")
}

/// Runs `penstock contract` over the worker of `manifest`, with more options, and answers what it printed.
///
/// # Errors
/// If a rule is broken, with what was printed.
pub(crate) async fn holds(manifest: &str, options: &[&str], command: &[&str]) -> anyhow::Result<String> {
    let mut penstock = Command::new(Penstock::binary().await?);
    penstock.current_dir(binaries::workspace()).args(["contract", "--manifest", manifest]).args(options).arg("--");
    if command.is_empty() {
        penstock.arg(program(manifest).await?);
    } else {
        penstock.args(command);
    }
    let output = penstock.kill_on_drop(true).output().await?;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    ensure!(output.status.success(), "{printed}{}", String::from_utf8_lossy(&output.stderr));
    Ok(printed)
}

/// Folders of samples.
const DOCUMENTS: &str = concat!("PENSTOCK_DOCUMENTS=", env!("CARGO_MANIFEST_DIR"), "/../workers/documents/samples");
const GUIDES: &str = concat!("PENSTOCK_GUIDES=", env!("CARGO_MANIFEST_DIR"), "/../workers/documents/guides");
const PROMPTS: &str = concat!("PENSTOCK_PROMPTS=", env!("CARGO_MANIFEST_DIR"), "/../workers/prompts/samples");

/// No GitHub at all.
const GITHUB: &str = "PENSTOCK_GITHUB_URL=http://127.0.0.1:1";

/// Nobody is there: what asks a service says so, in a result.
const NOWHERE: &str = "http://127.0.0.1:1";

/// Workers that ask a service, each with a call and with the variables that name the service: whatever it answers, a worker
/// keeps the contract.
#[rstest]
#[case("cost-explorer/src/get_cost_and_usage", r#"{"start_date":"2026-01-01","end_date":"2026-02-01"}"#, &[])]
#[case("cost-explorer/src/get_cost_forecast", r#"{"start_date":"2999-01-01","end_date":"2999-02-01","metric":"UNBLENDED_COST"}"#, &[])]
#[case("cost-explorer/src/get_cost_and_usage_comparisons", r#"{"baseline":"2026-01","comparison":"2026-02","metric":"UnblendedCost"}"#, &[])]
#[case("cost-explorer/src/get_cost_comparison_drivers", r#"{"baseline":"2026-01","comparison":"2026-02","metric":"UnblendedCost"}"#, &[])]
#[case("cost-explorer/src/get_dimension_values", r#"{"dimension_key":"SERVICE"}"#, &[])]
#[case("cost-explorer/src/get_tag_values", r#"{"tag_key":"team"}"#, &[])]
#[case("logs/src/analyze_logs", r#"{"log_group":"/aws/lambda/a","start_time":"1h"}"#, &[])]
#[case("dynamodb/src/query_table", r#"{"table_name":"orders","key_condition":{"partition_key":{"name":"id","value":"1"}}}"#, &["PENSTOCK_TABLES=orders"])]
#[case("github/src/search_repositories", r#"{"query":"mcp"}"#, &["PENSTOCK_GITHUB_URL=http://127.0.0.1:1"])]
#[case("weather/src/get_weather", r#"{"location":"Graz"}"#, &["PENSTOCK_WEATHER_URL=http://127.0.0.1:1", "PENSTOCK_GEOCODING_URL=http://127.0.0.1:1"])]
#[tokio::test]
async fn every_worker_of_a_service_keeps_the_contract(
    #[case] tool: &str,
    #[case] arguments: &str,
    #[case] variables: &[&str],
) -> anyhow::Result<()> {
    let endpoint = format!("AWS_ENDPOINT_URL={NOWHERE}");
    let aws = [&*endpoint, "AWS_ACCESS_KEY_ID=none", "AWS_SECRET_ACCESS_KEY=none", "AWS_MAX_ATTEMPTS=1"];
    let variables = aws.iter().chain(variables).flat_map(|variable| ["--env", variable]);
    let options: Vec<&str> = ["--arguments", arguments].into_iter().chain(variables).collect();
    let printed = holds(&format!("workers/{tool}/tool.json"), &options, &[]).await?;
    assert!(printed.contains(" 0 failed, "), "{printed}");
    Ok(())
}

#[tokio::test]
async fn a_template_of_a_service_keeps_the_contract() -> anyhow::Result<()> {
    let options = ["--uri", "repository://octocat/hello", "--env", GITHUB];
    let printed = holds("workers/github/src/repository/resource.json", &options, &[]).await?;
    assert!(printed.contains(" 0 failed, "), "{printed}");
    Ok(())
}

/// One row a worker: its manifest, and what `penstock contract` needs to be told.
#[rstest]
#[case("workers/demo/src/ping/tool.json", &[])]
#[case("workers/demo/src/long_operation/tool.json", &["--arguments", r#"{"steps":2,"step_ms":5}"#])]
#[case("workers/cost-explorer/src/get_today_date/tool.json", &[])]
#[case("workers/documents/src/document/resource.json", &["--uri", "document://welcome.md", "--env", DOCUMENTS])]
#[case("workers/documents/src/guides/library.json", &["--env", GUIDES])]
#[case("workers/prompts/src/library/library.json", &["--env", PROMPTS])]
#[case("workers/examples/node/count_words/tool.json", &[])]
#[case("workers/examples/node/parse_url/tool.json", &[])]
#[case("workers/examples/python/plan_route/tool.json", &[])]
#[case("workers/examples/python/compare_texts/tool.json", &[])]
#[case("e2e/fixtures/src/prompts/test_prompt_with_arguments/prompt.json", &[])]
#[case("e2e/fixtures/src/resources/static_binary/resource.json", &[])]
#[case("e2e/fixtures/src/resources/template_data/resource.json", &["--uri", "test://template/7/data"])]
#[case("e2e/fixtures/src/asking/test_elicitation/tool.json", &["--arguments", r#"{"message":"Who are you?"}"#])]
#[tokio::test]
async fn every_worker_keeps_the_contract(#[case] manifest: &str, #[case] options: &[&str]) -> anyhow::Result<()> {
    let printed = holds(manifest, options, &[]).await?;
    assert!(printed.contains(" 0 failed, "), "{printed}");
    assert!(!printed.contains("  warning  answers "), "{printed}");
    Ok(())
}

#[tokio::test]
async fn a_plain_function_keeps_the_contract_under_the_runtime_client_of_aws() -> anyhow::Result<()> {
    let python = python::install("awslambdaric").await?.join("bin/python");
    let python = python.to_str().context("a path in UTF-8")?;
    let here = "workers/examples/python/compare_texts/tool.json";
    let handler = binaries::workspace().join("workers/examples/python/compare_texts");
    let path = format!("PYTHONPATH={}", handler.display());
    let options = ["--env", &path, "--env", "PYTHONDONTWRITEBYTECODE=1"];
    let printed = holds(here, &options, &[python, "-m", "awslambdaric", "app.handler"]).await?;
    assert!(printed.contains("by throwing KeyError"), "{printed}");
    Ok(())
}

//! `penstock new tool` beside a running `penstock dev`: what it writes reaches clients, as does every change of it.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::ensure;
use penstock_e2e::{Access, Penstock, http, requests};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Command;
use tokio::time::{Instant, sleep};

/// How long a change may take to reach clients. The gateway looks at its catalog once a second at most.
const PATIENCE: Duration = Duration::from_mins(1);

async fn new_tool(name: &str, language: &str, folder: &Path) -> anyhow::Result<()> {
    let mut command = Command::new(Penstock::binary().await?);
    command.args(["new", "tool", name, "--lang", language, "--dir"]).arg(folder).current_dir(folder);
    let output = command.output().await?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

/// Asks until the response is as `wanted`; answers all messages of that exchange.
async fn ask_until(penstock: &Penstock, request: Value, wanted: impl Fn(&Value) -> bool) -> anyhow::Result<Vec<Value>> {
    let (client, start) = (http::client(), Instant::now());
    loop {
        let arrivals = http::exchange(&client, penstock.url(), &request).await?;
        let messages: Vec<_> = arrivals.into_iter().map(|arrival| arrival.message).collect();
        if messages.last().is_some_and(&wanted) {
            return Ok(messages);
        }
        ensure!(start.elapsed() < PATIENCE, "asked in vain; the last answer is {:?}", messages.last());
        sleep(Duration::from_millis(50)).await;
    }
}

fn names(list: &Value) -> Vec<&str> {
    let tools = list["result"]["tools"].as_array().map(Vec::as_slice).unwrap_or_default();
    tools.iter().filter_map(|tool| tool["name"].as_str()).collect()
}

fn greeting(response: &Value) -> &Value {
    &response["result"]["structuredContent"]["greeting"]
}

#[tokio::test]
async fn a_new_tool_is_listed_and_called_follows_its_file_and_goes_with_its_folder() -> anyhow::Result<()> {
    let (catalog, aside) = (TempDir::new()?, TempDir::new()?);
    new_tool("first", "node", catalog.path()).await?;
    let folder = catalog.path().to_str().expect("text");
    let penstock = Penstock::dev(Access::Open, &["--catalog", folder]).await?;
    let list = || requests::request(1, "tools/list");
    ask_until(&penstock, list(), |list| names(list) == ["first"]).await?;

    for (name, language) in [("second", "node"), ("third", "python")] {
        new_tool(name, language, catalog.path()).await?;
        ask_until(&penstock, list(), |list| names(list).contains(&name)).await?;
        let call = requests::call(2, name, &json!({ "name": "Ada" }));
        let messages = ask_until(&penstock, call, |response| greeting(response) == "Hello, Ada!").await?;
        let progress: Vec<_> = messages.iter().filter(|it| it["method"] == "notifications/progress").collect();
        assert_eq!(progress.len(), 2, "{messages:?}");
    }

    let source = catalog.path().join("third/app.py");
    fs::write(&source, fs::read_to_string(&source)?.replace("Hello", "Good day"))?;
    let call = requests::call(3, "third", &json!({ "name": "Ada" }));
    ask_until(&penstock, call, |response| greeting(response) == "Good day, Ada!").await?;

    fs::rename(catalog.path().join("second"), aside.path().join("second"))?;
    ask_until(&penstock, list(), |list| names(list) == ["first", "third"]).await?;
    Ok(())
}

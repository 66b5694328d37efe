//! The npm packages of `e2e/clients`: the official TypeScript clients, the conformance suite and a browser.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use serde_json::Value;
use tokio::process::Command;

use crate::binaries;
use crate::npm::{NODE as SDK_NODE, Packages};

/// First major version of Node the suite starts on, which imports `globSync` from `fs`, and what drives the browser.
const SUITE_NODE: u32 = 22;

const SUITE: &str = "node_modules/@modelcontextprotocol/conformance/dist/index.js";

/// How long a script or the whole suite may take: some of the suite's own time-outs of 30 s.
const RUN_LIMIT: Duration = Duration::from_mins(3);

/// Runs a script of `e2e/clients` and answers the JSON values it printed, one a line.
///
/// # Errors
/// If Node or npm is missing or too old, the packages cannot be installed, or the script fails,
/// prints anything else or does not end in time.
pub async fn script(name: &str, arguments: &[&str]) -> anyhow::Result<Vec<Value>> {
    let mut command = Command::new(install(SDK_NODE).await?);
    command.arg(name).args(arguments);
    printed(name, command).await
}

/// Runs a script of `e2e/clients` that starts the browser, and answers the JSON values it printed, one a line. Where it
/// fails, a picture of the page is below `target/screenshots`.
///
/// # Errors
/// As [`script`].
pub async fn browse(name: &str, arguments: &[&str]) -> anyhow::Result<Vec<Value>> {
    let node = install(SUITE_NODE).await?;
    let mut command = Command::new(&node);
    command.arg(name).args(arguments).env("PENSTOCK_BROWSER", unpacked(&node).await?);
    command.env("PENSTOCK_SCREENSHOTS", binaries::workspace().join("target/screenshots"));
    printed(name, command).await
}

async fn printed(name: &str, command: Command) -> anyhow::Result<Vec<Value>> {
    let output = packages().output(command, RUN_LIMIT).await.with_context(|| name.to_owned())?;
    let printed = String::from_utf8(output.stdout)?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{name}: {}\n{printed}{said}", output.status);
    let parse = |line: &str| serde_json::from_str(line).with_context(|| format!("{name} printed {line:?}"));
    printed.lines().map(parse).collect()
}

/// Runs the conformance suite and answers how it ended.
///
/// # Errors
/// If Node or npm is missing or too old, the packages cannot be installed, or the suite does not
/// end in time.
pub async fn conformance(arguments: &[&OsStr]) -> anyhow::Result<Output> {
    let mut command = Command::new(install(SUITE_NODE).await?);
    command.arg(SUITE).args(arguments);
    packages().output(command, RUN_LIMIT).await.context(SUITE)
}

/// Unpacks the browser unless it is there, and answers its folder. A new installation removes it.
async fn unpacked(node: &Path) -> anyhow::Result<PathBuf> {
    let packages = packages();
    let _lock = packages.locked().await?;
    let browser = packages.folder().join("node_modules/.browser");
    if !browser.exists() {
        let mut command = Command::new(node);
        command.arg("browser/unpack.mjs").arg(&browser);
        printed("browser/unpack.mjs", command).await?;
    }
    Ok(browser)
}

/// Installs the packages unless they are there, and answers a Node of at least version `wanted`.
async fn install(wanted: u32) -> anyhow::Result<PathBuf> {
    let packages = packages();
    let version = packages.node_version().await?;
    // The optional packages are a Node for the suite, most of what there is to fetch.
    packages.install(if version >= SUITE_NODE { &["--omit=optional"] } else { &[] }).await?;
    if version >= wanted {
        return Ok("node".into());
    }
    let own = packages.folder().join("node_modules/.bin/node");
    ensure!(
        own.exists(),
        "Node {wanted} or later is needed, this is {version}, and npm has installed none in {}: install a later \
         Node, or remove that folder if this platform is in its package.json's optionalDependencies",
        packages.folder().join("node_modules").display()
    );
    Ok(own)
}

fn packages() -> Packages {
    Packages::of("e2e/clients")
}

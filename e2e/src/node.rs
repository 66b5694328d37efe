//! The npm packages of `e2e/clients`: the official TypeScript clients, the conformance suite and a browser.

use std::ffi::OsStr;
use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail, ensure};
use serde_json::Value;
use tokio::process::Command;
use tokio::time::timeout;

use crate::binaries;

/// First major version of Node the SDKs support.
const SDK_NODE: u32 = 20;

/// First major version of Node the suite starts on, which imports `globSync` from `fs`, and what drives the browser.
const SUITE_NODE: u32 = 22;

const SUITE: &str = "node_modules/@modelcontextprotocol/conformance/dist/index.js";

/// How long npm may take to fetch the packages.
const INSTALL_LIMIT: Duration = Duration::from_mins(5);

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
    let output = output(command, RUN_LIMIT).await.with_context(|| name.to_owned())?;
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
    output(command, RUN_LIMIT).await.context(SUITE)
}

/// The packages' lock file, held until it is dropped or the process ends: the first test installs, the others wait.
async fn locked() -> anyhow::Result<File> {
    let lock = File::open(folder().join("package-lock.json"))?;
    Ok(tokio::task::spawn_blocking(move || lock.lock().map(|()| lock)).await??)
}

/// Unpacks the browser unless it is there, and answers its folder. A new installation removes it.
async fn unpacked(node: &Path) -> anyhow::Result<PathBuf> {
    let _lock = locked().await?;
    let browser = folder().join("node_modules/.browser");
    if !browser.exists() {
        let mut command = Command::new(node);
        command.arg("browser/unpack.mjs").arg(&browser);
        printed("browser/unpack.mjs", command).await?;
    }
    Ok(browser)
}

/// Installs the packages unless they are there, and answers a Node of at least version `wanted`.
async fn install(wanted: u32) -> anyhow::Result<PathBuf> {
    let version = system_version().await?;
    ensure!(version >= SDK_NODE, "Node {version} is too old: these tests need {SDK_NODE} or later");
    let lock = locked().await?;
    if !is_current(&lock)? {
        fetch(version).await?;
    }
    if version >= wanted {
        return Ok("node".into());
    }
    let packaged = folder().join("node_modules/.bin/node");
    ensure!(
        packaged.exists(),
        "Node {wanted} or later is needed, this is {version}, and npm has installed none in {}: install a later \
         Node, or remove that folder if this platform is in its package.json's optionalDependencies",
        folder().join("node_modules").display()
    );
    Ok(packaged)
}

/// Whether npm has finished with these very packages: it writes its own lock file last.
fn is_current(wanted: &File) -> std::io::Result<bool> {
    match folder().join("node_modules/.package-lock.json").metadata() {
        Ok(installed) => Ok(installed.modified()? >= wanted.metadata()?.modified()?),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

async fn fetch(version: u32) -> anyhow::Result<()> {
    let mut npm = Command::new("npm");
    npm.args(["ci", "--ignore-scripts"]);
    if version >= SUITE_NODE {
        // The optional packages are a Node for the suite, most of what there is to fetch.
        npm.arg("--omit=optional");
    }
    let output = output(npm, INSTALL_LIMIT).await?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "npm cannot install {}:\n{said}", folder().display());
    Ok(())
}

/// The major version of the Node on the `PATH`.
async fn system_version() -> anyhow::Result<u32> {
    let mut node = Command::new("node");
    node.arg("--version");
    let printed = String::from_utf8(output(node, RUN_LIMIT).await?.stdout)?;
    let major = printed.strip_prefix('v').and_then(|version| version.split('.').next()?.parse().ok());
    major.with_context(|| format!("node --version printed {printed:?}"))
}

/// Runs `command` in the packages' folder until it ends, or kills it.
async fn output(mut command: Command, limit: Duration) -> anyhow::Result<Output> {
    let program = command.as_std().get_program().display().to_string();
    command.current_dir(folder()).stdin(Stdio::null()).kill_on_drop(true);
    match timeout(limit, command.output()).await {
        Ok(Ok(output)) => Ok(output),
        Ok(Err(error)) if error.kind() == ErrorKind::NotFound => {
            Err(anyhow!("{program} is missing: these tests need Node {SDK_NODE} or later with npm on the PATH"))
        }
        Ok(Err(error)) => Err(error).context(program),
        Err(_) => bail!("{program} was still running after {} s", limit.as_secs()),
    }
}

fn folder() -> PathBuf {
    binaries::workspace().join("e2e/clients")
}

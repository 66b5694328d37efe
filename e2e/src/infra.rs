//! `infra/`: the CDK constructs and the app, by their own npm scripts.

use std::time::Duration;

use anyhow::ensure;
use tokio::process::Command;

use crate::npm::Packages;

/// How long a script may take on a busy machine: loading the CDK alone takes seconds.
const LIMIT: Duration = Duration::from_mins(5);

/// Where nobody answers: a script that asks for anything outside this machine fails.
const NOWHERE: &str = "http://127.0.0.1:9";

/// Runs an npm script of `infra/`, cut off from every network.
///
/// # Errors
/// If Node or npm is missing or too old, the packages cannot be installed, or the script fails or does not end in
/// time, with what it printed.
pub async fn run(script: &str) -> anyhow::Result<()> {
    let packages = Packages::of("infra");
    packages.node_version().await?;
    packages.install(&[]).await?;
    let mut npm = Command::new("npm");
    npm.args(["run", script])
        .envs(["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"].map(|name| (name, NOWHERE)));
    let output = packages.output(npm, LIMIT).await?;
    let printed = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    ensure!(output.status.success(), "npm run {script}: {}\n{printed}", output.status);
    Ok(())
}

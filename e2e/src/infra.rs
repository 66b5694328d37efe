//! `infra/`: the CDK constructs and the app, by their own npm scripts.

use std::path::Path;
use std::time::Duration;

use anyhow::ensure;
use tokio::process::Command;

use crate::npm::Packages;
use crate::{binaries, python};

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
    succeed(&packages, npm).await
}

/// Writes the cloud assembly of another team's app into a folder: a stack with the tool of a folder of the workspace,
/// enrolled with the gateway `dev-penstock`. Another script has compiled it.
///
/// # Errors
/// If the script fails, with what it printed.
pub async fn team_app(assembly: &Path, stack: &str, tool: &str) -> anyhow::Result<()> {
    let mut node = Command::new("node");
    node.arg("dist/test/team-app.js").arg(assembly).arg(stack).arg(binaries::workspace().join(tool));
    succeed(&Packages::of("infra"), node).await
}

/// Holds the templates of `npm run synth` against AWS's schemas and cfn-lint's rules.
///
/// # Errors
/// If cfn-lint cannot be installed, or has something to say, with what it printed.
pub async fn lint() -> anyhow::Result<()> {
    // It comes with moto.
    let mut lint = Command::new(python::install("moto").await?.join("bin/cfn-lint"));
    // W3005: the CDK writes down what a function depends on even where a reference says so.
    lint.args(["--ignore-checks", "W3005", "--template", "cdk.out/*.template.json"]);
    succeed(&Packages::of("infra"), lint).await
}

async fn succeed(packages: &Packages, command: Command) -> anyhow::Result<()> {
    let line = format!("{:?}", command.as_std());
    let output = packages.output(command, LIMIT).await?;
    let printed = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    ensure!(output.status.success(), "{line}: {}\n{printed}", output.status);
    Ok(())
}

//! What is asked of Cargo.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use anyhow::{Context as _, bail};
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use super::metadata::Workspace;

fn cargo() -> Command {
    // Set by Cargo itself when the command runs under `cargo run`.
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    command.stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// The root folder of the workspace the current directory is in.
pub(crate) async fn workspace() -> anyhow::Result<PathBuf> {
    let located = cargo().args(["locate-project", "--workspace", "--message-format=plain"]).output().await;
    let located = succeeded(located.context("cargo cannot be started")?)
        .context("there is no Cargo workspace here; say which workers to serve with --catalog")?;
    let manifest = PathBuf::from(String::from_utf8(located)?.trim_end());
    manifest.parent().map(Path::to_owned).context("cargo did not name a Cargo.toml")
}

/// The workspace a `Cargo.toml` belongs to.
pub(crate) async fn metadata(manifest: &Path) -> anyhow::Result<Workspace> {
    let output = cargo()
        .args(["metadata", "--no-deps", "--format-version=1", "--manifest-path"])
        .arg(manifest)
        .output()
        .await
        .context("cargo cannot be started")?;
    let json = succeeded(output).with_context(|| format!("cargo cannot read {}", manifest.display()))?;
    serde_json::from_slice(&json).context("cargo metadata is not what was expected")
}

fn succeeded(output: Output) -> anyhow::Result<Vec<u8>> {
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr).trim_end().to_owned());
    }
    Ok(output.stdout)
}

#[derive(Deserialize)]
struct Message {
    target: Option<Target>,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

/// What is wanted of a build in which something fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effort {
    /// An error.
    AllOrNothing,
    /// Whatever can be built.
    AsFarAsPossible,
}

/// Builds packages of one workspace, with the profile this program was built with; answers the
/// binaries by name. Cargo's progress and its errors go to stderr.
pub(super) async fn build(
    root: &Path,
    packages: &[String],
    effort: Effort,
) -> anyhow::Result<BTreeMap<String, PathBuf>> {
    let mut command = cargo();
    command.args(["build", "--bins", "--message-format=json-render-diagnostics", "--manifest-path"]);
    command.arg(root.join("Cargo.toml")).args(packages.iter().flat_map(|package| ["--package", package]));
    if effort == Effort::AsFarAsPossible {
        command.arg("--keep-going");
    }
    if !cfg!(debug_assertions) {
        command.arg("--release");
    }
    let mut child = command.stdout(Stdio::piped()).spawn().context("cargo cannot be started")?;
    let mut built = BTreeMap::new();
    if let Some(stdout) = child.stdout.take() {
        let mut lines = BufReader::new(stdout).lines();
        while let Some(line) = lines.next_line().await? {
            let message: Message = serde_json::from_str(&line).unwrap_or(Message { target: None, executable: None });
            if let Message { target: Some(target), executable: Some(executable) } = message {
                built.insert(target.name, executable);
            }
        }
    }
    if !child.wait().await?.success() && effort == Effort::AllOrNothing {
        bail!("the build failed ({}); the compiler's messages are above", packages.join(", "));
    }
    Ok(built)
}

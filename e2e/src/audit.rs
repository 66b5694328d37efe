//! `penstock audit`, run as a deployment's pipeline runs it.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use serde_json::Value;
use tokio::process::Command;
use tokio::time::timeout;

use crate::Penstock;

/// How long it may take on a busy machine.
const LIMIT: Duration = Duration::from_mins(1);

/// Runs it, and answers what it finds wrong, each as `check subject`, in order of subject.
///
/// # Errors
/// If it cannot audit anything, or its exit code is not that of its findings.
pub async fn findings(arguments: &[&str], environment: &[(&str, &str)]) -> anyhow::Result<Vec<String>> {
    let mut command = Command::new(Penstock::binary().await?);
    command.arg("audit").args(arguments).arg("--json").envs(environment.iter().copied());
    command.stdin(Stdio::null()).kill_on_drop(true);
    let output = timeout(LIMIT, command.output()).await.context("the audit does not end")??;
    let said = String::from_utf8_lossy(&output.stderr);
    let report: Value = serde_json::from_slice(&output.stdout).with_context(|| said.into_owned())?;
    let findings = report["findings"].as_array().context("no findings")?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let found: Vec<String> =
        findings.iter().map(|one| format!("{} {}", text(&one["check"]), text(&one["subject"]))).collect();
    let code = i32::from(!found.is_empty());
    ensure!(output.status.code() == Some(code), "{} with {found:?}", output.status);
    Ok(found)
}

/// A template as it would be if somebody had changed it: its resources, by logical id, are for `change` to alter.
///
/// # Errors
/// If `file` holds no template, or the copy cannot be written to `copy`.
pub fn altered(file: &Path, copy: &Path, change: impl FnOnce(&mut Value)) -> anyhow::Result<()> {
    let mut template: Value = serde_json::from_slice(&std::fs::read(file)?)?;
    change(&mut template["Resources"]);
    Ok(std::fs::write(copy, template.to_string())?)
}

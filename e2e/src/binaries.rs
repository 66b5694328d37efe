//! The binaries under test, built once by Cargo in the profile of the tests.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

/// The workspace's root folder.
pub fn workspace() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().map_or_else(|| here.to_owned(), Path::to_owned)
}

/// Builds `package` as it ships, by itself, and answers the path of its binary of the same name.
///
/// # Errors
/// If Cargo fails, with what it said on standard error.
pub fn build(package: &str) -> anyhow::Result<PathBuf> {
    built(&["--package", package], package)
}

/// Builds every binary of the workspace, and answers the folder they are in. All at once, because another set of packages
/// would need other features of what they share, and builds of its own.
///
/// # Errors
/// As [`build`].
pub fn build_all() -> anyhow::Result<PathBuf> {
    let penstock = built(&["--workspace"], "penstock")?;
    penstock.parent().map(Path::to_owned).context("a binary is in a folder")
}

fn built(packages: &[&str], wanted: &str) -> anyhow::Result<PathBuf> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(workspace()).args(["build", "--bins", "--quiet", "--message-format=json-render-diagnostics"]);
    cargo.args(packages).stdin(Stdio::null());
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    let output = cargo.output().context("cargo could not be started")?;
    if !output.status.success() {
        bail!("{wanted} does not build:\n{}", String::from_utf8_lossy(&output.stderr));
    }
    let messages = output.stdout.split(|byte| *byte == b'\n');
    let mut executables = messages.filter_map(|line| {
        let message: serde_json::Value = serde_json::from_slice(line).ok()?;
        let named = message["target"]["name"] == wanted && message["reason"] == "compiler-artifact";
        named.then(|| message["executable"].as_str().map(PathBuf::from))?
    });
    executables.next_back().with_context(|| format!("{wanted} has no binary of its own name"))
}

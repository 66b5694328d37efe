//! What `infra/build` builds and how it packs it; the compiler itself takes too long for a test.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use penstock_e2e::binaries;
use tempfile::TempDir;

fn python(script: &str, arguments: &[&str], input: Stdio) -> anyhow::Result<String> {
    let mut command = Command::new("python3");
    command.current_dir(binaries::workspace()).arg(format!("infra/build-tools/{script}")).args(arguments).stdin(input);
    let output = command.output()?;
    anyhow::ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}

/// The packages that are deployed, of what Cargo knows.
fn functions(wanted: &[&str]) -> anyhow::Result<String> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(binaries::workspace()).args(["metadata", "--format-version", "1", "--no-deps", "--locked"]);
    let mut cargo = cargo.stdout(Stdio::piped()).spawn()?;
    let functions = python("functions.py", wanted, cargo.stdout.take().map_or_else(Stdio::null, Into::into));
    cargo.wait()?;
    functions
}

/// The families of workers, by their folders: a package with a main program.
fn families() -> anyhow::Result<Vec<String>> {
    let mut families = Vec::new();
    for folder in fs::read_dir(binaries::workspace().join("workers"))? {
        let folder = folder?.path();
        if folder.join("src/main.rs").exists() {
            families.extend(folder.file_name().and_then(|name| name.to_str()).map(|name| format!("penstock-{name}")));
        }
    }
    Ok(families)
}

#[test]
fn every_family_the_gateway_and_the_front_are_built_and_no_test_or_tool_is() -> anyhow::Result<()> {
    let mut expected = families()?;
    expected.extend(["penstock-gateway".to_owned(), "penstock-oauth".to_owned()]);
    expected.sort_unstable();
    assert_eq!(functions(&[])?.lines().collect::<Vec<_>>(), expected);
    assert_eq!(functions(&["penstock-demo"])?, "penstock-demo\n");
    let error = functions(&["penstock-fixtures"]).expect_err("it is for tests").to_string();
    assert!(error.contains("no function: penstock-fixtures"), "{error}");
    Ok(())
}

/// What a folder of artifacts holds when one binary was packed into it.
fn packed(binary: &Path) -> anyhow::Result<(Vec<u8>, String)> {
    let artifacts = TempDir::new()?;
    let path = |path: &Path| path.to_string_lossy().into_owned();
    python("pack.py", &["arm64", &path(binary), &path(artifacts.path()), "worker"], Stdio::null())?;
    let zip = fs::read(artifacts.path().join("worker-arm64.zip"))?;
    Ok((zip, fs::read_to_string(artifacts.path().join("SHA256SUMS"))?))
}

#[test]
fn the_same_binary_makes_the_same_zip_whenever_it_was_built() -> anyhow::Result<()> {
    let folder = TempDir::new()?;
    let bootstrap = folder.path().join("worker/bootstrap");
    fs::create_dir(folder.path().join("worker"))?;
    fs::write(&bootstrap, "a binary")?;
    let first = packed(folder.path())?;
    fs::File::options().append(true).open(&bootstrap)?.set_modified(std::time::UNIX_EPOCH)?;
    assert_eq!(packed(folder.path())?, first);
    let digest = first.1.strip_suffix("  worker-arm64.zip\n").expect("one line");
    assert_eq!(digest.len(), 64);
    Ok(())
}

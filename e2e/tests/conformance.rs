//! The official MCP conformance suite, once a revision, against one gateway and against two that
//! take turns: what works only while every request reaches the same process fails the second.
//!
//! `e2e/conformance/<revision>.yaml` lists every check that is known to fail, and the suite itself
//! fails on an unlisted failure (a warning is one) and on a listed check that passes.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::path::Path;

use futures_util::future::try_join;
use penstock_e2e::{Gateways, Penstock, binaries, node};
use serde_json::Value;

/// Runs the suite once for each of `selections` and asserts that it fails what `revision`'s list
/// says, all of it and nothing else.
async fn assert_fails_only_what_is_listed(revision: &str, selections: &[[&str; 2]]) -> anyhow::Result<()> {
    let gateways = Gateways::start(Penstock::with_fixtures().await?, &[]).await?;
    let list = binaries::workspace().join("e2e/conformance").join(format!("{revision}.yaml"));
    let one = failures(gateways.penstock().url(), &list, selections);
    let two = failures(gateways.url(), &list, selections);
    let (one, two) = try_join(one, two).await?;
    // The suite says nothing of an entry it has never heard of.
    let listed = entries(&list)?;
    assert_eq!(one, listed, "one gateway; left: what fails; right: what {} lists", list.display());
    assert_eq!(two, listed, "two gateways; left: what fails; right: what {} lists", list.display());
    let [first, second] = gateways.served();
    assert!(first > 0 && first - second <= 1, "they take turns: {first} and {second}");
    Ok(())
}

/// Runs the suite against `url` and answers what fails.
async fn failures(url: &str, list: &Path, selections: &[[&str; 2]]) -> anyhow::Result<BTreeSet<String>> {
    let mut failed = BTreeSet::new();
    for selection in selections {
        let summary = run(url, list, selection).await?;
        failed.extend(summary.lines().filter_map(|line| Some(line.trim().strip_prefix("~ ")?.to_owned())));
    }
    Ok(failed)
}

/// Runs the suite and answers its summary, which names each expected failure after a `~`.
async fn run(url: &str, list: &Path, selection: &[&str]) -> anyhow::Result<String> {
    let results = tempfile::tempdir()?;
    let mut arguments: Vec<&OsStr> = ["server", "--url", url].map(OsStr::new).to_vec();
    arguments.extend(selection.iter().map(OsStr::new));
    arguments.extend(["--expected-failures".as_ref(), list.as_os_str()]);
    arguments.extend(["--output-dir".as_ref(), results.path().as_os_str()]);
    let output = node::conformance(&arguments).await?;
    let printed = String::from_utf8(output.stdout)?;
    let summary = printed.find("=== SUMMARY ===").map_or("", |start| &printed[start..]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{url} {selection:?}\n{summary}\n{said}\n{}", complaints(results.path())?);
    Ok(summary.to_owned())
}

/// What each failing check had to say, which the summary leaves out.
fn complaints(results: &Path) -> anyhow::Result<String> {
    let mut complaints = String::new();
    for scenario in std::fs::read_dir(results)? {
        let scenario = scenario?;
        let checks: Value = serde_json::from_slice(&std::fs::read(scenario.path().join("checks.json"))?)?;
        for check in checks.as_array().into_iter().flatten() {
            if check["status"] == "FAILURE" || check["status"] == "WARNING" {
                let scenario = scenario.file_name();
                let (id, message, details) = (&check["id"], &check["errorMessage"], &check["details"]);
                writeln!(complaints, "{} {id} {message} {details}", scenario.display())?;
            }
        }
    }
    Ok(complaints)
}

fn entries(list: &Path) -> anyhow::Result<BTreeSet<String>> {
    let list = std::fs::read_to_string(list)?;
    Ok(list.lines().filter_map(|line| Some(line.trim().strip_prefix("- ")?.to_owned())).collect())
}

#[tokio::test]
async fn revision_2026_07_28() -> anyhow::Result<()> {
    // What is required is frozen; the suite has since learned to check headers and schemas too.
    let selections = [["--requirements", "2026-07-28"], ["--suite=all", "--spec-version=2026-07-28"]];
    assert_fails_only_what_is_listed("2026-07-28", &selections).await
}

#[tokio::test]
async fn revision_2025_11_25() -> anyhow::Result<()> {
    let selections = [["--requirements", "2025-11-25"], ["--suite=all", "--spec-version=2025-11-25"]];
    assert_fails_only_what_is_listed("2025-11-25", &selections).await
}

#[tokio::test]
async fn revision_2025_06_18() -> anyhow::Result<()> {
    assert_fails_only_what_is_listed("2025-06-18", &[["--suite=all", "--spec-version=2025-06-18"]]).await
}

#[tokio::test]
async fn revision_2025_03_26() -> anyhow::Result<()> {
    assert_fails_only_what_is_listed("2025-03-26", &[["--suite=all", "--spec-version=2025-03-26"]]).await
}

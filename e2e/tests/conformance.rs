//! The official MCP conformance suite, once a revision, against one gateway and against two that
//! take turns: what works only while every request reaches the same process fails the second.
//!
//! Where callers are authenticated, only the two are tried. They know the origin of the proxy that adds the token, and
//! the suite, which sends that origin, is thus a page that may call.
//!
//! With a list of expected failures, even an empty one, the suite takes a warning for a failure too.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::path::Path;

use futures_util::future::try_join;
use penstock_e2e::{Access, Gateways, Penstock, binaries, node};
use rstest::rstest;
use serde_json::Value;

/// Runs the suite once for each of `selections`, on one gateway and on two, and asserts that nothing fails.
async fn assert_conforms(access: Access, selections: &[[&str; 2]]) -> anyhow::Result<()> {
    let gateways = Gateways::start(Penstock::with_fixtures(access).await?).await?;
    match access {
        Access::Open => {
            try_join(run_all(gateways.penstock().url(), selections), run_all(gateways.url(), selections)).await?;
        }
        Access::Authenticated => run_all(gateways.url(), selections).await?,
    }
    let [first, second] = gateways.served();
    assert!(first > 0 && first - second <= 1, "they take turns: {first} and {second}");
    Ok(())
}

async fn run_all(url: &str, selections: &[[&str; 2]]) -> anyhow::Result<()> {
    for selection in selections {
        run(url, selection).await?;
    }
    Ok(())
}

/// Runs the suite against `url`.
async fn run(url: &str, selection: &[&str]) -> anyhow::Result<()> {
    let results = tempfile::tempdir()?;
    let list = binaries::workspace().join("e2e/conformance/expected-failures.yaml");
    let mut arguments: Vec<&OsStr> = ["server", "--url", url].map(OsStr::new).to_vec();
    arguments.extend(selection.iter().map(OsStr::new));
    arguments.extend(["--expected-failures".as_ref(), list.as_os_str()]);
    arguments.extend(["--output-dir".as_ref(), results.path().as_os_str()]);
    let output = node::conformance(&arguments).await?;
    let printed = String::from_utf8(output.stdout)?;
    let summary = printed.find("=== SUMMARY ===").map_or("", |start| &printed[start..]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{url} {selection:?}\n{summary}\n{said}\n{}", complaints(results.path())?);
    let passed = summary.lines().find_map(|line| line.strip_prefix("Total: ")?.split(' ').next()?.parse::<u32>().ok());
    assert!(passed.is_some_and(|passed| passed > 0), "{url} {selection:?}: nothing was checked\n{printed}");
    println!("{url} {selection:?}: {summary}");
    Ok(())
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

#[rstest]
#[tokio::test]
async fn revision_2026_07_28(#[values(Access::Open, Access::Authenticated)] access: Access) -> anyhow::Result<()> {
    // What is required is frozen; the suite has since learned to check headers and schemas too.
    let selections = [["--requirements", "2026-07-28"], ["--suite=all", "--spec-version=2026-07-28"]];
    assert_conforms(access, &selections).await
}

#[rstest]
#[tokio::test]
async fn revision_2025_11_25(#[values(Access::Open, Access::Authenticated)] access: Access) -> anyhow::Result<()> {
    let selections = [["--requirements", "2025-11-25"], ["--suite=all", "--spec-version=2025-11-25"]];
    assert_conforms(access, &selections).await
}

#[rstest]
#[tokio::test]
async fn revision_2025_06_18(#[values(Access::Open, Access::Authenticated)] access: Access) -> anyhow::Result<()> {
    assert_conforms(access, &[["--suite=all", "--spec-version=2025-06-18"]]).await
}

#[rstest]
#[tokio::test]
async fn revision_2025_03_26(#[values(Access::Open, Access::Authenticated)] access: Access) -> anyhow::Result<()> {
    assert_conforms(access, &[["--suite=all", "--spec-version=2025-03-26"]]).await
}

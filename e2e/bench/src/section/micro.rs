//! Micro-benchmarks: what criterion measured, in one table.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context as _, ensure};
use penstock_e2e::binaries;
use serde_json::Value;

use crate::options::Options;
use crate::programs;
use crate::report::Table;

/// Groups of `gateway/benches/relay.rs`, as criterion names their folders.
const GROUPS: [&str; 2] = ["decoder", "Gateway__handle"];

pub(super) async fn run(options: &Options) -> anyhow::Result<()> {
    eprintln!("running cargo bench -p penstock-gateway");
    let mut cargo = tokio::process::Command::from(programs::cargo());
    cargo.args(["bench", "--quiet", "--package", "penstock-gateway", "--bench", "relay", "--"]);
    if options.is_quick() {
        cargo.arg("--quick");
    }
    // Criterion's own report goes to a file below; its text would only repeat the table.
    let status = cargo.stdout(Stdio::null()).kill_on_drop(true).status().await.context("cargo could not be started")?;
    ensure!(status.success(), "cargo bench failed");
    let results = target()?.join("criterion");
    let mut table = Table::new("Micro: median, in process", ["benchmark", "us", "per"]);
    for group in GROUPS {
        for (name, per, median) in medians(&results.join(group))? {
            table.row([&name, &format!("{:.2}", median / 1e3), &per]);
        }
    }
    table.print();
    Ok(())
}

/// The folder this program was built into, without its profile.
fn target() -> anyhow::Result<std::path::PathBuf> {
    let here = std::env::current_exe()?;
    let target = here.ancestors().find(|folder| folder.join("CACHEDIR.TAG").is_file());
    Ok(target.map_or_else(|| binaries::workspace().join("target"), Path::to_owned))
}

/// Name, what one iteration handles, and median in nanoseconds of every benchmark of a group.
fn medians(group: &Path) -> anyhow::Result<Vec<(String, String, f64)>> {
    let mut medians = Vec::new();
    for entry in std::fs::read_dir(group).with_context(|| group.display().to_string())? {
        let folder = entry?.path().join("new");
        if !folder.is_dir() {
            continue;
        }
        let read =
            |file: &str| -> anyhow::Result<Value> { Ok(serde_json::from_slice(&std::fs::read(folder.join(file))?)?) };
        let (benchmark, estimates) = (read("benchmark.json")?, read("estimates.json")?);
        let name = benchmark["full_id"].as_str().context("a benchmark without a name")?;
        let median = estimates["median"]["point_estimate"].as_f64().context("a benchmark without a median")?;
        medians.push((name.to_owned(), handled(&benchmark["throughput"]), median));
    }
    medians.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(medians)
}

fn handled(throughput: &Value) -> String {
    match (throughput["Elements"].as_u64(), throughput["Bytes"].as_u64()) {
        (Some(1), _) => "request".to_owned(),
        (Some(events), _) => format!("{events} events"),
        (_, Some(bytes)) => format!("{bytes} bytes"),
        _ => String::new(),
    }
}

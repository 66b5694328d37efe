//! How much memory processes have taken, as Linux counts it.

use std::fs;

use anyhow::{Context as _, ensure};

use crate::Penstock;

/// Characters of a process's name that the system keeps.
const NAME: usize = 15;

/// The largest peak resident memory of the processes `program` that this host has started and that run still, in
/// bytes.
///
/// # Errors
/// If there are none.
pub fn peak(penstock: &Penstock, program: &str) -> anyhow::Result<u64> {
    let host = penstock.id().context("it has ended")?.to_string();
    let name = &program[..program.len().min(NAME)];
    let mut peak = 0;
    for process in fs::read_dir("/proc")? {
        let Ok(status) = fs::read_to_string(process?.path().join("status")) else { continue };
        let field = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
        if field("PPid:") == Some(&host) && field("Name:") == Some(name) {
            let kilobytes: Option<u64> =
                field("VmHWM:").and_then(|peak| peak.strip_suffix(" kB")).and_then(|peak| peak.parse().ok());
            peak = peak.max(kilobytes.unwrap_or(0) * 1024);
        }
    }
    ensure!(peak > 0, "no {program} of {host} found");
    Ok(peak)
}

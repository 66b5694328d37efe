//! Benchmarks of the gateway beside what it is measured against: `cargo run --release -p penstock-bench`.
//!
//! Everything runs on this machine, what is compared interleaved: only ratios and differences count.

mod catalog;
mod client;
mod direct;
mod floor;
mod gateway;
mod host;
mod load;
mod options;
mod pin;
mod process;
mod programs;
mod report;
mod section;
mod series;
mod source;
mod stats;

use std::process::ExitCode;

use clap::Parser as _;
use options::Options;
use tokio::signal::unix::{SignalKind, signal};

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let options = Options::parse();
    let mut terminated = signal(SignalKind::terminate())?;
    // Whichever ends first, what was started is stopped when it is dropped.
    let requirements = tokio::select! {
        requirements = section::run(&options) => requirements?,
        _ = terminated.recv() => return Ok(ExitCode::FAILURE),
        _ = tokio::signal::ctrl_c() => return Ok(ExitCode::FAILURE),
    };
    let missed = !report::conclude(&requirements);
    Ok(ExitCode::from(u8::from(options.strict && missed)))
}

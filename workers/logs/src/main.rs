//! Worker family: CloudWatch Logs.

mod analyze_logs;
mod aws;
mod level;
mod matches;
mod search;
mod times;

use std::process::ExitCode;

use penstock_kit::Family;

fn main() -> ExitCode {
    Family::new().try_tool(async || analyze_logs::AnalyzeLogs::connect().await).serve()
}

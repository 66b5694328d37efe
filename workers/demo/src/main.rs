//! Worker family: tools that show a gateway is alive and streaming.

mod long_operation;
mod ping;

use std::process::ExitCode;

use penstock_kit::Family;

fn main() -> ExitCode {
    Family::new().tool(|| ping::Ping).tool(|| long_operation::LongOperation).serve()
}

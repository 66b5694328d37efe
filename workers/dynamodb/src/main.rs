//! Worker family: items of DynamoDB tables.

mod aws;
mod key_value;
mod permitted;
mod query_table;

use std::process::ExitCode;

use penstock_kit::Family;

fn main() -> ExitCode {
    Family::new().try_tool(async || query_table::QueryTable::connect().await).serve()
}

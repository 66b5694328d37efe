//! Worker family: AWS Cost Explorer.

mod aws;
mod dates;
mod decimal;
mod filter;
mod get_cost_and_usage;
mod get_today_date;
mod table;

use std::process::ExitCode;

use penstock_kit::Family;

fn main() -> ExitCode {
    Family::new()
        .tool(|| get_today_date::GetTodayDate)
        .try_tool(async || get_cost_and_usage::GetCostAndUsage::connect().await)
        .serve()
}

//! Worker family: AWS Cost Explorer.

mod amount;
mod aws;
mod comparison;
mod dates;
mod decimal;
mod filter;
mod get_cost_and_usage;
mod get_cost_and_usage_comparisons;
mod get_cost_comparison_drivers;
mod get_cost_forecast;
mod get_dimension_values;
mod get_tag_values;
mod get_today_date;
mod group;
mod metric;
mod pages;
mod table;

use std::process::ExitCode;

use aws::CostExplorer;
use penstock_kit::Family;

fn main() -> ExitCode {
    Family::new()
        .tool(|| get_today_date::GetTodayDate)
        .try_tool(|| CostExplorer::connect(get_dimension_values::GetDimensionValues))
        .try_tool(|| CostExplorer::connect(get_tag_values::GetTagValues))
        .try_tool(|| CostExplorer::connect(get_cost_and_usage::GetCostAndUsage))
        .try_tool(|| CostExplorer::connect(get_cost_forecast::GetCostForecast))
        .try_tool(|| CostExplorer::connect(get_cost_and_usage_comparisons::GetCostAndUsageComparisons))
        .try_tool(|| CostExplorer::connect(get_cost_comparison_drivers::GetCostComparisonDrivers))
        .serve()
}

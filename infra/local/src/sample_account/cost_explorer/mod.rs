//! The Cost Explorer API with thirteen months of invented, consistent data.
//!
//! `price_list` says what the organisation runs, `model` turns a date into the rows of its bill, and each
//! operation has a module of its own that filters, groups and sums those rows.

mod amount;
mod comparison;
mod comparison_drivers;
mod comparisons;
mod cost_and_usage;
mod dimension_values;
mod filter;
mod forecast;
mod group;
mod model;
mod page;
mod period;
mod price_list;
mod row;
mod tags;

use jiff::civil::Date;
use serde::Deserialize;
use serde_json::Value;

use super::error::ApiError;

/// Answers an operation as of `today`.
///
/// # Errors
/// The API's own.
pub(super) fn answer(operation: &str, body: &Value, today: Date) -> Result<Value, ApiError> {
    match operation {
        "GetCostAndUsage" => cost_and_usage::answer(body, today),
        "GetCostAndUsageComparisons" => comparisons::answer(body, today),
        "GetCostComparisonDrivers" => comparison_drivers::answer(body, today),
        "GetCostForecast" => forecast::answer(body, today),
        "GetDimensionValues" => dimension_values::answer(body, today),
        "GetTags" => tags::answer(body, today),
        _ => Err(ApiError::unknown_operation()),
    }
}

/// The request as an operation's own type.
fn read<'a, T: Deserialize<'a>>(body: &'a Value) -> Result<T, ApiError> {
    T::deserialize(body).map_err(|error| ApiError::serialization(error.to_string()))
}

//! What the tool takes.

use std::ops::RangeInclusive;

use jiff::civil::Date;
use penstock_kit::ToolError;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::dates::{ForecastGranularity, Granularity, Period};
use crate::filter::{Expression, Filter};

/// How sure the API can be asked to be, in per cent.
const LEVELS: RangeInclusive<u8> = 51..=99;

/// What the schema offers: the API's spelling, and that of `get_cost_and_usage`.
const METRICS: [&str; 10] = [
    "UNBLENDED_COST",
    "BLENDED_COST",
    "AMORTIZED_COST",
    "NET_UNBLENDED_COST",
    "NET_AMORTIZED_COST",
    "UnblendedCost",
    "BlendedCost",
    "AmortizedCost",
    "NetUnblendedCost",
    "NetAmortizedCost",
];

/// What `get_cost_forecast` takes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Arguments {
    /// First day, included: YYYY-MM-DD, today (UTC) or later.
    start_date: String,
    /// The day after the last, not included: YYYY-MM-DD. A forecast covers 3 months with granularity DAILY, and 18 with
    /// MONTHLY.
    end_date: String,
    /// What to forecast: `UNBLENDED_COST` is what is charged on the day, `AMORTIZED_COST` spreads upfront and recurring
    /// fees over what they pay for, `NET_…` are after discounts. Names as in `get_cost_and_usage` are taken too.
    #[schemars(with = "String", extend("enum" = METRICS))]
    metric: Metric,
    /// Length of the periods the forecast is made for.
    #[serde(default)]
    granularity: ForecastGranularity,
    /// How probable it is to be that costs lie between the bounds of the forecast, in per cent.
    #[serde(default = "default_level")]
    #[schemars(range(min = *LEVELS.start(), max = *LEVELS.end()))]
    prediction_interval_level: u8,
    /// Which costs to forecast; without it, all of them.
    #[serde(default)]
    filter: Option<Filter>,
}

fn default_level() -> u8 {
    80
}

/// A metric that can be forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) enum Metric {
    #[serde(rename = "UNBLENDED_COST", alias = "UnblendedCost")]
    Unblended,
    #[serde(rename = "BLENDED_COST", alias = "BlendedCost")]
    Blended,
    #[serde(rename = "AMORTIZED_COST", alias = "AmortizedCost")]
    Amortized,
    #[serde(rename = "NET_UNBLENDED_COST", alias = "NetUnblendedCost")]
    NetUnblended,
    #[serde(rename = "NET_AMORTIZED_COST", alias = "NetAmortizedCost")]
    NetAmortized,
}

/// Checked arguments.
#[derive(Debug)]
pub(crate) struct Query {
    pub(crate) period: Period,
    pub(crate) metric: Metric,
    pub(crate) granularity: Granularity,
    pub(crate) level: u8,
    pub(crate) filter: Option<Expression>,
}

impl Arguments {
    /// Checks what a schema cannot, as of `today`.
    pub(crate) fn check(self, today: Date) -> Result<Query, ToolError> {
        let Self { start_date, end_date, metric, granularity, prediction_interval_level: level, filter } = self;
        let period = Period::future(&start_date, &end_date, granularity, today).map_err(ToolError::Failed)?;
        if !LEVELS.contains(&level) {
            let (min, max) = (LEVELS.start(), LEVELS.end());
            let problem = format!("`prediction_interval_level` is {level}; send {min} to {max}, or leave it out.");
            return Err(ToolError::Failed(problem));
        }
        let filter = filter.map(Filter::check).transpose()?;
        Ok(Query { period, metric, granularity: granularity.into(), level, filter })
    }
}

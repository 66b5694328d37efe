//! What the tool takes.

use jiff::civil::Date;
use penstock_kit::ToolError;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::dates::{Granularity, Period};
use crate::filter::{Expression, Filter};
use crate::group::{self, GroupBy, MAX_GROUP_BY};
use crate::metric::Metric;

/// What `get_cost_and_usage` takes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Arguments {
    /// First day, included: YYYY-MM-DD. With granularity HOURLY also YYYY-MM-DDTHH:00:00Z.
    start_date: String,
    /// The day after the last, not included, in the same form: all of March is 2026-03-01 to 2026-04-01.
    end_date: String,
    /// Length of the periods costs are added up over. HOURLY reaches back 14 days and must be enabled in
    /// the account.
    #[serde(default)]
    granularity: Granularity,
    /// What to report. `UnblendedCost` is what was charged on the day; `AmortizedCost` spreads upfront and recurring
    /// fees over what they pay for; Net… are after discounts; `UsageQuantity` means something only where a group
    /// has a single unit.
    #[serde(default = "default_metrics")]
    #[schemars(length(min = 1))]
    metrics: Vec<Metric>,
    /// Up to two keys to split costs by.
    #[serde(default)]
    #[schemars(length(max = MAX_GROUP_BY))]
    group_by: Vec<GroupBy>,
    /// Which costs to look at; without it, all of them.
    #[serde(default)]
    filter: Option<Filter>,
}

fn default_metrics() -> Vec<Metric> {
    vec![Metric::UnblendedCost]
}

/// Checked arguments.
#[derive(Debug, Clone)]
pub(crate) struct Query {
    pub(crate) period: Period,
    pub(crate) granularity: Granularity,
    pub(crate) metrics: Vec<Metric>,
    pub(crate) group_by: Vec<GroupBy>,
    pub(crate) filter: Option<Expression>,
}

impl Arguments {
    /// Checks what a schema cannot, as of `today`.
    pub(crate) fn check(self, today: Date) -> Result<Query, ToolError> {
        let Self { start_date, end_date, granularity, mut metrics, group_by, filter } = self;
        let period = Period::past(&start_date, &end_date, granularity, today).map_err(ToolError::Failed)?;
        metrics.dedup();
        if metrics.is_empty() {
            return Err(ToolError::failed("`metrics` is empty; name one, such as UnblendedCost, or leave it out."));
        }
        let group_by = group::check(group_by)?;
        let filter = filter.map(Filter::check).transpose()?;
        Ok(Query { period, granularity, metrics, group_by, filter })
    }
}

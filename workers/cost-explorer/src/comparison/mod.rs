//! Two months side by side: what the two tools that compare have in common.

mod change;
mod text;

use jiff::civil::Date;
use penstock_kit::ToolError;
use schemars::JsonSchema;
use serde::Deserialize;

pub(crate) use change::{Change, Changes, largest_first};
pub(crate) use text::{cells, table};

use crate::dates::Period;
use crate::filter::{Expression, Filter};
use crate::group::{self, GroupBy, MAX_GROUP_BY};
use crate::metric::Metric;

/// What a comparison takes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Arguments {
    /// The month to compare with, as YYYY-MM: 2026-03.
    baseline: String,
    /// The month to compare, as YYYY-MM: 2026-04.
    comparison: String,
    /// What to compare. `UnblendedCost` is what was charged on the day; `AmortizedCost` spreads upfront and recurring
    /// fees over what they pay for; Net… are after discounts; quantities mean something only where a group has a single
    /// unit.
    #[serde(default)]
    metric: Metric,
    /// Up to two keys to split costs by.
    #[serde(default)]
    #[schemars(length(max = MAX_GROUP_BY))]
    group_by: Vec<GroupBy>,
    /// Which costs to look at; without it, all of them.
    #[serde(default)]
    filter: Option<Filter>,
}

/// Checked arguments.
#[derive(Debug)]
pub(crate) struct Query {
    pub(crate) baseline: Period,
    pub(crate) comparison: Period,
    pub(crate) metric: Metric,
    pub(crate) group_by: Vec<GroupBy>,
    pub(crate) filter: Option<Expression>,
}

impl Arguments {
    /// Checks what a schema cannot, as of `today`.
    pub(crate) fn check(self, today: Date) -> Result<Query, ToolError> {
        let month = |name, text: &str| Period::month(name, text, today).map_err(ToolError::Failed);
        let (baseline, comparison) = (month("baseline", &self.baseline)?, month("comparison", &self.comparison)?);
        if baseline == comparison {
            let problem = format!("`baseline` and `comparison` are both {}; send two different months.", self.baseline);
            return Err(ToolError::Failed(problem));
        }
        let group_by = group::check(self.group_by)?;
        let filter = self.filter.map(Filter::check).transpose()?;
        Ok(Query { baseline, comparison, metric: self.metric, group_by, filter })
    }
}

/// The month a period of one is, as `YYYY-MM`.
pub(crate) fn month(period: &Period) -> String {
    period.start.get(..7).unwrap_or_default().to_owned()
}

//! What the tool takes.

use jiff::civil::Date;
use penstock_kit::ToolError;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::dates::{Granularity, Period};
use crate::filter::{Expression, Filter};

/// How many keys the API groups by.
const MAX_GROUP_BY: usize = 2;

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

/// A metric, spelled as the API spells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) enum Metric {
    UnblendedCost,
    BlendedCost,
    AmortizedCost,
    NetUnblendedCost,
    NetAmortizedCost,
    UsageQuantity,
    NormalizedUsageAmount,
}

/// A key to split costs by.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GroupBy {
    /// What the key is.
    #[serde(rename = "type")]
    pub(crate) kind: GroupKind,
    /// For DIMENSION one of SERVICE, REGION, `LINKED_ACCOUNT`, `USAGE_TYPE`, OPERATION, `INSTANCE_TYPE`, `PURCHASE_TYPE`,
    /// `RECORD_TYPE`, AZ, PLATFORM, TENANCY, `DATABASE_ENGINE`, `LEGAL_ENTITY_NAME`, `INVOICING_ENTITY`; else the tag's key
    /// or the cost category's name.
    #[schemars(length(min = 1))]
    pub(crate) key: String,
}

/// What kind of key it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum GroupKind {
    Dimension,
    Tag,
    CostCategory,
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

impl Metric {
    /// The metric's name on the wire.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::UnblendedCost => "UnblendedCost",
            Self::BlendedCost => "BlendedCost",
            Self::AmortizedCost => "AmortizedCost",
            Self::NetUnblendedCost => "NetUnblendedCost",
            Self::NetAmortizedCost => "NetAmortizedCost",
            Self::UsageQuantity => "UsageQuantity",
            Self::NormalizedUsageAmount => "NormalizedUsageAmount",
        }
    }
}

impl Arguments {
    /// Checks what a schema cannot, as of `today`.
    pub(crate) fn check(self, today: Date) -> Result<Query, ToolError> {
        let Self { start_date, end_date, granularity, mut metrics, group_by, filter } = self;
        let period = Period::new(&start_date, &end_date, granularity, today).map_err(ToolError::Failed)?;
        metrics.dedup();
        if metrics.is_empty() {
            return Err(ToolError::failed("`metrics` is empty; name one, such as UnblendedCost, or leave it out."));
        }
        if group_by.len() > MAX_GROUP_BY {
            let problem = format!("`group_by` has {} keys; send at most {MAX_GROUP_BY}.", group_by.len());
            return Err(ToolError::Failed(problem));
        }
        let filter = filter.map(Filter::check).transpose()?;
        Ok(Query { period, granularity, metrics, group_by, filter })
    }
}

//! What the tool takes.

use jiff::civil::Date;
use penstock_kit::ToolError;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::dates::Period;

/// Every dimension the API documents for one of its contexts.
const DIMENSIONS: [&str; 27] = [
    "AZ",
    "BILLING_ENTITY",
    "CACHE_ENGINE",
    "DATABASE_ENGINE",
    "DEPLOYMENT_OPTION",
    "INSTANCE_TYPE",
    "INSTANCE_TYPE_FAMILY",
    "INVOICING_ENTITY",
    "LEGAL_ENTITY_NAME",
    "LINKED_ACCOUNT",
    "OPERATING_SYSTEM",
    "OPERATION",
    "PAYMENT_OPTION",
    "PLATFORM",
    "PRODUCT_ATTRIBUTE",
    "PURCHASE_TYPE",
    "RECORD_TYPE",
    "REGION",
    "RESERVATION_ID",
    "RESOURCE_ID",
    "SAVINGS_PLANS_TYPE",
    "SAVINGS_PLAN_ARN",
    "SCOPE",
    "SERVICE",
    "TENANCY",
    "USAGE_TYPE",
    "USAGE_TYPE_GROUP",
];

/// What `get_dimension_values` takes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Arguments {
    /// The dimension. `RESOURCE_ID` must be enabled in the account and reaches back 14 days; SCOPE goes with
    /// RESERVATIONS, `PAYMENT_OPTION` with `SAVINGS_PLANS`.
    #[schemars(extend("enum" = DIMENSIONS))]
    dimension_key: String,
    /// First day to look at, included: YYYY-MM-DD. 30 days before the end if left out.
    start_date: Option<String>,
    /// The day after the last, not included: YYYY-MM-DD. Today if left out.
    end_date: Option<String>,
    /// Only values that contain this, such as "Elastic".
    #[schemars(length(max = 1024))]
    search_string: Option<String>,
    /// What the values are for: reports of costs and usage, of reservations or of savings plans.
    #[serde(default)]
    context: Context,
}

/// Which part of the bill values are looked for in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Context {
    #[default]
    CostAndUsage,
    Reservations,
    SavingsPlans,
}

/// Checked arguments.
#[derive(Debug)]
pub(crate) struct Query {
    pub(crate) dimension: String,
    pub(crate) period: Period,
    pub(crate) search: Option<String>,
    pub(crate) context: Context,
}

impl Arguments {
    /// Checks what a schema cannot, as of `today`.
    pub(crate) fn check(self, today: Date) -> Result<Query, ToolError> {
        let Self { dimension_key: dimension, start_date, end_date, search_string, context } = self;
        if !DIMENSIONS.contains(&&*dimension) {
            let problem = format!("`dimension_key` is {dimension:?}; send one of {}.", DIMENSIONS.join(", "));
            return Err(ToolError::Failed(problem));
        }
        let period = Period::recent(start_date.as_deref(), end_date.as_deref(), today).map_err(ToolError::Failed)?;
        Ok(Query { dimension, period, search: search_string.filter(|search| !search.is_empty()), context })
    }
}

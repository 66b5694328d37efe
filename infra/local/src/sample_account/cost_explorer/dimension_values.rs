//! `GetDimensionValues`.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::filter::Expression;
use super::model;
use super::page::Pages;
use super::period::TimePeriod;
use super::row::Row;
use crate::sample_account::error::ApiError;

/// Values on a page. Far fewer than the real service sends, so that the longer lists have several pages.
const PAGE_SIZE: usize = 20;

/// Dimensions of the context `COST_AND_USAGE`.
const COST_AND_USAGE: [&str; 25] = [
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
    "PLATFORM",
    "PRODUCT_ATTRIBUTE",
    "PURCHASE_TYPE",
    "RECORD_TYPE",
    "REGION",
    "RESERVATION_ID",
    "RESOURCE_ID",
    "SAVINGS_PLANS_TYPE",
    "SAVINGS_PLAN_ARN",
    "SERVICE",
    "TENANCY",
    "USAGE_TYPE",
    "USAGE_TYPE_GROUP",
];

/// Dimensions of the context `RESERVATIONS`.
const RESERVATIONS: [&str; 9] = [
    "AZ",
    "CACHE_ENGINE",
    "DEPLOYMENT_OPTION",
    "INSTANCE_TYPE",
    "LINKED_ACCOUNT",
    "PLATFORM",
    "REGION",
    "SCOPE",
    "TENANCY",
];

/// Dimensions of the context `SAVINGS_PLANS`.
const SAVINGS_PLANS: [&str; 6] =
    ["INSTANCE_TYPE_FAMILY", "LINKED_ACCOUNT", "PAYMENT_OPTION", "REGION", "SAVINGS_PLANS_TYPE", "SAVINGS_PLAN_ARN"];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Request {
    time_period: TimePeriod,
    dimension: String,
    #[serde(default)]
    context: Context,
    #[serde(default)]
    search_string: String,
    #[serde(default)]
    filter: Option<Expression>,
    #[serde(default)]
    sort_by: Vec<Value>,
    #[serde(default)]
    next_page_token: Option<String>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Context {
    #[default]
    CostAndUsage,
    Reservations,
    SavingsPlans,
}

/// Attributes by value.
type Values = BTreeMap<String, Map<String, Value>>;

/// Answers a request as of `today`.
///
/// # Errors
/// The API's own.
pub(super) fn answer(body: &Value, today: Date) -> Result<Value, ApiError> {
    let request: Request = super::read(body)?;
    if !request.context.dimensions().contains(&&*request.dimension) {
        let (dimension, context) = (&request.dimension, request.context);
        return Err(ApiError::validation(format!("Dimension {dimension:?} is invalid for the context {context:?}")));
    }
    if !request.sort_by.is_empty() {
        return Err(ApiError::validation("The sample account does not serve SortBy"));
    }
    let filter = request.filter.map(Expression::check).transpose()?;
    let rows = request.time_period.days(today)?.flat_map(|day| model::rows(day, today));
    let rows = rows.filter(|row| request.context.has(row) && filter.as_ref().is_none_or(|filter| filter.matches(row)));

    // The keys of this dimension are those of AI models, which the organisation does not use.
    let rows = rows.filter(|_| request.dimension != "PRODUCT_ATTRIBUTE");
    let mut values: Values = rows
        .map(|row| (row.dimension_or_none(&request.dimension).into_owned(), attributes(&row, &request.dimension)))
        .collect();
    values.retain(|value, attributes| is_found(&request.search_string, value, attributes));

    let page =
        Pages::of(body, today).cut(values.into_iter().collect(), request.next_page_token.as_deref(), PAGE_SIZE)?;
    let listed = page.items.iter().map(|(value, attributes)| json!({ "Value": value, "Attributes": attributes }));
    let mut answer = json!({
        "DimensionValues": listed.collect::<Vec<_>>(),
        "ReturnSize": page.items.len(),
        "TotalSize": page.total,
    });
    if let Some(next) = page.next {
        answer["NextPageToken"] = next.into();
    }
    Ok(answer)
}

impl Context {
    fn dimensions(self) -> &'static [&'static str] {
        match self {
            Self::CostAndUsage => &COST_AND_USAGE,
            Self::Reservations => &RESERVATIONS,
            Self::SavingsPlans => &SAVINGS_PLANS,
        }
    }

    /// Whether the context is about the row. The organisation has no savings plans.
    fn has(self, row: &Row) -> bool {
        match self {
            Self::CostAndUsage => true,
            Self::Reservations => row.record.is_reserved(),
            Self::SavingsPlans => false,
        }
    }
}

/// What the API says of a value beside it: the name of an account, the unit of a usage type.
fn attributes(row: &Row, dimension: &str) -> Map<String, Value> {
    let attribute = match dimension {
        "LINKED_ACCOUNT" => Some(("description", row.place.account.name)),
        "USAGE_TYPE" | "USAGE_TYPE_GROUP" => Some(("unit", row.line.unit)),
        _ => None,
    };
    attribute.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect()
}

/// Accounts are found by their name as well, which is all that people know of them.
fn is_found(wanted: &str, value: &str, attributes: &Map<String, Value>) -> bool {
    let wanted = wanted.to_lowercase();
    let name = attributes.get("description").and_then(Value::as_str).unwrap_or_default();
    [value, name].into_iter().any(|text| text.to_lowercase().contains(&wanted))
}

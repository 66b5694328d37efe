//! `GetCostAndUsageComparisons`.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::comparison::{Months, Pair};
use super::group::{self, GroupBy};
use crate::sample_account::error::ApiError;

/// Results a request may ask for on a page.
const MAX_PAGE: usize = 2000;

/// Results on a page unless the request says how many.
const PAGE_SIZE: usize = 50;

/// Answers a request as of `today`. Without grouping there is a total and nothing else.
///
/// # Errors
/// The API's own.
pub(super) fn answer(body: &Value, today: Date) -> Result<Value, ApiError> {
    let request = Months::read(body, today, MAX_PAGE, PAGE_SIZE)?;
    let group_by: Vec<&GroupBy> = request.group_by.iter().collect();
    let pairs = request.by(|row| group_by.iter().map(|group| group.value_of(row)).collect::<Vec<_>>());
    let mut total = Pair::default();
    for pair in pairs.values() {
        total.add(pair);
    }

    let groups = pairs.into_iter().filter(|(values, _)| !values.is_empty());
    let page = request.page(groups.collect())?;
    let comparisons = page.items.iter().map(|(values, pair)| {
        json!({
            "CostAndUsageSelector": group::selector(&group_by, values),
            "Metrics": pair.to_json(&[&request.metric]),
        })
    });
    let mut answer = json!({
        "CostAndUsageComparisons": comparisons.collect::<Vec<_>>(),
        "TotalCostAndUsage": total.to_json(&[&request.metric]),
    });
    if let Some(next) = page.next {
        answer["NextPageToken"] = next.into();
    }
    Ok(answer)
}

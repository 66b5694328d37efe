//! `GetCostAndUsage`.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::amount::{self, Amounts};
use super::filter::{Expression, Filter};
use super::group::{self, GroupBy};
use super::model;
use super::page::{PAGE_SIZE, Pages};
use super::period::{Granularity, Piece, TimePeriod};
use crate::sample_account::error::ApiError;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Request {
    time_period: TimePeriod,
    granularity: Granularity,
    metrics: Vec<String>,
    #[serde(default)]
    filter: Option<Expression>,
    #[serde(default)]
    group_by: Vec<GroupBy>,
    #[serde(default)]
    next_page_token: Option<String>,
}

/// Sums by group key; without grouping, one sum under no keys.
type Groups = BTreeMap<Vec<String>, Amounts>;

/// Answers a request as of `today`.
///
/// # Errors
/// The API's own.
pub(super) fn answer(body: &Value, today: Date) -> Result<Value, ApiError> {
    let mut request: Request = super::read(body)?;
    request.check()?;
    let filter = request.filter.take().map(Expression::check).transpose()?;
    let pieces = request.time_period.pieces(request.granularity, today)?;
    let pages = Pages::of(body, today);
    let offset = pages.offset(request.next_page_token.as_deref())?;

    let mut results = Vec::new();
    let mut position = 0;
    for piece in pieces {
        let groups = request.sum(piece, filter.as_ref(), today);
        // A piece without groups still takes a place, or no page would tell of it.
        let size = groups.len().max(1);
        let skipped = offset.saturating_sub(position);
        let room = (offset + PAGE_SIZE).saturating_sub(position);
        if skipped < size && room > 0 {
            let on_page = groups.into_iter().take(room).skip(skipped);
            results.push(request.result(piece, on_page, today));
        }
        position += size;
        if position > offset + PAGE_SIZE {
            break;
        }
    }
    if offset > 0 && offset >= position {
        return Err(ApiError::invalid_next_token());
    }
    let mut answer = Map::new();
    if position > offset + PAGE_SIZE {
        answer.insert("NextPageToken".to_owned(), json!(pages.token(offset + PAGE_SIZE)));
    }
    if !request.group_by.is_empty() {
        let definitions: Vec<_> = request.group_by.iter().map(GroupBy::to_json).collect();
        answer.insert("GroupDefinitions".to_owned(), json!(definitions));
    }
    answer.insert("ResultsByTime".to_owned(), json!(results));
    answer.insert("DimensionValueAttributes".to_owned(), account_names(&request.group_by));
    Ok(Value::Object(answer))
}

impl Request {
    fn check(&self) -> Result<(), ApiError> {
        if self.metrics.is_empty() {
            return Err(ApiError::validation("Metrics must not be empty"));
        }
        self.metrics.iter().try_for_each(|metric| amount::check_metric(metric))?;
        group::check(&self.group_by)
    }

    fn sum(&self, piece: Piece, filter: Option<&Filter>, today: Date) -> Groups {
        let mut groups = Groups::new();
        if self.group_by.is_empty() {
            groups.insert(Vec::new(), Amounts::default());
        }
        let rows = piece.days().flat_map(|day| model::rows(day, today));
        for row in rows.filter(|row| filter.is_none_or(|filter| filter.matches(row))) {
            let amounts = match self.granularity {
                Granularity::Hourly => row.in_hour(piece.start.hour()),
                Granularity::Daily | Granularity::Monthly => row.amounts,
            };
            let keys = self.group_by.iter().map(|group| group.key_of(&row)).collect();
            groups.entry(keys).or_default().add(&amounts);
        }
        groups
    }

    /// The API's `ResultByTime`: either a total or groups.
    fn result(&self, piece: Piece, sums: impl Iterator<Item = (Vec<String>, Amounts)>, today: Date) -> Value {
        let mut total = json!({});
        let mut groups = Vec::new();
        for (keys, amounts) in sums {
            let metrics = amounts.to_json(&self.metrics);
            if keys.is_empty() {
                total = metrics;
            } else {
                groups.push(json!({ "Keys": keys, "Metrics": metrics }));
            }
        }
        json!({
            "TimePeriod": piece.to_json(self.granularity),
            "Total": total,
            "Groups": groups,
            "Estimated": piece.end.date() > today.first_of_month(),
        })
    }
}

/// Names behind account ids, where a group shows ids.
fn account_names(group_by: &[GroupBy]) -> Value {
    let by_account = group_by.iter().any(|group| group.key == "LINKED_ACCOUNT");
    let accounts = model::ACCOUNTS.iter().filter(|_| by_account);
    accounts.map(|account| json!({ "Value": account.id, "Attributes": { "description": account.name } })).collect()
}

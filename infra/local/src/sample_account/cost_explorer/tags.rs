//! `GetTags`: the keys of cost allocation tags, or the values of one.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Value, json};

use super::filter::Expression;
use super::model;
use super::page::Pages;
use super::period::TimePeriod;
use super::row::TAGS;
use crate::sample_account::error::ApiError;

/// Keys or values on a page. Far fewer than the real service sends, so that the few there are have several pages.
const PAGE_SIZE: usize = 3;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Request {
    time_period: TimePeriod,
    #[serde(default)]
    tag_key: Option<String>,
    #[serde(default)]
    search_string: String,
    #[serde(default)]
    filter: Option<Expression>,
    #[serde(default)]
    sort_by: Vec<Value>,
    #[serde(default)]
    next_page_token: Option<String>,
}

/// Answers a request as of `today`.
///
/// # Errors
/// The API's own.
pub(super) fn answer(body: &Value, today: Date) -> Result<Value, ApiError> {
    let request: Request = super::read(body)?;
    if !request.sort_by.is_empty() {
        return Err(ApiError::validation("The sample account does not serve SortBy"));
    }
    let filter = request.filter.map(Expression::check).transpose()?;
    let rows = request.time_period.days(today)?.flat_map(|day| model::rows(day, today));
    let rows = rows.filter(|row| filter.as_ref().is_none_or(|filter| filter.matches(row)));
    let found: BTreeSet<&str> = match &request.tag_key {
        // What nobody has tagged counts as a value, or the values would not add up to the bill.
        Some(key) => rows.map(|row| row.tag(key).unwrap_or_default()).collect(),
        None => rows.flat_map(|row| TAGS.into_iter().filter(move |key| row.tag(key).is_some())).collect(),
    };
    let wanted = request.search_string.to_lowercase();
    let found = found.into_iter().filter(|text| text.to_lowercase().contains(&wanted)).collect();

    let page = Pages::of(body, today).cut(found, request.next_page_token.as_deref(), PAGE_SIZE)?;
    let mut answer = json!({ "Tags": page.items, "ReturnSize": page.items.len(), "TotalSize": page.total });
    if let Some(next) = page.next {
        answer["NextPageToken"] = next.into();
    }
    Ok(answer)
}

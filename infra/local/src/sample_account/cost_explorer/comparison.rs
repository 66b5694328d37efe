//! What `GetCostAndUsageComparisons` and `GetCostComparisonDrivers` share: two months, side by side.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Value, json};

use super::amount::{self, Amounts, decimal};
use super::filter::{Expression, Filter};
use super::group::{self, GroupBy};
use super::model;
use super::page::{Cut, Pages};
use super::period::{Piece, TimePeriod};
use super::row::Row;
use crate::sample_account::error::ApiError;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Request {
    baseline_time_period: TimePeriod,
    comparison_time_period: TimePeriod,
    metric_for_comparison: String,
    #[serde(default)]
    filter: Option<Expression>,
    #[serde(default)]
    group_by: Vec<GroupBy>,
    #[serde(default)]
    max_results: Option<usize>,
    #[serde(default)]
    next_page_token: Option<String>,
}

/// A checked request.
#[derive(Debug)]
pub(super) struct Months {
    baseline: Piece,
    comparison: Piece,
    today: Date,
    /// The metric that is compared.
    pub(super) metric: String,
    filter: Option<Filter>,
    /// What the request groups by.
    pub(super) group_by: Vec<GroupBy>,
    page_size: usize,
    pages: Pages,
    token: Option<String>,
}

/// The same rows in either month.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pair {
    baseline: Amounts,
    comparison: Amounts,
}

impl Months {
    /// Checks a request as of `today`. A page has at most `max_page` results.
    ///
    /// # Errors
    /// The API's own.
    pub(super) fn read(body: &Value, today: Date, max_page: usize, default_page: usize) -> Result<Self, ApiError> {
        let request: Request = super::read(body)?;
        amount::check_metric(&request.metric_for_comparison)?;
        group::check(&request.group_by)?;
        let page_size = request.max_results.unwrap_or(default_page);
        if !(1..=max_page).contains(&page_size) {
            return Err(ApiError::validation(format!("MaxResults {page_size} is not between 1 and {max_page}")));
        }
        Ok(Self {
            baseline: request.baseline_time_period.month(today)?,
            comparison: request.comparison_time_period.month(today)?,
            today,
            metric: request.metric_for_comparison,
            filter: request.filter.map(Expression::check).transpose()?,
            group_by: request.group_by,
            page_size,
            pages: Pages::of(body, today),
            token: request.next_page_token,
        })
    }

    /// Both months' sums by whatever `key` makes of a row.
    pub(super) fn by<K: Ord>(&self, key: impl Fn(&Row) -> K) -> BTreeMap<K, Pair> {
        let mut pairs = BTreeMap::<K, Pair>::new();
        let rows = |month: Piece| {
            let rows = month.days().flat_map(|day| model::rows(day, self.today));
            rows.filter(|row| self.filter.as_ref().is_none_or(|filter| filter.matches(row)))
        };
        for row in rows(self.baseline) {
            pairs.entry(key(&row)).or_default().baseline.add(&row.amounts);
        }
        for row in rows(self.comparison) {
            pairs.entry(key(&row)).or_default().comparison.add(&row.amounts);
        }
        pairs
    }

    /// The page that is asked for.
    ///
    /// # Errors
    /// `InvalidNextTokenException`: these operations know no other fault of a token.
    pub(super) fn page<T>(&self, results: Vec<T>) -> Result<Cut<T>, ApiError> {
        let page = self.pages.cut(results, self.token.as_deref(), self.page_size);
        page.map_err(|_| ApiError::invalid_next_token())
    }
}

impl Pair {
    /// Adds other rows.
    pub(super) fn add(&mut self, other: &Self) {
        self.baseline.add(&other.baseline);
        self.comparison.add(&other.comparison);
    }

    /// By how much the comparison month exceeds the baseline, in millionths.
    pub(super) fn difference(&self, metric: &str) -> i64 {
        self.comparison.metric(metric).0 - self.baseline.metric(metric).0
    }

    /// Whether either month has an amount.
    pub(super) fn is_some(&self, metric: &str) -> bool {
        self.baseline.metric(metric).0 != 0 || self.comparison.metric(metric).0 != 0
    }

    /// The API's map from metric to `ComparisonMetricValue`.
    pub(super) fn to_json(self, metrics: &[&str]) -> Value {
        let mut both = self.baseline;
        both.add(&self.comparison);
        let entry = |metric: &&str| {
            let value = json!({
                "BaselineTimePeriodAmount": decimal(self.baseline.metric(metric).0),
                "ComparisonTimePeriodAmount": decimal(self.comparison.metric(metric).0),
                "Difference": decimal(self.difference(metric)),
                "Unit": both.metric(metric).1,
            });
            ((*metric).to_owned(), value)
        };
        Value::Object(metrics.iter().map(entry).collect())
    }
}

//! What the tool answers.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::Query;
use crate::amount::Amount;
use crate::aws::Costs;
use crate::dates::Granularity;
use crate::decimal::Decimal;
use crate::group;
use crate::metric::Metric;

/// What `get_cost_and_usage` answers.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// First day or hour, included.
    pub(crate) start_date: String,
    /// Where the period ends, not included.
    pub(crate) end_date: String,
    /// Length of the rows' periods.
    pub(crate) granularity: Granularity,
    /// The keys costs are split by, in the order of `keys` in each row.
    pub(crate) group_by: Vec<String>,
    /// One row for each period and group, oldest first.
    pub(crate) rows: Vec<Row>,
    /// The sum of all rows, by metric, where they have one unit.
    pub(crate) totals: BTreeMap<String, Amount>,
    /// Names of the account ids in `keys`.
    pub(crate) account_names: BTreeMap<String, String>,
    /// Whether there are more rows than fit; `totals` do not include those.
    pub(crate) truncated: bool,
}

/// The costs of one group in one period.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Row {
    /// First day or hour of the period, included.
    pub(crate) start: String,
    /// Where the period ends, not included.
    pub(crate) end: String,
    /// The group, one value for each of `group_by`; a tag or cost category as `Name$value`, without a value
    /// where costs have none.
    pub(crate) keys: Vec<String>,
    /// Amounts by metric.
    pub(crate) metrics: BTreeMap<String, Amount>,
    /// Whether the bill of the period may still change.
    pub(crate) estimated: bool,
}

impl Output {
    /// An answer without rows yet.
    pub(crate) fn new(query: &Query) -> Self {
        Self {
            start_date: query.period.start.clone(),
            end_date: query.period.end.clone(),
            granularity: query.granularity,
            group_by: group::keys(&query.group_by),
            rows: Vec::new(),
            totals: BTreeMap::new(),
            account_names: BTreeMap::new(),
            truncated: false,
        }
    }

    /// Adds the next page. Answers how many rows there are now.
    pub(crate) fn extend(&mut self, page: Costs) -> usize {
        self.rows.extend(page.rows);
        self.account_names.extend(page.names);
        self.rows.len()
    }

    /// Adds up the rows.
    pub(crate) fn add_up(&mut self, metrics: &[Metric]) {
        let totals = metrics.iter().filter_map(|metric| Some((metric.as_str().to_owned(), self.total(*metric)?)));
        self.totals = totals.collect();
    }

    fn total(&self, metric: Metric) -> Option<Amount> {
        let amounts = || self.rows.iter().filter_map(|row| row.metrics.get(metric.as_str()));
        let unit = &amounts().next()?.unit;
        if unit == "N/A" || amounts().any(|amount| amount.unit != *unit) {
            return None;
        }
        let numbers: Option<Vec<_>> = amounts().map(|amount| Decimal::parse(&amount.amount)).collect();
        let sum: Decimal = numbers?.into_iter().sum();
        Some(Amount { amount: sum.exact(), unit: unit.clone() })
    }
}

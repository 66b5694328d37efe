//! What the tool answers.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::aws::Comparisons;
use crate::comparison::{Changes, Query, cells, largest_first, month, table};
use crate::group;
use crate::metric::Metric;

/// What `get_cost_and_usage_comparisons` answers.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The month compared with.
    baseline: String,
    /// The month compared.
    comparison: String,
    /// What is compared.
    metric: Metric,
    /// The keys costs are split by.
    group_by: Vec<String>,
    /// One row for each group, what changed most first.
    rows: Vec<Row>,
    /// All groups together, by metric.
    totals: Changes,
    /// Whether there are more rows than fit; `totals` include those.
    pub(crate) truncated: bool,
}

/// One group in both months.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Row {
    /// The group's value of each key; an empty one where costs have none.
    pub(crate) group: BTreeMap<String, String>,
    /// What changed, by metric.
    pub(crate) metrics: Changes,
}

impl Output {
    /// An answer without rows yet.
    pub(crate) fn new(query: &Query) -> Self {
        Self {
            baseline: month(&query.baseline),
            comparison: month(&query.comparison),
            metric: query.metric,
            group_by: group::keys(&query.group_by),
            rows: Vec::new(),
            totals: Changes::new(),
            truncated: false,
        }
    }

    /// Adds the next page. Answers how many rows there are now.
    pub(crate) fn extend(&mut self, page: Comparisons) -> usize {
        self.rows.extend(page.rows);
        self.totals.extend(page.totals);
        self.rows.len()
    }

    /// Puts what changed most first.
    pub(crate) fn sort(&mut self, metric: Metric) -> &Self {
        largest_first(&mut self.rows, metric, |row| &row.metrics);
        self
    }

    /// The answer as a table.
    pub(crate) fn to_text(&self, query: &Query) -> String {
        // Without keys the only row is the total.
        let is_split = !self.group_by.is_empty();
        let words = if is_split { self.group_by.clone() } else { vec![String::new()] };
        let blank = words.iter().skip(1).map(|_| String::new());
        let total = ["total".to_owned()].into_iter().chain(blank).collect();
        let total = cells(total, &self.totals, self.metric);
        let values = |row: &Row| words.iter().map(|key| row.group.get(key).cloned().unwrap_or_default()).collect();
        let mut lines: Vec<_> = self.rows.iter().map(|row| cells(values(row), &row.metrics, self.metric)).collect();
        let mut table = table(query, words.clone());
        if is_split {
            table.total = (!self.totals.is_empty()).then_some(total);
        } else if !self.totals.is_empty() {
            lines = vec![total];
        }
        table.lines = lines;
        table.truncated = self.truncated.then_some("Group by a key with fewer values, or filter.");
        table.to_string()
    }
}

//! What the tool answers.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use crate::comparison::{Changes, Query, cells, largest_first, month, table};
use crate::metric::Metric;

/// What `get_cost_comparison_drivers` answers.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The month compared with.
    baseline: String,
    /// The month compared.
    comparison: String,
    /// What is compared.
    metric: Metric,
    /// One row for each service and usage type, and each key asked for; what changed most first.
    rows: Vec<Row>,
    /// Whether there are more rows than fit.
    pub(crate) truncated: bool,
}

/// What changed in one group, and why.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Row {
    /// The group's value of each key: SERVICE, `USAGE_TYPE` and those asked for.
    pub(crate) group: BTreeMap<String, String>,
    /// What changed, by metric.
    pub(crate) metrics: Changes,
    /// What drove it, the largest first.
    pub(crate) drivers: Vec<Driver>,
}

/// A reason costs changed.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Driver {
    /// Its kind: `USAGE_CHANGE`, CREDIT, REFUND, TAX, `SAVINGS_PLAN_USAGE`…
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// What it is called.
    pub(crate) name: String,
    /// How much it accounts for, by metric.
    pub(crate) metrics: Changes,
}

impl Output {
    /// An answer without rows yet.
    pub(crate) fn new(query: &Query) -> Self {
        Self {
            baseline: month(&query.baseline),
            comparison: month(&query.comparison),
            metric: query.metric,
            rows: Vec::new(),
            truncated: false,
        }
    }

    /// Adds the next page. Answers how many rows there are now.
    pub(crate) fn extend(&mut self, page: Vec<Row>) -> usize {
        self.rows.extend(page);
        self.rows.len()
    }

    /// Puts what changed most first.
    pub(crate) fn sort(&mut self, metric: Metric) -> &Self {
        largest_first(&mut self.rows, metric, |row| &row.metrics);
        self.rows.iter_mut().for_each(|row| largest_first(&mut row.drivers, metric, |driver| &driver.metrics));
        self
    }

    /// The answer as a table: a line for each group, followed by one for each of its drivers.
    pub(crate) fn to_text(&self, query: &Query) -> String {
        let keys: BTreeSet<&String> = self.rows.iter().flat_map(|row| row.group.keys()).collect();
        let words = |row: &Row, driver: &str| {
            let values = keys.iter().map(|key| row.group.get(*key).cloned().unwrap_or_default());
            values.chain([driver.to_owned()]).collect()
        };
        let heading = keys.iter().map(|key| (*key).clone()).chain(["driver".to_owned()]).collect();
        let mut table = table(query, heading);
        table.if_empty = "nothing drove the costs of these months apart.";
        for row in &self.rows {
            table.lines.push(cells(words(row, ""), &row.metrics, self.metric));
            let name = |driver: &Driver| format!("{}: {}", driver.kind, driver.name);
            let drivers = row.drivers.iter();
            table.lines.extend(drivers.map(|driver| cells(words(row, &name(driver)), &driver.metrics, self.metric)));
        }
        table.truncated = self.truncated.then_some("Filter by a service or account.");
        table.to_string()
    }
}

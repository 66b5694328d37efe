//! `GetCostAndUsageComparisons` and `GetCostComparisonDrivers`: two months side by side.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_costexplorer::types::{ComparisonMetricValue, CostComparisonDriver, Expression};
use penstock_kit::ToolError;

use super::{CostExplorer, failure, terms};
use crate::comparison::{Change, Query};
use crate::pages::Page;
use crate::{get_cost_and_usage_comparisons, get_cost_comparison_drivers};

/// The most the API sends on a page: each page is paid for.
const COMPARISONS_PER_PAGE: i32 = 2000;

/// The same for drivers.
const DRIVERS_PER_PAGE: i32 = 10;

/// What is on one page of comparisons.
#[derive(Debug)]
pub(crate) struct Comparisons {
    /// The groups.
    pub(crate) rows: Vec<get_cost_and_usage_comparisons::Row>,
    /// The totals of all groups, those of other pages included, by metric.
    pub(crate) totals: BTreeMap<String, Change>,
}

impl CostExplorer {
    /// One page of groups in both months.
    ///
    /// # Errors
    /// A failure the model can read.
    pub(crate) async fn comparisons(
        &self,
        query: &Query,
        next: Option<String>,
    ) -> Result<Page<Comparisons>, ToolError> {
        let request = self.client.get_cost_and_usage_comparisons();
        let answer = request
            .baseline_time_period(terms::interval(&query.baseline)?)
            .comparison_time_period(terms::interval(&query.comparison)?)
            .metric_for_comparison(query.metric.as_str())
            .set_group_by(terms::group_by(&query.group_by))
            .set_filter(query.filter.as_ref().map(terms::expression))
            .max_results(COMPARISONS_PER_PAGE)
            .set_next_page_token(next)
            .send()
            .await
            .map_err(|error| failure::describe(&error, "ce:GetCostAndUsageComparisons"))?;
        let rows = answer.cost_and_usage_comparisons.unwrap_or_default().into_iter();
        let rows = rows.map(|row| get_cost_and_usage_comparisons::Row {
            group: group(row.cost_and_usage_selector.as_ref()),
            metrics: changes(row.metrics),
        });
        let content = Comparisons { rows: rows.collect(), totals: changes(answer.total_cost_and_usage) };
        Ok(Page::new(content, answer.next_page_token))
    }

    /// One page of what drives the difference.
    ///
    /// # Errors
    /// A failure the model can read.
    pub(crate) async fn comparison_drivers(
        &self,
        query: &Query,
        next: Option<String>,
    ) -> Result<Page<Vec<get_cost_comparison_drivers::Row>>, ToolError> {
        let request = self.client.get_cost_comparison_drivers();
        let answer = request
            .baseline_time_period(terms::interval(&query.baseline)?)
            .comparison_time_period(terms::interval(&query.comparison)?)
            .metric_for_comparison(query.metric.as_str())
            .set_group_by(terms::group_by(&query.group_by))
            .set_filter(query.filter.as_ref().map(terms::expression))
            .max_results(DRIVERS_PER_PAGE)
            .set_next_page_token(next)
            .send()
            .await
            .map_err(|error| failure::describe(&error, "ce:GetCostComparisonDrivers"))?;
        let rows = answer.cost_comparison_drivers.unwrap_or_default().into_iter().map(row);
        Ok(Page::new(rows.collect(), answer.next_page_token))
    }
}

fn row(row: CostComparisonDriver) -> get_cost_comparison_drivers::Row {
    let drivers = row.cost_drivers.unwrap_or_default().into_iter();
    let drivers = drivers.map(|driver| get_cost_comparison_drivers::Driver {
        kind: driver.r#type.unwrap_or_default(),
        name: driver.name.unwrap_or_default(),
        metrics: changes(driver.metrics),
    });
    get_cost_comparison_drivers::Row {
        group: group(row.cost_selector.as_ref()),
        metrics: changes(row.metrics),
        drivers: drivers.collect(),
    }
}

/// The API names a group by the filter that selects it.
fn group(selector: Option<&Expression>) -> BTreeMap<String, String> {
    let mut keys = BTreeMap::new();
    if let Some(selector) = selector {
        collect(selector, &mut keys);
    }
    keys
}

fn collect(selector: &Expression, keys: &mut BTreeMap<String, String>) {
    for part in selector.and() {
        collect(part, keys);
    }
    let mut add = |key: &str, values: &[String]| keys.insert(key.to_owned(), values.join(", "));
    if let Some(dimension) = selector.dimensions() {
        add(dimension.key().map_or("", |key| key.as_str()), dimension.values());
    }
    if let Some(tag) = selector.tags() {
        add(tag.key().unwrap_or_default(), tag.values());
    }
    if let Some(category) = selector.cost_categories() {
        add(category.key().unwrap_or_default(), category.values());
    }
}

fn changes(metrics: Option<HashMap<String, ComparisonMetricValue>>) -> BTreeMap<String, Change> {
    let change = |value: ComparisonMetricValue| {
        let amounts = (value.baseline_time_period_amount, value.comparison_time_period_amount);
        Change::between(amounts.0, amounts.1, value.difference, value.unit)
    };
    metrics.unwrap_or_default().into_iter().map(|(metric, value)| (metric, change(value))).collect()
}

//! `GetCostAndUsage`.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_costexplorer::types::{MetricValue, ResultByTime};
use penstock_kit::ToolError;

use super::{CostExplorer, failure, terms};
use crate::amount::Amount;
use crate::get_cost_and_usage::{Query, Row};
use crate::pages::Page;

/// What is on one page.
#[derive(Debug)]
pub(crate) struct Costs {
    /// Rows; those of one period may go on on the next page.
    pub(crate) rows: Vec<Row>,
    /// Names of account ids among the rows' keys.
    pub(crate) names: BTreeMap<String, String>,
}

impl CostExplorer {
    /// One page of costs.
    ///
    /// # Errors
    /// A failure the model can read.
    pub(crate) async fn cost_and_usage(&self, query: &Query, next: Option<String>) -> Result<Page<Costs>, ToolError> {
        let request = self.client.get_cost_and_usage().time_period(terms::interval(&query.period)?);
        let answer = request
            .granularity(terms::granularity(query.granularity))
            .set_metrics(Some(query.metrics.iter().map(|metric| metric.as_str().to_owned()).collect()))
            .set_group_by(terms::group_by(&query.group_by))
            .set_filter(query.filter.as_ref().map(terms::expression))
            .set_next_page_token(next)
            .send()
            .await
            .map_err(|error| failure::describe(&error, "ce:GetCostAndUsage"))?;
        let names = answer.dimension_value_attributes.unwrap_or_default().into_iter();
        let names = names.filter_map(|value| Some((value.value?, value.attributes?.remove("description")?)));
        let rows = answer.results_by_time.unwrap_or_default().into_iter().flat_map(rows).collect();
        Ok(Page::new(Costs { rows, names: names.collect() }, answer.next_page_token))
    }
}

/// The groups of a period or, if nothing is grouped, its total.
fn rows(result: ResultByTime) -> impl Iterator<Item = Row> {
    let (start, end) = result.time_period.map(|period| (period.start, period.end)).unwrap_or_default();
    let total = result.total.filter(|total| !total.is_empty()).map(|total| (Vec::new(), total));
    let groups = result.groups.unwrap_or_default().into_iter();
    let groups = groups.map(|group| (group.keys.unwrap_or_default(), group.metrics.unwrap_or_default()));
    total.into_iter().chain(groups).map(move |(keys, metrics)| Row {
        start: start.clone(),
        end: end.clone(),
        keys,
        metrics: amounts(metrics),
        estimated: result.estimated,
    })
}

fn amounts(metrics: HashMap<String, MetricValue>) -> BTreeMap<String, Amount> {
    metrics.into_iter().map(|(metric, value)| (metric, Amount::new(value.amount, value.unit))).collect()
}

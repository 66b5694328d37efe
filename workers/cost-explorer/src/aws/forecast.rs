//! `GetCostForecast`.

use aws_sdk_costexplorer::types::{self, ForecastResult};
use penstock_kit::ToolError;

use super::{CostExplorer, failure, terms};
use crate::amount::Amount;
use crate::get_cost_forecast::{Metric, Query, Row};
use crate::pages::Page;

/// A whole forecast.
#[derive(Debug)]
pub(crate) struct Forecast {
    /// What is expected of the whole period.
    pub(crate) total: Option<Amount>,
    /// The pieces of the period, oldest first.
    pub(crate) rows: Vec<Row>,
}

impl CostExplorer {
    /// A forecast. The API sends it as one page.
    ///
    /// # Errors
    /// A failure the model can read.
    pub(crate) async fn forecast(&self, query: &Query) -> Result<Page<Forecast>, ToolError> {
        let metric = match query.metric {
            Metric::Unblended => types::Metric::UnblendedCost,
            Metric::Blended => types::Metric::BlendedCost,
            Metric::Amortized => types::Metric::AmortizedCost,
            Metric::NetUnblended => types::Metric::NetUnblendedCost,
            Metric::NetAmortized => types::Metric::NetAmortizedCost,
        };
        let request = self.client.get_cost_forecast().time_period(terms::interval(&query.period)?);
        let answer = request
            .metric(metric)
            .granularity(terms::granularity(query.granularity))
            .prediction_interval_level(query.level.into())
            .set_filter(query.filter.as_ref().map(terms::expression))
            .send()
            .await
            .map_err(|error| failure::describe(&error, "ce:GetCostForecast"))?;
        let total = answer.total.map(|total| Amount::new(total.amount, total.unit));
        let rows = answer.forecast_results_by_time.unwrap_or_default().into_iter().map(row).collect();
        Ok(Page::new(Forecast { total, rows }, None))
    }
}

fn row(result: ForecastResult) -> Row {
    let (start, end) = result.time_period.map(|period| (period.start, period.end)).unwrap_or_default();
    Row {
        start,
        end,
        mean: result.mean_value.unwrap_or_default(),
        lower: result.prediction_interval_lower_bound,
        upper: result.prediction_interval_upper_bound,
    }
}

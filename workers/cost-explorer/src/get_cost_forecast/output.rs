//! What the tool answers.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Metric, Query};
use crate::amount::{Amount, shown};
use crate::aws::Forecast;
use crate::dates::Granularity;
use crate::table::Table;

/// What `get_cost_forecast` answers.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// First day, included.
    start_date: String,
    /// Where the forecast ends, not included.
    end_date: String,
    /// Length of the rows' periods.
    granularity: Granularity,
    /// What is forecast.
    metric: Metric,
    /// How probable it is that costs lie between the bounds, in per cent.
    prediction_interval_level: u8,
    /// What the whole period is expected to cost.
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<Amount>,
    /// One row for each day or month, oldest first; amounts in the unit of the total.
    rows: Vec<Row>,
}

/// What one day or month is expected to cost.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Row {
    /// First day, included.
    pub(crate) start: String,
    /// Where the day or month ends, not included.
    pub(crate) end: String,
    /// The most probable cost, an exact decimal number.
    pub(crate) mean: String,
    /// What it will probably not be below.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) lower: Option<String>,
    /// What it will probably not be above.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) upper: Option<String>,
}

impl Output {
    /// An answer without a forecast yet.
    pub(crate) fn new(query: &Query) -> Self {
        Self {
            start_date: query.period.start.clone(),
            end_date: query.period.end.clone(),
            granularity: query.granularity,
            metric: query.metric,
            prediction_interval_level: query.level,
            total: None,
            rows: Vec::new(),
        }
    }

    /// Adds the forecast. Answers how many rows there are now.
    pub(crate) fn extend(&mut self, forecast: Forecast) -> usize {
        self.total = forecast.total;
        self.rows = forecast.rows;
        self.rows.len()
    }

    /// The answer as a table.
    pub(crate) fn to_text(&self) -> String {
        let Self { start_date, end_date, prediction_interval_level: level, .. } = self;
        let unit = self.total.as_ref().map_or("N/A", |total| &total.unit);
        let bound = |bound: &Option<String>| bound.as_ref().map_or_else(String::new, |bound| shown(bound, unit));
        let cells = |row: &Row| vec![row.start.clone(), shown(&row.mean, unit), bound(&row.lower), bound(&row.upper)];
        let table = Table {
            title: format!(
                "AWS costs expected from {start_date} to {end_date} (not included), {}; between the bounds with a \
                 probability of {level} %",
                self.granularity.adverb()
            ),
            if_empty: "there is no forecast.",
            heading: ["period", "expected", "at least", "at most"].map(str::to_owned).to_vec(),
            words: 1,
            lines: self.rows.iter().map(cells).collect(),
            total: self.total.as_ref().map(|total| vec!["total".to_owned(), total.shown()]),
            ..Table::default()
        };
        table.to_string()
    }
}

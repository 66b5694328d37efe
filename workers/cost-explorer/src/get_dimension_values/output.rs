//! What the tool answers.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::Query;
use crate::table::Table;

/// What `get_dimension_values` answers.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// The dimension.
    dimension_key: String,
    /// First day looked at.
    start_date: String,
    /// Where the period ends, not included.
    end_date: String,
    /// The values.
    values: Vec<Value>,
    /// Whether there are more values than fit.
    pub(crate) truncated: bool,
}

/// A value of the dimension.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Value {
    /// As filters take it; empty for costs without one.
    pub(crate) value: String,
    /// What AWS says about it: the name of an account as `description`, the unit of a usage type as `unit`.
    pub(crate) attributes: BTreeMap<String, String>,
}

impl Output {
    /// An answer without values yet.
    pub(crate) fn new(query: &Query) -> Self {
        Self {
            dimension_key: query.dimension.clone(),
            start_date: query.period.start.clone(),
            end_date: query.period.end.clone(),
            values: Vec::new(),
            truncated: false,
        }
    }

    /// Adds the next page. Answers how many values there are now.
    pub(crate) fn extend(&mut self, page: Vec<Value>) -> usize {
        self.values.extend(page);
        self.values.len()
    }

    /// The answer as a table.
    pub(crate) fn to_text(&self) -> String {
        let cells = |value: &Value| {
            let attributes = value.attributes.iter().map(|(name, text)| format!("{name}: {text}"));
            vec![value.value.clone(), attributes.collect::<Vec<_>>().join(", ")]
        };
        let table = Table {
            title: format!("Values of {} from {} to {}", self.dimension_key, self.start_date, self.end_date),
            if_empty: "none. Ask for a longer period or another search_string.",
            heading: ["value", "attributes"].map(str::to_owned).to_vec(),
            words: 2,
            lines: self.values.iter().map(cells).collect(),
            truncated: self.truncated.then_some("Narrow them down with search_string."),
            ..Table::default()
        };
        table.to_string()
    }
}

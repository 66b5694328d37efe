//! Comparisons as a table.

use super::{Changes, Query, month};
use crate::amount::shown;
use crate::metric::Metric;
use crate::table::Table;

/// A table without lines, whose columns are `words` and then what [`cells`] writes.
pub(crate) fn table(query: &Query, words: Vec<String>) -> Table {
    let (baseline, comparison) = (month(&query.baseline), month(&query.comparison));
    let numbers = [baseline.clone(), comparison.clone(), "change".to_owned(), "%".to_owned()];
    Table {
        title: format!("{} of AWS in {comparison} compared with {baseline}", query.metric.as_str()),
        if_empty: "no costs match in either month.",
        words: words.len(),
        heading: words.into_iter().chain(numbers).collect(),
        truncated: None,
        ..Table::default()
    }
}

/// A line: its words, then both amounts, the difference and its percentage.
pub(crate) fn cells(words: Vec<String>, changes: &Changes, metric: Metric) -> Vec<String> {
    let numbers = changes.get(metric.as_str()).map(|change| {
        let shown = |amount: &str| shown(amount, &change.unit);
        let sign = if change.difference.starts_with('-') { "" } else { "+" };
        let difference = format!("{sign}{}", shown(&change.difference));
        let percent = match &change.percent {
            Some(percent) => format!("{sign}{percent} %"),
            None if change.difference == "0" => String::new(),
            None => "new".to_owned(),
        };
        [shown(&change.baseline), shown(&change.comparison), difference, percent]
    });
    words.into_iter().chain(numbers.unwrap_or_default()).collect()
}

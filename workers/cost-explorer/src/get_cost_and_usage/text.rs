//! The answer as a table.

use std::iter::once;

use super::{Output, Row};
use crate::amount::Amount;
use crate::metric::Metric;
use crate::table::Table;

/// Writes `output` as a table, one line a row, with its totals at the end.
pub(super) fn of(output: &Output, metrics: &[Metric]) -> String {
    let Output { start_date, end_date, rows, group_by, .. } = output;
    let heading = once("period").chain(group_by.iter().map(String::as_str));
    let heading = heading.chain(metrics.iter().map(|metric| metric.as_str()));
    let is_estimated = rows.iter().any(|row| row.estimated);
    let table = Table {
        title: format!("AWS costs from {start_date} to {end_date} (not included), {}", output.granularity.adverb()),
        if_empty: "no costs match.",
        heading: heading.map(str::to_owned).collect(),
        words: 1 + group_by.len(),
        lines: rows.iter().map(|row| cells(row, output, metrics)).collect(),
        total: total(output, metrics),
        notes: is_estimated.then_some("* estimated: the bill of this month is still open.").into_iter().collect(),
        truncated: output.truncated.then_some("Ask for a shorter period or fewer groups."),
    };
    table.to_string()
}

fn cells(row: &Row, output: &Output, metrics: &[Metric]) -> Vec<String> {
    let period = format!("{}{}", row.start, if row.estimated { "*" } else { "" });
    let keys = row.keys.iter().map(|key| match output.account_names.get(key) {
        Some(name) => format!("{key} ({name})"),
        None => key.clone(),
    });
    let amounts = metrics.iter().map(|metric| row.metrics.get(metric.as_str()).map_or_else(String::new, Amount::shown));
    once(period).chain(keys).chain(amounts).collect()
}

fn total(output: &Output, metrics: &[Metric]) -> Option<Vec<String>> {
    let amount = |metric: &Metric| output.totals.get(metric.as_str()).map_or_else(String::new, Amount::shown);
    let keys = output.group_by.iter().map(|_| String::new());
    let wanted = output.rows.len() > 1 && !output.totals.is_empty();
    wanted.then(|| once("total".to_owned()).chain(keys).chain(metrics.iter().map(amount)).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::of;
    use crate::amount::Amount;
    use crate::dates::Granularity;
    use crate::get_cost_and_usage::{Output, Row};
    use crate::metric::Metric;

    fn row(start: &str, key: &str, amount: &str) -> Row {
        let amount = Amount { amount: amount.to_owned(), unit: "USD".to_owned() };
        Row {
            start: start.to_owned(),
            end: String::new(),
            keys: vec![key.to_owned()],
            metrics: BTreeMap::from([("UnblendedCost".to_owned(), amount)]),
            estimated: start == "2026-11-01",
        }
    }

    fn output(rows: Vec<Row>) -> Output {
        let mut output = Output {
            start_date: "2026-10-01".to_owned(),
            end_date: "2026-12-01".to_owned(),
            granularity: Granularity::Monthly,
            group_by: vec!["LINKED_ACCOUNT".to_owned()],
            rows,
            totals: BTreeMap::new(),
            account_names: BTreeMap::from([("111122223333".to_owned(), "Production".to_owned())]),
            truncated: false,
        };
        output.add_up(&[Metric::UnblendedCost]);
        output
    }

    #[test]
    fn columns_line_up_and_end_in_a_total() {
        let rows = vec![row("2026-10-01", "111122223333", "1234.5678"), row("2026-11-01", "NoAccount", "0.4")];
        let expected = "\
AWS costs from 2026-10-01 to 2026-12-01 (not included), monthly
period       LINKED_ACCOUNT             UnblendedCost
2026-10-01   111122223333 (Production)    1234.57 USD
2026-11-01*  NoAccount                       0.40 USD
total                                     1234.97 USD
* estimated: the bill of this month is still open.
";
        assert_eq!(of(&output(rows), &[Metric::UnblendedCost]), expected);
    }

    #[test]
    fn the_total_of_a_long_table_includes_what_it_hides() {
        let rows = (0..405).map(|_| row("2026-10-01", "a", "1")).collect();
        let text = of(&output(rows), &[Metric::UnblendedCost]);
        assert!(text.contains("5 more rows") && text.contains("405.00 USD"), "{text}");
    }
}

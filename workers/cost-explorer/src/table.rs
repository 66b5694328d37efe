//! The answer as a compact text table, for people and for models that read text only.

use std::iter::once;

use crate::dates::Granularity;
use crate::decimal::Decimal;
use crate::get_cost_and_usage::{Amount, Metric, Output, Row};

/// Rows shown; all of them stand in the structured output.
const MAX_ROWS: usize = 400;

/// Said where pages were left out.
const INCOMPLETE: &str =
    "Incomplete: there are more pages than one call fetches. Ask for a shorter period or fewer groups.\n";

/// Writes `output` as a table, one line a row, with its totals at the end.
pub(crate) fn of(output: &Output, metrics: &[Metric]) -> String {
    let Output { start_date, end_date, rows, .. } = output;
    let granularity = match output.granularity {
        Granularity::Daily => "daily",
        Granularity::Monthly => "monthly",
        Granularity::Hourly => "hourly",
    };
    let title = format!("AWS costs from {start_date} to {end_date} (not included), {granularity}");
    if rows.is_empty() {
        return format!("{title}: no costs match.\n");
    }
    let heading = once("period".to_owned()).chain(output.group_by.iter().cloned());
    let heading = heading.chain(metrics.iter().map(|metric| metric.as_str().to_owned()));
    let shown = rows.iter().take(MAX_ROWS).map(|row| cells(row, output, metrics));
    let lines: Vec<Vec<String>> = once(heading.collect()).chain(shown).chain(total(output, metrics)).collect();

    let hidden = rows.len().saturating_sub(MAX_ROWS);
    let is_estimated = rows.iter().any(|row| row.estimated);
    let notes = [
        (hidden > 0).then(|| format!("{hidden} more rows are in the structured content; the total includes them.\n")),
        is_estimated.then(|| "* estimated: the bill of this month is still open.\n".to_owned()),
        output.truncated.then(|| INCOMPLETE.to_owned()),
    ];
    let notes: String = notes.into_iter().flatten().collect();
    format!("{title}\n{}{notes}", align(&lines, 1 + output.group_by.len()))
}

fn cells(row: &Row, output: &Output, metrics: &[Metric]) -> Vec<String> {
    let period = format!("{}{}", row.start, if row.estimated { "*" } else { "" });
    let keys = row.keys.iter().map(|key| match output.account_names.get(key) {
        Some(name) => format!("{key} ({name})"),
        None => key.clone(),
    });
    let amounts = metrics.iter().map(|metric| row.metrics.get(metric.as_str()).map_or_else(String::new, show));
    once(period).chain(keys).chain(amounts).collect()
}

fn total(output: &Output, metrics: &[Metric]) -> Option<Vec<String>> {
    let amounts = metrics.iter().map(|metric| output.totals.get(metric.as_str()).map_or_else(String::new, show));
    let keys = output.group_by.iter().map(|_| String::new());
    let wanted = output.rows.len() > 1 && !output.totals.is_empty();
    wanted.then(|| once("total".to_owned()).chain(keys).chain(amounts).collect())
}

/// Rounds for reading; a quantity of mixed units has no unit to show.
fn show(Amount { amount, unit }: &Amount) -> String {
    let number = Decimal::parse(amount).map_or_else(|| amount.clone(), |number| number.to_string());
    if unit == "N/A" { number } else { format!("{number} {unit}") }
}

/// Pads columns to their widest cell: the first `left` to the left, amounts to the right.
fn align(lines: &[Vec<String>], left: usize) -> String {
    let columns = lines.first().map_or(0, Vec::len);
    let width = |column: usize| lines.iter().filter_map(|line| line.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<_> = (0..columns).map(|column| width(column).unwrap_or_default()).collect();
    let pad = |(column, cell): (usize, &String)| {
        let width = widths.get(column).copied().unwrap_or_default();
        if column < left { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
    };
    let line = |line: &Vec<String>| {
        line.iter().enumerate().map(pad).collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
    };
    lines.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{MAX_ROWS, of};
    use crate::dates::Granularity;
    use crate::get_cost_and_usage::{Amount, Metric, Output, Row};

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
    fn no_rows_are_said_to_be_none() {
        assert!(of(&output(Vec::new()), &[Metric::UnblendedCost]).ends_with("monthly: no costs match.\n"));
    }

    #[test]
    fn a_long_table_is_cut_and_says_so() {
        let rows = (0..MAX_ROWS + 5).map(|_| row("2026-10-01", "a", "1")).collect();
        let text = of(&output(rows), &[Metric::UnblendedCost]);
        assert_eq!(text.lines().filter(|line| line.starts_with("2026-10-01")).count(), MAX_ROWS);
        assert!(text.contains("5 more rows") && text.contains("405.00 USD"), "{text}");
    }
}

//! An answer as a compact text table, for people and for models that read text only.

use std::fmt;

/// Rows shown; all of them stand in the structured output.
const MAX_ROWS: usize = 400;

/// A table, one line a row, with its total at the end.
#[derive(Debug, Default)]
pub(crate) struct Table {
    /// What it shows.
    pub(crate) title: String,
    /// Said instead of a table without lines, with what to do about it.
    pub(crate) if_empty: &'static str,
    /// Names of the columns.
    pub(crate) heading: Vec<String>,
    /// How many columns are words; the others are numbers.
    pub(crate) words: usize,
    /// The rows, each with a cell a column.
    pub(crate) lines: Vec<Vec<String>>,
    /// The last row.
    pub(crate) total: Option<Vec<String>>,
    /// What else the reader has to know.
    pub(crate) notes: Vec<&'static str>,
    /// What there is more of than one call fetches, and how to get at it.
    pub(crate) truncated: Option<&'static str>,
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.lines.is_empty() {
            writeln!(f, "{}: {}", self.title, self.if_empty)?;
        } else {
            writeln!(f, "{}", self.title)?;
            self.align(f)?;
        }
        let hidden = self.lines.len().saturating_sub(MAX_ROWS);
        if hidden > 0 {
            writeln!(f, "{hidden} more rows are in the structured content.")?;
        }
        self.notes.iter().try_for_each(|note| writeln!(f, "{note}"))?;
        let incomplete = |less: &&str| writeln!(f, "Incomplete: there are more pages than one call fetches. {less}");
        self.truncated.as_ref().map_or(Ok(()), incomplete)
    }
}

impl Table {
    /// Pads columns to their widest cell: words to the left, numbers to the right.
    fn align(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = || [&self.heading].into_iter().chain(self.lines.iter().take(MAX_ROWS)).chain(&self.total);
        let width = |column: usize| lines().filter_map(|line| line.get(column)).map(|cell| cell.chars().count()).max();
        let widths: Vec<_> = (0..self.heading.len()).map(|column| width(column).unwrap_or_default()).collect();
        let pad = |(column, (cell, &width)): (usize, (&String, &usize))| {
            // A tag may hold anything, and a line is a row.
            let cell = cell.replace(char::is_control, " ");
            if column < self.words { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
        };
        lines().try_for_each(|line| {
            let cells: Vec<_> = line.iter().zip(&widths).enumerate().map(pad).collect();
            writeln!(f, "{}", cells.join("  ").trim_end())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_ROWS, Table};

    fn table(lines: &[[&str; 2]]) -> Table {
        Table {
            title: "Values".to_owned(),
            if_empty: "there are none.",
            heading: ["key", "amount"].map(str::to_owned).to_vec(),
            words: 1,
            lines: lines.iter().map(|line| line.map(str::to_owned).to_vec()).collect(),
            ..Table::default()
        }
    }

    #[test]
    fn words_line_up_on_the_left_and_numbers_on_the_right() {
        let mut table = table(&[["a", "1234.50"], ["long\nkey", "2.00"]]);
        table.total = Some(["total", "1236.50"].map(str::to_owned).to_vec());
        table.notes = vec!["A note."];
        let expected = "Values\nkey        amount\na         1234.50\nlong key     2.00\ntotal     1236.50\nA note.\n";
        assert_eq!(table.to_string(), expected);
    }

    #[test]
    fn no_rows_are_said_to_be_none() {
        assert_eq!(table(&[]).to_string(), "Values: there are none.\n");
    }

    #[test]
    fn a_long_or_incomplete_table_says_so() {
        let mut table = table(&vec![["a", "1"]; MAX_ROWS + 5]);
        table.truncated = Some("Ask for less.");
        let text = table.to_string();
        assert_eq!(text.lines().filter(|line| line.starts_with("a ")).count(), MAX_ROWS);
        assert!(text.ends_with("5 more rows are in the structured content.\nIncomplete: there are more pages than one call fetches. Ask for less.\n"), "{text}");
    }
}

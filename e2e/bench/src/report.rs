//! Tables on standard output, and the bounds at the end.

use std::fmt::Display;

/// Rows of cells under a heading; the first column is text, the others are numbers.
#[derive(Debug)]
pub(crate) struct Table {
    title: String,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with its column heads.
    pub(crate) fn new<const N: usize>(title: impl Into<String>, heads: [&str; N]) -> Self {
        Self { title: title.into(), rows: vec![heads.map(str::to_owned).to_vec()] }
    }

    /// Adds a row.
    pub(crate) fn row<const N: usize>(&mut self, cells: [&dyn Display; N]) {
        self.rows.push(cells.iter().map(ToString::to_string).collect());
    }

    /// Prints the table with an empty line before it.
    pub(crate) fn print(&self) {
        println!("\n== {} ==", self.title);
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or_default();
        let width = |column: usize| {
            self.rows
                .iter()
                .filter_map(|row| row.get(column))
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or_default()
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for row in &self.rows {
            let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, width))| match column {
                0 => format!("{cell:width$}"),
                _ => format!("{cell:>width$}"),
            });
            println!("{}", cells.collect::<Vec<_>>().join("  ").trim_end());
        }
    }
}

/// Something that must hold.
#[derive(Debug)]
pub(crate) struct Requirement {
    what: String,
    measured: f64,
    bound: f64,
    unit: &'static str,
}

impl Requirement {
    /// `measured` must not be above `bound`, both in `unit`.
    pub(crate) fn at_most(what: impl Into<String>, measured: f64, bound: f64, unit: &'static str) -> Self {
        Self { what: what.into(), measured, bound, unit }
    }

    fn is_met(&self) -> bool {
        self.measured <= self.bound
    }
}

/// Prints every requirement; answers whether all are met.
pub(crate) fn conclude(requirements: &[Requirement]) -> bool {
    let mut table = Table::new("Must hold", ["requirement", "measured", "bound", ""]);
    for Requirement { what, measured, bound, unit } in requirements {
        let verdict = if measured <= bound { "ok" } else { "MISSED" };
        table.row([what, &format!("{measured:.2} {unit}"), &format!("<= {bound} {unit}"), &verdict]);
    }
    table.print();
    requirements.iter().all(Requirement::is_met)
}

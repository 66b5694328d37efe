use std::io::{self, Write};

use serde::Serialize;

use super::rule::Check;
use crate::doctor::Level;

/// What came of a whole run, in the order it was looked at.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// What the manifest is of: `count_words`, `prompt:name`.
    pub worker: String,
    /// One entry a rule.
    pub checks: Vec<Check>,
}

impl Report {
    /// Whether any rule is broken. Warnings do not count.
    pub fn is_wrong(&self) -> bool {
        self.count(Level::Wrong) > 0
    }

    fn count(&self, level: Level) -> usize {
        self.checks.iter().filter(|check| check.level == level).count()
    }

    /// For people: a line a rule, and what was received.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_text(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "Penstock contract: {}\n", self.worker)?;
        for Check { sentence, section, level, text, .. } in &self.checks {
            writeln!(out, "  {:<8} {sentence}  ({section})", label(*level))?;
            if !text.is_empty() {
                writeln!(out, "           {text}")?;
            }
        }
        let [ok, warning, wrong, skipped] =
            [Level::Ok, Level::Warning, Level::Wrong, Level::Skipped].map(|level| self.count(level));
        writeln!(out, "\n{ok} ok, {warning} warning, {wrong} failed, {skipped} skipped")
    }

    /// For machines: one JSON object.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_json(&self, out: &mut impl Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, self)?;
        writeln!(out)
    }
}

fn label(level: Level) -> &'static str {
    match level {
        Level::Ok => "ok",
        Level::Warning => "warning",
        Level::Wrong => "FAILED",
        Level::Skipped => "skipped",
    }
}

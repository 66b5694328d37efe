use std::io::{self, Write};

use serde::Serialize;

use super::finding::{Finding, Level};

/// Everything a run found, in the order it was looked at.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// The URL as it was typed.
    pub url: String,
    /// One entry a check, sometimes several.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Whether any check found something wrong. Warnings do not count.
    pub fn is_wrong(&self) -> bool {
        self.count(Level::Wrong) > 0
    }

    /// How many findings there are of a level.
    pub fn count(&self, level: Level) -> usize {
        self.findings.iter().filter(|finding| finding.level == level).count()
    }

    /// Takes `secret` out of every text: servers may repeat what was sent to them.
    pub(super) fn conceal(&mut self, secret: &str) {
        for finding in &mut self.findings {
            finding.text = finding.text.replace(secret, "[token]");
            finding.mend = finding.mend.take().map(|mend| mend.replace(secret, "[token]"));
        }
    }

    /// For people: a line a finding, grouped by what they are about.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_text(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "Penstock doctor: {}", self.url)?;
        let mut area = "";
        for finding in &self.findings {
            let next = finding.check.split('.').next().unwrap_or_default();
            if next != area {
                writeln!(out, "\n{next}")?;
                area = next;
            }
            writeln!(out, "  {:<8} {}", label(finding.level), finding.text)?;
            if let Some(mend) = &finding.mend {
                writeln!(out, "           how to mend: {mend}")?;
            }
        }
        let [ok, warning, wrong, skipped] =
            [Level::Ok, Level::Warning, Level::Wrong, Level::Skipped].map(|level| self.count(level));
        writeln!(out, "\n{ok} ok, {warning} warning, {wrong} wrong, {skipped} skipped")
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
        Level::Wrong => "WRONG",
        Level::Skipped => "skipped",
    }
}

use std::io::{self, Write};

use serde::Serialize;

use super::finding::{Finding, Level};

/// Characters of a secret that do not turn up by chance.
const PIECE: usize = 16;

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
            finding.text = conceal(&finding.text, secret);
            finding.mend = finding.mend.take().map(|mend| conceal(&mend, secret));
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

/// Takes every piece of `secret` out of a text, be it cut off or altered elsewhere.
fn conceal(text: &str, secret: &str) -> String {
    let text: Vec<char> = text.chars().collect();
    let size = PIECE.min(secret.chars().count());
    let mut hidden = vec![false; text.len()];
    for (start, piece) in text.windows(size.max(1)).enumerate() {
        if secret.contains(&String::from_iter(piece)) {
            hidden.iter_mut().skip(start).take(size).for_each(|hidden| *hidden = true);
        }
    }
    let mut shown = String::new();
    let mut before = false;
    for (c, hidden) in text.into_iter().zip(hidden) {
        match (before, hidden) {
            (false, true) => shown.push_str("[token]"),
            (true, true) => {}
            (_, false) => shown.push(c),
        }
        before = hidden;
    }
    shown
}

fn label(level: Level) -> &'static str {
    match level {
        Level::Ok => "ok",
        Level::Warning => "warning",
        Level::Wrong => "WRONG",
        Level::Skipped => "skipped",
    }
}

#[cfg(test)]
mod tests {
    use super::conceal;

    #[test]
    fn no_piece_of_a_secret_is_shown() {
        let secret = "0123456789abcdefghijklmnopqrstuvwxyz";
        for (text, expected) in [
            ("nothing", "nothing"),
            ("a 0123456789abcdefghijklmnopqrstuvwxyz b", "a [token] b"),
            ("cut 0123456789abcdefghij…", "cut [token]…"),
            ("0123456789abcdefghX-abcdefghijklmnopqrstuvwxyz", "[token]X-[token]"),
            ("0123456789", "0123456789"),
        ] {
            assert_eq!(conceal(text, secret), expected);
        }
        assert_eq!(conceal("my pin", "pin"), "my [token]");
    }
}

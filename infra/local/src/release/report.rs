//! What a release has changed, in words.

use std::io::{self, Write};

use super::account::LIVE;
use super::history::{Change, Served};
use super::{Release, Step};

/// A release that was made.
#[derive(Debug)]
pub struct Report {
    pub(super) release: Release,
    pub(super) change: Change,
    /// Values that others wrote meanwhile.
    pub(super) overwritten: i64,
    /// Whether the alias says the same, or why not.
    pub(super) alias: Result<(), String>,
}

impl Report {
    /// Whether something that somebody else wrote at the same time is overwritten.
    pub fn is_contended(&self) -> bool {
        self.overwritten != 0
    }

    /// Writes what was, what is, when gateways see it and how to undo it.
    ///
    /// # Errors
    /// If `out` cannot be written to.
    pub fn write_text(&self, out: &mut impl Write) -> io::Result<()> {
        let Release { tool, gateway, .. } = &self.release;
        let Change { before, after, .. } = &self.change;
        writeln!(out, "{tool} of {gateway}")?;
        let was = before.as_ref().map_or_else(|| "nothing that a gateway could read".to_owned(), Served::describe);
        writeln!(out, "  was: {was}\n  is:  {}", after.describe())?;
        match &self.alias {
            Ok(()) => writeln!(out, "  alias {LIVE}: the same")?,
            Err(why) => writeln!(out, "  alias {LIVE}: {why}")?,
        }
        if self.is_contended() {
            let values = self.overwritten;
            writeln!(out, "Somebody else wrote the entry since it was read (values: {values}); that is overwritten.")?;
        }
        writeln!(
            out,
            "Gateways see it within a minute or so; calls that have begun end with the version they began with."
        )?;
        match self.undo() {
            Some(command) => writeln!(out, "To undo it: penstock {command}"),
            None => writeln!(out, "To undo it, deploy the tool again."),
        }
    }

    /// The command that brings back what was, if one does.
    fn undo(&self) -> Option<String> {
        let Release { tool, gateway, step } = &self.release;
        let before = self.change.before.as_ref()?;
        match (step, &before.canary) {
            (Step::Promote(Some(_)), Some((_, percent))) => {
                Some(format!("promote {tool} --gateway {gateway} --percent {percent}"))
            }
            (Step::Promote(None), Some(_)) => Some(format!("rollback {tool} --gateway {gateway}")),
            // A canary that was rolled back is back as one only if it is deployed as one.
            (Step::RollBack(_), Some(_)) | (Step::Promote(_), None) => None,
            (Step::RollBack(_), None) => {
                Some(format!("rollback {tool} --gateway {gateway} --to {}", before.stable.version))
            }
        }
    }
}

impl Served {
    fn describe(&self) -> String {
        let stable = self.stable.version;
        match &self.canary {
            None => format!("version {stable} for everybody"),
            Some((canary, percent)) => {
                let rest = 100 - percent;
                format!("version {stable} for {rest} % of callers, version {} for {percent} %", canary.version)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::history::History;
    use super::{Release, Report, Step};

    fn report(step: Step, overwritten: i64) -> String {
        let entry = |version: u8, canary: &str| {
            let function = format!("arn:aws:lambda:us-east-1:123456789012:function:dev-penstock-ping:{version}");
            let definition = r#"{"name":"ping","description":"","inputSchema":{"type":"object"}}"#;
            format!(r#"{{{canary}"function":"{function}","definition":{definition},"timeoutSeconds":3}}"#)
        };
        let values = [entry(1, ""), entry(2, "\"canary\":10,")];
        let history = History::new(values.iter().map(String::as_str), "ping");
        let change = match step {
            Step::Promote(percent) => history.promote(percent),
            Step::RollBack(version) => history.roll_back(version),
        };
        let release = Release { tool: "ping".to_owned(), gateway: "dev-penstock".to_owned(), step };
        let report = Report { release, change: change.expect("a canary"), overwritten, alias: Ok(()) };
        assert_eq!(report.is_contended(), overwritten > 0);
        let mut text = Vec::new();
        report.write_text(&mut text).expect("written");
        String::from_utf8(text).expect("text")
    }

    #[test]
    fn each_step_names_the_command_that_undoes_it() {
        for (step, undone) in [
            (Step::Promote(Some(50)), "To undo it: penstock promote ping --gateway dev-penstock --percent 10"),
            (Step::Promote(None), "To undo it: penstock rollback ping --gateway dev-penstock"),
            (Step::RollBack(None), "To undo it, deploy the tool again."),
        ] {
            let text = report(step, 0);
            assert!(text.ends_with(&format!("{undone}\n")) && !text.contains("Somebody"), "{text}");
        }
    }

    #[test]
    fn what_somebody_else_wrote_meanwhile_is_told() {
        let text = report(Step::Promote(None), 1);
        assert!(text.contains("Somebody else wrote the entry since it was read (values: 1)"), "{text}");
    }
}

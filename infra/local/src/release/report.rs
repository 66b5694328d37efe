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
            let others = self.overwritten;
            writeln!(out, "Somebody else wrote the entry {others} times since it was read; that is overwritten.")?;
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

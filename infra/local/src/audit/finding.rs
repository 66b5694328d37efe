//! What is wrong.

use serde::Serialize;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// What is wrong with it: the name of a function, role or parameter.
    pub subject: String,
    /// The rule, as `area.name`; does not change between versions.
    pub check: &'static str,
    /// What was found.
    pub text: String,
    /// What to do.
    pub mend: &'static str,
}

impl Finding {
    pub(super) fn new(
        check: &'static str,
        subject: impl Into<String>,
        text: impl Into<String>,
        mend: &'static str,
    ) -> Self {
        Self { check, subject: subject.into(), text: text.into(), mend }
    }
}

//! Where in a file something is wrong.

use cedar_policy::PolicyId;
use miette::Diagnostic;

/// A file of policies.
#[derive(Debug, Clone, Copy)]
pub(crate) struct File<'a> {
    pub(crate) name: &'a str,
    pub(crate) text: &'a str,
}

impl File<'_> {
    /// What Cedar says of a place in this file: `name:line:column: …`, both counted from one.
    pub(crate) fn says(self, diagnostic: &dyn Diagnostic) -> String {
        format!("{}: {diagnostic}", self.at(diagnostic))
    }

    /// What Cedar says of a policy in this file. It does not always name the policy by itself.
    pub(crate) fn says_of(self, policy: &PolicyId, diagnostic: &dyn Diagnostic) -> String {
        let text = diagnostic.to_string();
        let text = text.strip_prefix(&format!("for policy `{policy}`, ")).unwrap_or(&text);
        format!("{}: for policy `{policy}`, {text}", self.at(diagnostic))
    }

    fn at(self, diagnostic: &dyn Diagnostic) -> String {
        let Self { name, text } = self;
        let label = diagnostic.labels().and_then(|mut labels| labels.next());
        let Some(before) = label.and_then(|label| text.get(..label.offset())) else { return name.to_owned() };
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        format!("{name}:{line}:{column}")
    }
}

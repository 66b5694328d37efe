//! The rules, over what is deployed or would be.

mod entries;
mod invokers;
mod roles;

pub(super) use self::invokers::{Invoker, administrators, invokers};
pub(super) use self::roles::reason;

use super::finding::Finding;
use super::picture::Picture;

/// Everything that is wrong, in order of what it is wrong with.
///
/// `allowed`: patterns of the principals that may invoke all the same.
pub(super) fn check(picture: &Picture, allowed: &[String]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for text in &picture.unread {
        let mend = "say it in a way that can be read offline, or audit the account with --live";
        findings.push(Finding::new("template.unread", "", text, mend));
    }
    roles::check(picture, &mut findings);
    invokers::check(picture, allowed, &mut findings);
    entries::check(picture, &mut findings);
    findings.sort();
    findings.dedup();
    findings
}

//! Canaries: versions that are for some callers before they are for all.
//!
//! Who is among them depends on the caller alone, so a caller is served the same version by every instance, in a list
//! and in the call that follows it, and whoever is served a canary of 5 % is served one of 10 % too: there are only as
//! many catalogs as there are different percentages, and one more.

use std::collections::BTreeSet;

use penstock_protocol::call::Caller;
use ring::digest::{Context, SHA256};

/// How many parts of a hundred there are; who is in none of them is served no canary.
const NOBODY: u8 = 100;

/// One of something for each group of callers that is served the same versions.
#[derive(Debug, Clone)]
pub(crate) struct Variants<T> {
    /// Each with the percentage of callers it begins to be too much for, in rising order.
    canaries: Vec<(u8, T)>,
    stable: T,
}

impl<T> Variants<T> {
    /// Makes one for everybody, and one for each of these percentages: `make` is told below which percentage a canary
    /// is not served.
    pub(super) fn new(percentages: &BTreeSet<u8>, mut make: impl FnMut(u8) -> T) -> Self {
        let canaries = percentages.iter().map(|percent| (*percent, make(*percent))).collect();
        Self { canaries, stable: make(NOBODY) }
    }

    /// The same groups with something else for each.
    pub(crate) fn beside<U>(&self, stable: U, mut canary: impl FnMut(&T) -> U) -> Variants<U> {
        let canaries = self.canaries.iter().map(|(percent, one)| (*percent, canary(one))).collect();
        Variants { canaries, stable }
    }

    /// The one for a caller; without a caller, the stable one.
    pub(crate) fn of(&self, caller: Option<&Caller>) -> &T {
        match caller {
            Some(caller) if !self.canaries.is_empty() => self.at(bucket(caller)),
            _ => &self.stable,
        }
    }

    /// The one for callers who are served no canary.
    pub(crate) fn stable(&self) -> &T {
        &self.stable
    }

    /// All of them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.canaries.iter().map(|(_, one)| one).chain([&self.stable])
    }

    /// Whether any caller now has something else than `before`.
    pub(super) fn differ(&self, before: &Self, differs: impl Fn(&T, &T) -> bool) -> bool {
        (0..=NOBODY).any(|bucket| differs(self.at(bucket), before.at(bucket)))
    }

    fn at(&self, bucket: u8) -> &T {
        self.canaries.iter().find(|(percent, _)| bucket < *percent).map_or(&self.stable, |(_, one)| one)
    }
}

/// Which of a hundred parts a caller belongs to, by SHA-256 of `<issuer>#<subject>`: an issuer has no `#` (RFC 8414,
/// section 2).
fn bucket(caller: &Caller) -> u8 {
    let mut context = Context::new(&SHA256);
    for part in [&*caller.issuer, "#", &*caller.subject] {
        context.update(part.as_bytes());
    }
    let digest = context.finish();
    let first = digest.as_ref().iter().take(8).fold(0, |number: u64, byte| number << 8 | u64::from(*byte));
    u8::try_from(first % u64::from(NOBODY)).unwrap_or(NOBODY)
}

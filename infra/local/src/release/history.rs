//! What a tool's parameter has said so far, and what follows from it.

use super::entry::Entry;
use super::function::FunctionVersion;

/// The values of one parameter that a gateway can serve, oldest first.
#[derive(Debug)]
pub(crate) struct History {
    entries: Vec<Entry>,
    /// Whether the newest value of all is among them.
    is_sound: bool,
}

/// Who is served what.
#[derive(Debug, Clone)]
pub(crate) struct Served {
    /// For everybody, or for whom the canary is not.
    pub(super) stable: FunctionVersion,
    /// The version for some, and their percentage.
    pub(super) canary: Option<(FunctionVersion, u8)>,
}

/// What is to be written.
#[derive(Debug)]
pub(crate) struct Change {
    /// Who is served what as yet; `None` if the newest value is no entry.
    pub(super) before: Option<Served>,
    /// Who will be.
    pub(super) after: Served,
    /// The new value.
    pub(super) entry: Entry,
}

/// Why nothing is changed.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Nothing that could be promoted.
    #[error("version {0} is no canary: it is for everybody already")]
    NoCanary(u64),
    /// It is so already.
    #[error("version {0} is for everybody already")]
    Already(u64),
    /// The newest value cannot be promoted.
    #[error("the newest value is no entry that a gateway can serve: roll back, or deploy")]
    Unsound,
    /// The member cannot be changed.
    #[error("`canary` is spelled in a way that cannot be changed safely: deploy the tool again")]
    Spelling,
    /// There is nothing to go back to.
    #[error("there is no earlier version in the history")]
    Nothing,
    /// There is something else to go back to, perhaps.
    #[error("there is no version {wanted} in the history; there {}", list(known))]
    NoVersion {
        /// What was asked for.
        wanted: u64,
        /// What there is.
        known: Vec<u64>,
    },
}

fn list(versions: &[u64]) -> String {
    let versions: Vec<_> = versions.iter().map(u64::to_string).collect();
    if versions.is_empty() { "is none".to_owned() } else { format!("are {}", versions.join(", ")) }
}

impl History {
    /// The values of the parameter that ends in `slug`, oldest first. What no gateway can serve is left out.
    pub(super) fn new<'a>(values: impl IntoIterator<Item = &'a str>, slug: &str) -> Self {
        let mut history = Self { entries: Vec::new(), is_sound: false };
        for value in values {
            let entry = Entry::parse(value).ok().filter(|entry| entry.slug() == slug);
            history.is_sound = entry.is_some();
            history.entries.extend(entry);
        }
        history
    }

    /// What `percent` of callers are served, or all of them, if a canary is what there is.
    ///
    /// # Errors
    /// [`Refusal`].
    pub(super) fn promote(&self, percent: Option<u8>) -> Result<Change, Refusal> {
        let newest = self.newest().ok_or(Refusal::Unsound)?;
        if newest.canary.is_none() {
            return Err(Refusal::NoCanary(newest.function.version));
        }
        Ok(self.change(newest.shared_with(percent).ok_or(Refusal::Spelling)?))
    }

    /// What was for everybody before: of a canary, the version it is tried beside; otherwise the newest of a lower
    /// version, so that rolling back twice goes back twice. Or the version that is wanted.
    ///
    /// # Errors
    /// [`Refusal`].
    pub(super) fn roll_back(&self, wanted: Option<u64>) -> Result<Change, Refusal> {
        let newest = self.newest();
        if let Some(wanted) = wanted {
            if newest.is_some_and(|newest| newest.canary.is_none() && newest.function.version == wanted) {
                return Err(Refusal::Already(wanted));
            }
            return Ok(self.change(self.of_version(wanted)?));
        }
        let earlier = match newest {
            Some(newest) if newest.canary.is_none() => self.newest_stable(|entry| {
                entry.function.is_of(&newest.function) && entry.function.version < newest.function.version
            }),
            _ => self.newest_stable(|_| true),
        };
        Ok(self.change(earlier.ok_or(Refusal::Nothing)?.clone()))
    }

    fn change(&self, entry: Entry) -> Change {
        let before = self.newest().map(|newest| self.served(newest));
        Change { before, after: self.served(&entry), entry }
    }

    /// Who is served what, with `entry` for the newest value. A canary beside nothing is for everybody.
    fn served(&self, entry: &Entry) -> Served {
        let function = entry.function.clone();
        let beside = entry.canary.zip(self.newest_stable(|_| true));
        beside.map_or_else(
            || Served { stable: function.clone(), canary: None },
            |(percent, stable)| Served { stable: stable.function.clone(), canary: Some((function.clone(), percent)) },
        )
    }

    fn newest(&self) -> Option<&Entry> {
        self.entries.last().filter(|_| self.is_sound)
    }

    fn newest_stable(&self, fits: impl Fn(&Entry) -> bool) -> Option<&Entry> {
        self.entries.iter().rev().find(|entry| entry.canary.is_none() && fits(entry))
    }

    /// The newest entry of one version, for everybody.
    fn of_version(&self, wanted: u64) -> Result<Entry, Refusal> {
        // Of the function that is served now: a number means nothing without it.
        let function = self.entries.last().map(|entry| &entry.function);
        let ours = || self.entries.iter().rev().filter(|entry| function.is_some_and(|ours| entry.function.is_of(ours)));
        let of_version = || ours().filter(|entry| entry.function.version == wanted);
        let found = of_version().find(|entry| entry.canary.is_none()).or_else(|| of_version().next());
        let Some(found) = found else {
            let mut known: Vec<_> = ours().map(|entry| entry.function.version).collect();
            known.sort_unstable();
            known.dedup();
            return Err(Refusal::NoVersion { wanted, known });
        };
        found.shared_with(None).ok_or(Refusal::Spelling)
    }
}

#[cfg(test)]
mod tests;

//! `penstock promote` and `penstock rollback`: which version of a tool is whose.
//!
//! A tool's catalog entry is the parameter `/penstock/<gateway>/tools/<tool>`. With `canary` it is for some callers; all
//! others are served by the newest value before it that has none. So a release is one value written to Parameter Store,
//! chosen from the parameter's own history; nothing is deployed. See docs/releases.md.

mod account;
mod entry;
mod error;
mod function;
mod history;
mod report;

pub use error::{AwsError, ReleaseError};
pub use history::Refusal;
pub use report::Report;

use account::{Account, LIVE, Parameter};
use entry::slug;
use history::{Change, History, Served};

/// What is to be released, and how.
#[derive(Debug, Clone)]
pub struct Release {
    /// A tool's name, `prompt:name` and so on.
    pub tool: String,
    /// The gateway's name, stage included.
    pub gateway: String,
    /// What is to happen.
    pub step: Step,
}

/// A step between two versions.
#[derive(Debug, Clone, Copy)]
pub enum Step {
    /// The canary is for this percentage of callers, or for everybody.
    Promote(Option<u8>),
    /// Back to what was for everybody before, or to this version.
    RollBack(Option<u64>),
}

impl Release {
    /// Does it, and says what has changed.
    ///
    /// # Errors
    /// [`ReleaseError`]: nothing was changed, unless the write itself was not answered.
    pub async fn run(self) -> Result<Report, ReleaseError> {
        let account = Account::open().await?;
        let path = format!("/penstock/{}/tools", self.gateway);
        let slug = slug(&self.tool);
        let Some(parameter) = account.parameter(&format!("{path}/{slug}")).await? else {
            return Err(self.unknown(account.names(&path).await.ok()));
        };
        let history = History::new(parameter.values.iter().map(String::as_str), &slug);
        let change = match self.step {
            Step::Promote(percent) => history.promote(percent)?,
            Step::RollBack(version) => history.roll_back(version)?,
        };
        let is_ours = parameter.place.as_ref().is_some_and(|place| change.entry.function.is_at(place));
        if is_ours {
            account.check(&change.entry.function).await?;
        }
        let overwritten = write(&account, &parameter, &change).await?;
        let alias = if is_ours { point(&account, &change.after).await } else { Err(ELSEWHERE.to_owned()) };
        Ok(Report { release: self, change, overwritten, alias })
    }

    fn unknown(self, mut known: Option<Vec<String>>) -> ReleaseError {
        if let Some(known) = &mut known {
            known.sort_by_cached_key(|name| strsim::damerau_levenshtein(name, &self.tool));
        }
        ReleaseError::NoTool { tool: self.tool, gateway: self.gateway, known }
    }
}

/// Why a function of another account or region is left as it is.
const ELSEWHERE: &str = "the function is in another account or region: not looked at";

async fn write(account: &Account, parameter: &Parameter, change: &Change) -> Result<i64, ReleaseError> {
    if parameter.values.last() == Some(&change.entry.text) {
        return Ok(0);
    }
    Ok(account.write(parameter, &change.entry.text).await?)
}

/// The alias only shows what the gateway does: that it cannot be set is said and changes nothing.
async fn point(account: &Account, served: &Served) -> Result<(), String> {
    if served.canary.as_ref().is_some_and(|(canary, _)| !canary.is_of(&served.stable)) {
        return Err("two functions serve this tool, and an alias has one: left as it is".to_owned());
    }
    account.point(served).await.map_err(|error| {
        if error.is_unknown() { format!("the function has no alias {LIVE}") } else { format!("not set: {error}") }
    })
}

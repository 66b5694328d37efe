//! What the tool takes.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::times::Period;

/// Characters of the longest filter pattern (CloudWatch Logs API, `FilterPattern`).
const MAX_PATTERN: usize = 1024;

/// Characters of the longest name of a group, or ARN of one (`LogGroupIdentifier`).
const MAX_GROUP: usize = 2048;

const DEFAULT_LIMIT: u32 = 100;
const MAX_LIMIT: u32 = 100_000;

/// What `analyze_logs` takes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Arguments {
    /// The log group's full name, as in /aws/lambda/my-function. An ARN for a group of another account.
    #[schemars(length(min = 1, max = MAX_GROUP))]
    log_group: String,
    /// From when: a time with its zone (2026-03-31T09:30:00Z), a day (2026-03-31: its midnight in UTC), or how long ago
    /// (15m, 2h, 7d).
    start_time: String,
    /// Until when, in the same forms; now if left out.
    #[serde(default)]
    end_time: Option<String>,
    /// A CloudWatch Logs filter pattern; everything matches if left out. ERROR: lines with this word, in this case; a b:
    /// both; ?a ?b: either; -a: lines without; "two words": a phrase; { $.level = "error" }: a field of JSON lines.
    #[serde(default)]
    #[schemars(length(max = MAX_PATTERN))]
    pattern: Option<String>,
    /// The most matches to answer with, the earliest ones. Hundreds fill a model's context; far more are for programs.
    #[serde(default = "default_limit")]
    #[schemars(range(min = 1, max = MAX_LIMIT))]
    limit: u32,
}

fn default_limit() -> u32 {
    DEFAULT_LIMIT
}

/// Checked arguments.
#[derive(Debug, Clone)]
pub(crate) struct Query {
    pub(crate) log_group: String,
    pub(crate) period: Period,
    pub(crate) pattern: Option<String>,
    pub(crate) limit: u32,
}

impl Arguments {
    /// Checks everything as of `now`. An error tells what to send instead.
    pub(crate) fn check(self, now: Timestamp) -> Result<Query, String> {
        let log_group = self.log_group.trim().to_owned();
        let is_spelled = |byte: u8| byte.is_ascii_alphanumeric() || b"_-/.#:*".contains(&byte);
        if log_group.is_empty() || log_group.len() > MAX_GROUP || !log_group.bytes().all(is_spelled) {
            return Err("`log_group` is no name of a log group: send letters, digits and _ - / . # only, as in \
                        /aws/lambda/my-function."
                .to_owned());
        }
        if self.limit == 0 || self.limit > MAX_LIMIT {
            return Err(format!("`limit` is {}; send 1 to {MAX_LIMIT}.", self.limit));
        }
        if self.pattern.as_ref().is_some_and(|pattern| pattern.chars().count() > MAX_PATTERN) {
            return Err(format!("`pattern` is too long; send at most {MAX_PATTERN} characters."));
        }
        let period = Period::new(&self.start_time, self.end_time.as_deref(), now)?;
        Ok(Query { log_group, period, pattern: self.pattern.filter(|pattern| !pattern.is_empty()), limit: self.limit })
    }
}

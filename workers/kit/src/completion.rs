use std::collections::BTreeMap;

use serde::Serialize;

use crate::deployed::Outcome;
use crate::reply::result_line;
use crate::{ErrorObject, ToolError, code};

/// The most values one answer may hold (MCP server/utilities/completion; rule R-13).
const MAX_VALUES: usize = 100;

/// What someone is typing into an argument of a prompt or a variable of a template.
#[derive(Debug, Clone)]
pub struct Completion {
    of: String,
    argument: String,
    value: String,
    known: BTreeMap<String, String>,
}

impl Completion {
    pub(crate) fn new(of: String, argument: String, value: String, known: BTreeMap<String, String>) -> Self {
        Self { of, argument, value, known }
    }

    /// The prompt's name, or the template as it is spelled.
    pub fn of(&self) -> &str {
        &self.of
    }

    /// The name of the argument or variable.
    pub fn argument(&self) -> &str {
        &self.argument
    }

    /// What has been typed so far.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// What another argument has been set to already, if the client tells.
    pub fn known(&self, argument: &str) -> Option<&str> {
        self.known.get(argument).map(String::as_str)
    }
}

/// How an argument could go on: a `CompleteResult` in the making. Holds at most 100 values and says how
/// many more there are.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Completions {
    values: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    has_more: Option<bool>,
}

impl Completions {
    /// All values there are, best first.
    pub fn new(values: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let mut values: Vec<String> = values.into_iter().map(Into::into).collect();
        let total = values.len();
        values.truncate(MAX_VALUES);
        Self { values, total: Some(total), has_more: Some(total > MAX_VALUES) }
    }

    /// Those of `candidates` that go on from what has been typed, upper and lower case alike.
    pub fn matching<'a>(completion: &Completion, candidates: impl IntoIterator<Item = &'a str>) -> Self {
        let typed = completion.value.to_lowercase();
        Self::new(candidates.into_iter().filter(|candidate| candidate.to_lowercase().starts_with(&typed)))
    }
}

#[derive(Serialize)]
struct CompleteResult<'a> {
    completion: &'a Completions,
}

/// The answer as a `result` line. A completion is asked for at every key stroke: it cannot ask back
/// (rule Q-1).
pub(crate) fn line(completions: Result<Completions, ToolError>) -> Outcome {
    match completions {
        Ok(completions) => result_line(&CompleteResult { completion: &completions }),
        Err(ToolError::InputRequired(_)) => {
            Err(ErrorObject::new(code::INTERNAL_ERROR, "a completion cannot ask for input").into())
        }
        Err(error) => Err(error),
    }
}

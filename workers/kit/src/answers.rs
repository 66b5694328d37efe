//! What the client answered to an [`Input`](crate::Input).

use penstock_protocol::RawValue;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::Call;

/// What a user did with a form or a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Elicited<T> {
    /// Filled it in.
    Accepted(T),
    /// Said no.
    Declined,
    /// Closed it without an answer.
    Cancelled,
}

/// What the client's model said.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sampled {
    /// One content block, or an array of them.
    pub content: Value,
    /// The model that spoke, by the client's name for it.
    pub model: String,
    /// Why it stopped, e.g. `endTurn`, if known.
    pub stop_reason: Option<String>,
}

impl Sampled {
    /// All text of the content, joined.
    pub fn text(&self) -> String {
        let blocks = self.content.as_array().map_or(std::slice::from_ref(&self.content), Vec::as_slice);
        blocks.iter().filter_map(|block| block["text"].as_str()).collect()
    }
}

/// A folder or file the client works in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Root {
    /// Where it is: a `file:` URI.
    pub uri: String,
    /// What the client calls it, if anything.
    pub name: Option<String>,
}

/// Readers of answers. Each is `None` if there is no answer under `key`, or one that does not fit: ask
/// (again), as in the first round (rule Q-8).
impl Call {
    /// The answer under `key`, verbatim.
    pub fn input(&self, key: &str) -> Option<&RawValue> {
        self.context().input.as_ref()?.responses.get(key).map(|answer| &**answer)
    }

    /// What the user did with the form or page asked for under `key`. `T` is the form's content; a page
    /// has none, for which [`NoArguments`](crate::NoArguments) does.
    pub fn elicited<T: DeserializeOwned>(&self, key: &str) -> Option<Elicited<T>> {
        #[derive(Deserialize)]
        #[serde(rename_all = "lowercase")]
        enum Action {
            Accept,
            Decline,
            Cancel,
        }
        #[derive(Deserialize)]
        struct ElicitResult<'a> {
            action: Action,
            #[serde(borrow, default)]
            content: Option<&'a RawValue>,
        }
        let answer: ElicitResult<'_> = self.answer(key)?;
        Some(match answer.action {
            Action::Accept => {
                Elicited::Accepted(serde_json::from_str(answer.content.map_or("{}", RawValue::get)).ok()?)
            }
            Action::Decline => Elicited::Declined,
            Action::Cancel => Elicited::Cancelled,
        })
    }

    /// What the client's model said to the question under `key`.
    pub fn sampled(&self, key: &str) -> Option<Sampled> {
        self.answer(key)
    }

    /// The client's root folders, asked for under `key`.
    pub fn roots(&self, key: &str) -> Option<Vec<Root>> {
        #[derive(Deserialize)]
        struct ListRootsResult {
            roots: Vec<Root>,
        }
        self.answer(key).map(|ListRootsResult { roots }| roots)
    }

    /// What the round before kept by [`Input::state`](crate::Input::state), as it was written.
    pub fn state(&self) -> Option<&str> {
        self.context().input.as_ref()?.state.as_deref()
    }

    fn answer<'a, T: Deserialize<'a>>(&'a self, key: &str) -> Option<T> {
        serde_json::from_str(self.input(key)?.get()).ok()
    }
}

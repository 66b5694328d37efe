//! Whether a client's answer is one to what it was asked (rule Q-8).

use std::borrow::Cow;
use std::collections::BTreeMap;

use penstock_protocol::RawValue;
use serde::Deserialize;
use serde_json::Value;

use super::Kind;

/// Checks an answer, verbatim, against the kind of question it answers: `ElicitResult`,
/// `CreateMessageResult` or `ListRootsResult`. Unknown members are let through.
///
/// # Errors
/// What is wrong with it, in words for an -32602 answer.
pub(crate) fn check(kind: Kind, answer: &RawValue) -> Result<(), String> {
    match kind {
        Kind::Elicitation => read::<ElicitResult>(answer)?.check(),
        Kind::Sampling => read::<CreateMessageResult<'_>>(answer)?.check(),
        Kind::Roots => read::<ListRootsResult<'_>>(answer).map(|_| ()),
    }
}

fn read<'a, T: Deserialize<'a>>(answer: &'a RawValue) -> Result<T, String> {
    if !answer.get().starts_with('{') {
        return Err("must be an object".to_owned());
    }
    serde_json::from_str(answer.get()).map_err(|error| error.to_string())
}

#[derive(Deserialize)]
struct ElicitResult {
    #[serde(rename = "action")]
    _action: Action,
    /// Read whatever the action: a value of the wrong type is wrong everywhere.
    #[serde(default)]
    content: Option<BTreeMap<String, Value>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Action {
    Accept,
    Decline,
    Cancel,
}

impl ElicitResult {
    /// Forms are flat: every field is a primitive or a list of strings.
    fn check(&self) -> Result<(), String> {
        let wrong = self.content.iter().flatten().find(|(_, value)| match value {
            Value::String(_) | Value::Number(_) | Value::Bool(_) => false,
            Value::Array(items) => !items.iter().all(Value::is_string),
            Value::Null | Value::Object(_) => true,
        });
        match wrong {
            Some((field, _)) => Err(format!("content.{field}: must be a string, a number, a boolean or strings")),
            None => Ok(()),
        }
    }
}

#[derive(Deserialize)]
struct CreateMessageResult<'a> {
    #[serde(rename = "role")]
    _role: Role,
    #[serde(borrow)]
    content: &'a RawValue,
    #[serde(borrow, rename = "model")]
    _model: Cow<'a, str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Role {
    User,
    Assistant,
}

/// Any block that names its type: which types there are grows with the revisions.
#[derive(Deserialize)]
struct Block<'a> {
    #[serde(borrow, rename = "type")]
    _type: Cow<'a, str>,
}

impl CreateMessageResult<'_> {
    fn check(&self) -> Result<(), String> {
        let content = self.content.get();
        let checked = match content.as_bytes().first() {
            Some(b'[') => serde_json::from_str::<Vec<Block<'_>>>(content).map(|_| ()),
            Some(b'{') => serde_json::from_str::<Block<'_>>(content).map(|_| ()),
            _ => return Err("content: must be a content block or several".to_owned()),
        };
        checked.map_err(|error| format!("content: {error}"))
    }
}

#[derive(Deserialize)]
struct ListRootsResult<'a> {
    #[serde(borrow, rename = "roots")]
    _roots: Vec<Root<'a>>,
}

#[derive(Deserialize)]
struct Root<'a> {
    #[serde(borrow, rename = "uri")]
    _uri: Cow<'a, str>,
}

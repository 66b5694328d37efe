//! What a policy speaks of.

use std::collections::{BTreeSet, HashSet};

use cedar_policy::{EntityUid, Policy};
use serde_json::{Value, json};

/// Everything that occurs in one policy.
#[derive(Debug)]
pub(crate) struct Mentions {
    /// Every piece of text, attribute names among them: more than is needed, never less.
    texts: HashSet<String>,
    /// The arguments that are looked up in `context.arguments`.
    pub(crate) arguments: BTreeSet<String>,
    pub(crate) entities: Vec<EntityUid>,
}

impl Mentions {
    pub(crate) fn of(policy: &Policy) -> Self {
        let mut mentions =
            Self { texts: HashSet::new(), arguments: BTreeSet::new(), entities: policy.entity_literals() };
        if let Ok(json) = policy.to_json() {
            mentions.collect(&json["conditions"]);
        }
        mentions
    }

    /// Whether the policy might mean the attribute of this name.
    pub(crate) fn has(&self, attribute: &str) -> bool {
        self.texts.contains(attribute)
    }

    fn collect(&mut self, json: &Value) {
        match json {
            Value::String(text) => drop(self.texts.insert(text.clone())),
            Value::Array(items) => items.iter().for_each(|item| self.collect(item)),
            Value::Object(members) => {
                for (operator, operands) in members {
                    if matches!(&**operator, "." | "has") {
                        self.arguments.extend(argument(operands).map(str::to_owned));
                    }
                    self.texts.insert(operator.clone());
                    self.collect(operands);
                }
            }
            _ => {}
        }
    }
}

/// The argument an attribute access looks up, in Cedar's JSON notation: `context.arguments.x`,
/// `context.arguments has x` or `context has arguments.x`.
fn argument(access: &Value) -> Option<&str> {
    let (left, attribute) = (&access["left"], &access["attr"]);
    let context = json!({ "Var": "context" });
    let path = |at: usize| attribute[at].as_str();
    if *left == json!({ ".": { "left": context, "attr": "arguments" } }) {
        attribute.as_str().or_else(|| path(0))
    } else if *left == context && path(0) == Some("arguments") {
        path(1)
    } else {
        None
    }
}

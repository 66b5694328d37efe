//! Statements of IAM policies, whoever they are attached to.

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};

use super::pattern::{fits, overlap};
use super::picture::split_arn;

/// The actions that make a function run. `InvokeWithResponseStream` is allowed by the first.
const INVOKE: [&str; 3] = ["lambda:InvokeFunction", "lambda:InvokeFunctionUrl", "lambda:InvokeAsync"];

/// One statement (IAM User Guide, "IAM JSON policy elements reference"). Members that are absent are empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Statement {
    /// What its author calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    /// Whether it denies.
    pub deny: bool,
    /// The actions, in order of name.
    pub actions: Vec<String>,
    /// All actions but these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_actions: Vec<String>,
    /// The resources, in order of name.
    pub resources: Vec<String>,
    /// All resources but these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_resources: Vec<String>,
    /// Whom it is about, of a resource's or a trust policy: an ARN, an account, a service, `*`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub principals: Vec<String>,
    /// Whether it is about everybody but the principals.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub not_principals: bool,
    /// The condition as it stands there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<Value>,
}

impl Statement {
    /// The statements of a policy document. What cannot be read as one is a statement that may allow anything.
    pub(super) fn all(document: &Value) -> Vec<Self> {
        let statements = if document.is_object() { &document["Statement"] } else { document };
        let read = |statement: &Value| statement.as_object().map_or_else(|| Self::unknown(statement), Self::of);
        one_or_many(statements).into_iter().map(read).collect()
    }

    /// The statements of a policy document as AWS hands it out.
    pub(super) fn parse(document: &str) -> Vec<Self> {
        let document: Option<Value> = serde_json::from_str(document).ok();
        document.map_or_else(|| vec![Self::unknown(&Value::Null)], |document| Self::all(&document))
    }

    fn unknown(written: &Value) -> Self {
        let text =
            written.as_str().filter(|text| text.contains("${")).map_or_else(|| "${…}".to_owned(), ToOwned::to_owned);
        Self { actions: vec![text.clone()], resources: vec![text], ..Self::default() }
    }

    fn of(json: &Map<String, Value>) -> Self {
        let texts = |member: &str| json.get(member).map(texts).unwrap_or_default();
        let mut statement = Self {
            sid: json.get("Sid").and_then(Value::as_str).filter(|sid| !sid.is_empty()).map(ToOwned::to_owned),
            // What is neither is taken for the worse.
            deny: json.get("Effect").is_some_and(|effect| effect == "Deny"),
            actions: texts("Action"),
            not_actions: texts("NotAction"),
            resources: texts("Resource"),
            not_resources: texts("NotResource"),
            principals: json.get("Principal").or_else(|| json.get("NotPrincipal")).map(principals).unwrap_or_default(),
            not_principals: json.contains_key("NotPrincipal"),
            condition: json.get("Condition").filter(|condition| **condition != Value::Object(Map::new())).cloned(),
        };
        for list in [&mut statement.actions, &mut statement.resources, &mut statement.principals] {
            list.sort();
            list.dedup();
        }
        statement
    }

    /// Whether it allows to run a function or one of its versions or aliases, conditions aside.
    pub(super) fn may_invoke(&self, function: &str) -> bool {
        let qualified = format!("{function}:*");
        let about = |patterns: &[String]| {
            patterns.iter().any(|pattern| overlap(pattern, function) || overlap(pattern, &qualified))
        };
        !self.deny
            && INVOKE.iter().any(|action| self.can_be(action))
            && (about(&self.resources) || !self.not_resources.is_empty())
    }

    /// Whether it allows everything there is.
    pub(super) fn is_everything(&self) -> bool {
        let all = |list: &[String]| list.iter().any(|item| item == "*" || item == "*:*");
        !self.deny && self.condition.is_none() && all(&self.actions) && all(&self.resources)
    }

    /// Whether it can be about an action. IAM does not tell capitals from small letters.
    fn can_be(&self, action: &str) -> bool {
        let is = |pattern: &String| overlap(&lower(pattern), &action.to_lowercase());
        let spared = |pattern: &String| !pattern.contains("${") && is(pattern);
        self.actions.iter().any(is) || (!self.not_actions.is_empty() && !self.not_actions.iter().any(spared))
    }

    /// Whether it says what a template says, once that is deployed.
    pub(super) fn is(&self, planned: &Self) -> bool {
        let condition = |statement: &Self| statement.condition.as_ref().map(spelled).unwrap_or_default();
        let lists: [fn(&Self) -> &[String]; 5] = [
            |statement| &statement.actions,
            |statement| &statement.not_actions,
            |statement| &statement.resources,
            |statement| &statement.not_resources,
            |statement| &statement.principals,
        ];
        self.deny == planned.deny
            && self.not_principals == planned.not_principals
            && lists.iter().all(|list| same(list(planned), list(self)))
            && fits(&condition(planned), &condition(self))
    }

    /// What a condition demands of a key with one of the operators, in whatever capitals.
    pub(super) fn demands(&self, operators: &[&str], key: &str) -> Vec<String> {
        let Some(Value::Object(condition)) = &self.condition else { return Vec::new() };
        let operators = condition.iter().filter(|(name, _)| operators.iter().any(|one| one.eq_ignore_ascii_case(name)));
        let keys = operators.filter_map(|(_, keys)| keys.as_object()).flatten();
        keys.filter(|(name, _)| name.eq_ignore_ascii_case(key)).flat_map(|(_, values)| texts(values)).collect()
    }
}

impl fmt::Display for Statement {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let but = |list: &[String]| format!("all but {}", list.join(", "));
        let either = |list: &[String], not: &[String]| if not.is_empty() { list.join(", ") } else { but(not) };
        if !self.principals.is_empty() {
            let who = if self.not_principals { but(&self.principals) } else { self.principals.join(", ") };
            write!(out, "{who} {} ", if self.deny { "must not" } else { "may" })?;
        } else if self.deny {
            out.write_str("never ")?;
        }
        out.write_str(&either(&self.actions, &self.not_actions))?;
        if !self.resources.is_empty() || !self.not_resources.is_empty() {
            write!(out, " on {}", either(&self.resources, &self.not_resources))?;
        }
        self.condition.as_ref().map_or(Ok(()), |condition| write!(out, " if {}", spelled(condition)))
    }
}

/// A condition in order of operator and key, and one value as good as a list of one.
pub(super) fn spelled(condition: &Value) -> String {
    let operators = condition.as_object().into_iter().flatten();
    let mut tests: Vec<String> = operators
        .flat_map(|(operator, keys)| {
            let keys = keys.as_object().into_iter().flatten();
            keys.map(move |(key, values)| {
                let mut values = texts(values);
                values.sort();
                format!("{operator} {key}: {}", values.join(" | "))
            })
        })
        .collect();
    tests.sort();
    tests.join(" and ")
}

/// Whether each name of a template is one that is there, and each that is there is one of the template's.
fn same(planned: &[String], live: &[String]) -> bool {
    planned.len() == live.len()
        && planned.iter().all(|name| live.iter().any(|there| fits(name, there)))
        && live.iter().all(|there| planned.iter().any(|name| fits(name, there)))
}

/// In small letters, but for what stands for a value that is not known.
fn lower(action: &str) -> String {
    if action.contains("${") { action.to_owned() } else { action.to_lowercase() }
}

/// One text or an array of them.
fn texts(value: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
    one_or_many(value).into_iter().map(text).collect()
}

fn one_or_many(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(values) => values.iter().collect(),
        Value::Null => Vec::new(),
        one => vec![one],
    }
}

/// Principals by their names alone; federated ones with the word before, since they are no identity of AWS's.
fn principals(value: &Value) -> Vec<String> {
    let Value::Object(kinds) = value else { return texts(value).into_iter().map(account).collect() };
    let named = |(kind, names): (&String, &Value)| {
        let federated = kind == "Federated" || kind == "CanonicalUser";
        let spelled = |name: String| if federated { format!("{kind} {name}") } else { account(name) };
        texts(names).into_iter().map(spelled).collect::<Vec<_>>()
    };
    kinds.iter().flat_map(named).collect()
}

/// An account by its number alone, where `arn:…:root` says the same (IAM User Guide, "AWS account principals").
fn account(principal: String) -> String {
    let [.., account, name] = split_arn(&principal);
    if name == "root" && !account.is_empty() { account } else { principal }
}

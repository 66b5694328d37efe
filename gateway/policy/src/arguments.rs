//! A call's arguments as values of Cedar's.
//!
//! Whatever cannot be told to policies as it is fails the call: an argument that went missing on the way
//! would slip past every policy that forbids something about it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use cedar_policy::RestrictedExpression;
use penstock_protocol::RawValue;
use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};

use crate::entry::{ArgumentType, Scalar};

/// Most items of an array that policies look into.
const MAX_ITEMS: usize = 1000;

/// Longest text policies look into, in bytes.
const MAX_TEXT: usize = 64 * 1024;

/// The arguments policies ask about, with their types.
pub(crate) type Wanted<'a> = BTreeMap<&'a str, ArgumentType>;

/// An argument that cannot be told to policies. The text names the argument, never its value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Untold {
    #[error("the arguments are no object in which every name is there once")]
    Object,
    #[error("argument {0:?} is beyond what policies can look into")]
    Argument(String),
}

/// The wanted members of a JSON object.
pub(crate) fn of_json(json: &str, wanted: &Wanted<'_>) -> Result<Vec<(String, RestrictedExpression)>, Untold> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let Members(members) = serde_json::from_str(json).map_err(|_| Untold::Object)?;
    let mut told = Vec::new();
    for (name, &value) in wanted {
        match members.get(*name) {
            None => {}
            Some(raw) if raw.get() == "null" => {}
            Some(raw) => {
                let value = convert(raw, value).ok_or_else(|| Untold::Argument((*name).to_owned()))?;
                told.push(((*name).to_owned(), value));
            }
        }
    }
    Ok(told)
}

/// The wanted ones of arguments that are text.
pub(crate) fn of_text(
    texts: &BTreeMap<String, String>,
    wanted: &Wanted<'_>,
) -> Result<Vec<(String, RestrictedExpression)>, Untold> {
    let there = texts.iter().filter(|(name, _)| wanted.contains_key(name.as_str()));
    there.map(|(name, text)| Ok((name.clone(), string(text.clone(), name)?))).collect()
}

fn string(text: String, name: &str) -> Result<RestrictedExpression, Untold> {
    if text.len() > MAX_TEXT {
        Err(Untold::Argument(name.to_owned()))
    } else {
        Ok(RestrictedExpression::new_string(text))
    }
}

fn convert(raw: &RawValue, value: ArgumentType) -> Option<RestrictedExpression> {
    match value {
        ArgumentType::One(value) => scalar(raw, value),
        ArgumentType::Set(value) => {
            let items: Vec<&RawValue> = serde_json::from_str(raw.get()).ok()?;
            if items.len() > MAX_ITEMS {
                return None;
            }
            let items: Option<Vec<_>> = items.into_iter().map(|item| scalar(item, value)).collect();
            items.map(RestrictedExpression::new_set)
        }
    }
}

fn scalar(raw: &RawValue, value: Scalar) -> Option<RestrictedExpression> {
    let json = raw.get();
    match value {
        Scalar::String if json.len() > MAX_TEXT => None,
        Scalar::String => serde_json::from_str(json).ok().map(RestrictedExpression::new_string),
        Scalar::Bool => serde_json::from_str(json).ok().map(RestrictedExpression::new_bool),
        Scalar::Long => long(json).map(RestrictedExpression::new_long),
    }
}

/// An integer as JSON Schema knows it: `1e3` and `1000.0` are `1000`.
fn long(json: &str) -> Option<i64> {
    /// Whole numbers up to here have one floating-point value each.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if let Ok(whole) = serde_json::from_str(json) {
        return Some(whole);
    }
    let number: f64 = serde_json::from_str(json).ok()?;
    #[expect(clippy::cast_possible_truncation, reason = "whole and within bounds, so nothing is cut off")]
    (number.fract() == 0.0 && number.abs() < EXACT).then_some(number as i64)
}

/// The members of an object, none named twice: readers differ in which one counts.
struct Members<'a>(BTreeMap<Cow<'a, str>, &'a RawValue>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Name<'a>(#[serde(borrow)] Cow<'a, str>);
        struct Once;
        impl<'de> Visitor<'de> for Once {
            type Value = BTreeMap<Cow<'de, str>, &'de RawValue>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = BTreeMap::new();
                while let Some((Name(name), value)) = map.next_entry()? {
                    if members.insert(name, value).is_some() {
                        return Err(A::Error::custom("a name is there twice"));
                    }
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(Once).map(Members)
    }
}

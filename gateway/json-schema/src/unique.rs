//! `uniqueItems` in time that follows from the size of the array alone.
//!
//! The validator's own hash of arrays and objects knows neither order nor nesting, so that a client can make
//! thousands of them share one hash, and each is then compared with each.

use std::collections::HashSet;
use std::fmt::Write as _;

use serde_json::{Number, Value};

/// Whether no two items are equal as JSON Schema compares them (2020-12 core, section 4.2.2).
pub(super) fn is_unique(items: &[Value]) -> bool {
    let mut seen = HashSet::with_capacity(items.len());
    items.iter().all(|item| {
        let mut text = String::new();
        write(item, &mut text);
        seen.insert(text)
    })
}

/// How many values a value holds, itself included.
pub(super) fn size(value: &Value) -> u64 {
    1 + match value {
        Value::Array(items) => items.iter().map(size).sum(),
        Value::Object(members) => members.values().map(size).sum(),
        _ => 0,
    }
}

/// Writes equal values as equal text.
fn write(value: &Value, text: &mut String) {
    match value {
        Value::Number(number) => write_number(number, text),
        Value::Array(items) => {
            text.push('[');
            for item in items {
                write(item, text);
                text.push(',');
            }
            text.push(']');
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_unstable_by_key(|(name, _)| *name);
            text.push('{');
            for (name, member) in members {
                let _ = write!(text, "{name:?}:");
                write(member, text);
                text.push(',');
            }
            text.push('}');
        }
        scalar => {
            let _ = write!(text, "{scalar}");
        }
    }
}

/// `1.0` is `1`; whole numbers beyond 128 bits have one spelling as it is.
fn write_number(number: &Number, text: &mut String) {
    let whole = number.as_i128().or_else(|| number.as_f64().and_then(whole));
    let _ = match whole {
        Some(whole) => write!(text, "{whole}"),
        None => write!(text, "{number}"),
    };
}

fn whole(number: f64) -> Option<i128> {
    /// 2^126, well inside what 128 bits hold.
    const LIMIT: f64 = 8.507_059_173_023_462e37;
    #[expect(clippy::cast_possible_truncation, reason = "whole and within bounds, so nothing is cut off")]
    (number.fract() == 0.0 && number.abs() < LIMIT).then_some(number as i128)
}

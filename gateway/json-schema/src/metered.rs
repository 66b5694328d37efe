//! A JSON value that counts how often a validator looks at it, and stops one that looks too often.
//!
//! What validation costs depends on schema and instance together: a union that refers to itself twice
//! doubles the work at every level an attacker nests. Nothing but a count is a bound for that.

use std::borrow::Cow;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use jsonschema::JsonType;
use jsonschema::json::{Array, Json, Node, NodeIdentity, Object};
use serde_json::{Map, Number, Value};

use super::unique;

/// A failed keyword keeps its error in memory, so it counts as this many steps.
const ERROR_STEPS: u64 = 100;

/// Steps for each byte a pattern is matched against. Usually a byte is one step of an automaton, but input can
/// be made to defeat the cache of states, and then it is one for each state of the pattern.
const MATCH_STEPS: u64 = 16;

/// Names up to this length match so fast that looking at them is all that counts.
const SHORT_NAME: usize = 64;

/// The representation validators are compiled for.
#[derive(Debug)]
pub(super) struct Metered;

/// The validator was stopped: it would have taken more than the steps it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Exhausted;

/// Lets `validate` look at `value`, for at most `steps` steps.
pub(super) fn within<T>(steps: u64, value: &Value, validate: impl FnOnce(Metering<'_>) -> T) -> Result<T, Exhausted> {
    let left = Cell::new(steps);
    let node = Metering { value, left: Some(&left) };
    // A validator has no way to be told to stop. It holds nothing that outlives the call, so leaving by unwinding
    // leaves nothing half done.
    catch_unwind(AssertUnwindSafe(|| validate(node))).map_err(|payload| match payload.downcast::<Exhausted>() {
        Ok(exhausted) => *exhausted,
        Err(payload) => resume_unwind(payload),
    })
}

/// A value and the steps left for it; a property name looked at on its own has no count.
#[derive(Debug, Clone, Copy)]
pub(super) struct Metering<'a> {
    value: &'a Value,
    left: Option<&'a Cell<u64>>,
}

impl<'a> Metering<'a> {
    fn take(self, steps: u64) {
        let Some(left) = self.left else { return };
        match left.get().checked_sub(steps) {
            Some(rest) => left.set(rest),
            // Not `panic!`: nothing is wrong, so the panic hook has nothing to report.
            None => resume_unwind(Box::new(Exhausted)),
        }
    }

    fn look(self) -> &'a Value {
        self.take(1);
        self.value
    }

    fn within(self, value: &'a Value) -> Self {
        Self { value, left: self.left }
    }
}

impl Json for Metered {
    type Node<'a> = Metering<'a>;
    type PreparedKey = String;
    type StringBuffer = Value;

    // An object is a search tree: two names cost about as much to look up as one more to pass by.
    const KEYS_PER_LOOKUP: usize = 2;

    fn prepare_key(key: &str) -> String {
        key.to_owned()
    }

    fn with_string_node<T>(buffer: &mut Value, string: &str, f: impl FnOnce(Metering<'_>) -> T) -> T {
        *buffer = Value::String(string.to_owned());
        f(Metering { value: buffer, left: None })
    }
}

impl<'a> Node<'a, Metered> for Metering<'a> {
    type Object = Members<'a>;
    type Array = Elements<'a>;
    type Number = &'a Number;

    fn as_object(&self) -> Option<Members<'a>> {
        self.look().as_object().map(|map| Members { map, node: *self })
    }

    fn as_array(&self) -> Option<Elements<'a>> {
        self.look().as_array().map(|items| Elements { items, node: *self })
    }

    /// Asked for by `pattern`, and by nothing that is not asked for below.
    fn as_string(&self) -> Option<Cow<'a, str>> {
        let text = self.look().as_str()?;
        self.take(MATCH_STEPS * text.len() as u64);
        Some(Cow::Borrowed(text))
    }

    fn string_length(&self) -> Option<u64> {
        Node::string_length(&self.look())
    }

    fn as_number(&self) -> Option<&'a Number> {
        self.look().as_number()
    }

    fn as_boolean(&self) -> Option<bool> {
        self.look().as_bool()
    }

    fn is_null(&self) -> bool {
        self.look().is_null()
    }

    fn json_type(&self) -> JsonType {
        match self.look() {
            Value::Null => JsonType::Null,
            Value::Bool(_) => JsonType::Boolean,
            Value::Number(_) => JsonType::Number,
            Value::String(_) => JsonType::String,
            Value::Array(_) => JsonType::Array,
            Value::Object(_) => JsonType::Object,
        }
    }

    fn equals_value(&self, expected: &Value) -> bool {
        Node::equals_value(&self.look(), expected)
    }

    /// Asked for by every error.
    fn to_value(&self) -> Cow<'a, Value> {
        self.take(ERROR_STEPS);
        Cow::Borrowed(self.value)
    }

    fn identity(&self) -> Option<NodeIdentity> {
        self.take(1);
        Some(NodeIdentity::new(std::ptr::from_ref(self.value) as usize))
    }
}

/// An object's members.
#[derive(Debug, Clone, Copy)]
pub(super) struct Members<'a> {
    map: &'a Map<String, Value>,
    node: Metering<'a>,
}

impl<'a> Object<'a, Metered> for Members<'a> {
    type Node = Metering<'a>;
    type MemberName = &'a str;
    type MembersIter = MembersIter<'a>;

    fn len(&self) -> usize {
        self.map.len()
    }

    fn get(&self, key: &String) -> Option<Metering<'a>> {
        self.node.take(1);
        self.map.get(key).map(|value| self.node.within(value))
    }

    fn members(&self) -> MembersIter<'a> {
        MembersIter { members: self.map.iter(), node: self.node }
    }
}

/// See [`Members`].
#[derive(Debug)]
pub(super) struct MembersIter<'a> {
    members: serde_json::map::Iter<'a>,
    node: Metering<'a>,
}

impl<'a> Iterator for MembersIter<'a> {
    type Item = (&'a str, Metering<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let (name, value) = self.members.next()?;
        self.node.take(1 + MATCH_STEPS * name.len().saturating_sub(SHORT_NAME) as u64);
        Some((name, self.node.within(value)))
    }
}

/// An array's elements.
#[derive(Debug, Clone, Copy)]
pub(super) struct Elements<'a> {
    items: &'a [Value],
    node: Metering<'a>,
}

impl<'a> Array<'a, Metered> for Elements<'a> {
    type Node = Metering<'a>;
    type ElementsIter = ElementsIter<'a>;

    fn len(&self) -> usize {
        self.items.len()
    }

    fn elements(&self) -> ElementsIter<'a> {
        ElementsIter { items: self.items.iter(), node: self.node }
    }

    fn is_unique(&self) -> bool {
        self.node.take(self.items.iter().map(unique::size).sum());
        unique::is_unique(self.items)
    }
}

/// See [`Elements`].
#[derive(Debug)]
pub(super) struct ElementsIter<'a> {
    items: std::slice::Iter<'a, Value>,
    node: Metering<'a>,
}

impl<'a> Iterator for ElementsIter<'a> {
    type Item = Metering<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        self.node.take(1);
        self.items.next().map(|value| self.node.within(value))
    }
}

//! What may still become of a condition of which not everything is known.
//!
//! Cedar leaves such a condition as it is wherever its unknown part might fail. For an answer that does not
//! matter: a policy that fails permits nothing, and one that forbids counts as satisfied if it fails.

use std::collections::BTreeMap;

use cedar_policy::Policy;
use serde_json::Value;

use crate::entry::Argument;

/// The name under which a call's arguments are unknown.
pub(crate) const ARGUMENTS: &str = "arguments";

/// The arguments an entry declares, while it is unknown which of them a call brings.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Declared<'a>(pub(crate) &'a BTreeMap<String, Argument>);

impl Declared<'_> {
    /// Whether any arguments make the conditions of a policy come out like this.
    pub(crate) fn can_satisfy(self, policy: &Policy, value: bool) -> bool {
        // What Cedar leaves has no scope any more, and what it cannot write down can be anything.
        let Ok(policy) = policy.to_json() else { return true };
        let Some(conditions) = policy["conditions"].as_array() else { return true };
        let mut conditions = conditions.iter();
        let condition = |condition: &Value| {
            let value = if condition["kind"] == "unless" { !value } else { value };
            self.can_be(&condition["body"], value)
        };
        if value { conditions.all(condition) } else { conditions.any(condition) }
    }

    /// Whether an expression, in Cedar's JSON notation, can come out as `value` without failing. What is not
    /// understood can be anything.
    fn can_be(self, expression: &Value, value: bool) -> bool {
        let Some((operator, operands)) = expression.as_object().and_then(|object| object.iter().next()) else {
            return true;
        };
        let can = |operand: &str, value: bool| self.can_be(&operands[operand], value);
        match (&**operator, value) {
            ("Value", _) => operands.as_bool().is_none_or(|literal| literal == value),
            ("!", _) => can("arg", !value),
            ("&&", true) => can("left", true) && can("right", true),
            ("&&", false) => can("left", false) || (can("left", true) && can("right", false)),
            ("||", true) => can("left", true) || (can("left", false) && can("right", true)),
            ("||", false) => can("left", false) && can("right", false),
            ("if-then-else", _) => (can("if", true) && can("then", value)) || (can("if", false) && can("else", value)),
            ("has", _) if is_arguments(&operands["left"]) => {
                operands["attr"].as_str().is_none_or(|argument| self.can_have(argument, value))
            }
            _ => true,
        }
    }

    /// Whether an argument can be there, or missing.
    fn can_have(self, argument: &str, value: bool) -> bool {
        match (self.0.get(argument), value) {
            (Some(_), true) | (None, false) => true,
            (Some(argument), false) => !argument.required,
            (None, true) => false,
        }
    }
}

/// Whether an expression is the unknown arguments.
fn is_arguments(expression: &Value) -> bool {
    expression["unknown"][0]["Value"] == ARGUMENTS
}

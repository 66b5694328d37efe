//! What a model reads about a document that does not conform.

use std::fmt::Write as _;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use serde_json::Value;

use super::metered::{self, Metered};

/// The most mistakes listed.
const MAX_LISTED: usize = 5;

/// The longest path and the longest reason, in bytes. Five of each stay below 2 KiB.
const MAX_PATH: usize = 80;
const MAX_REASON: usize = 300;

/// The longest value quoted, in bytes.
const MAX_QUOTED: usize = 64;

/// Steps to find out what to say; each mistake found costs a hundred.
const MAX_STEPS: u64 = 2_000_000;

/// Why a document is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    /// What is wrong with it, a line each: where, as a JSON Pointer, and why.
    #[error("{0}")]
    Nonconforming(String),
    /// Checking it would take more time or memory than it is given.
    #[error("too large or too deeply nested to be checked")]
    TooComplex,
    /// There is nothing to check it with, although the schema was taken for one that compiles.
    #[error("the schema cannot be checked against")]
    NoValidator,
}

impl Violation {
    /// Says what is wrong with a document that is known not to conform.
    pub(super) fn found(validator: &Validator<Metered>, value: &Value) -> Self {
        let all = metered::within(MAX_STEPS, value, |node| listed(value, validator.iter_errors(node)));
        // With too many mistakes to count, the first is as good as any.
        let first = |_| metered::within(MAX_STEPS, value, |node| listed(value, validator.validate(node).err()));
        let text = all.or_else(first);
        Self::Nonconforming(text.unwrap_or_else(|_| "the value does not match the schema".to_owned()))
    }
}

fn listed<'i>(document: &Value, errors: impl IntoIterator<Item = ValidationError<'i>>) -> String {
    let mut text = String::new();
    let mut left = 0;
    for (at, error) in errors.into_iter().enumerate() {
        if at < MAX_LISTED {
            let separator = if at == 0 { "" } else { "\n" };
            let _ = write!(text, "{separator}{}", line(document, &error));
        } else {
            left += 1;
        }
    }
    if left > 0 {
        let _ = write!(text, "\nand {left} more");
    }
    text
}

fn line(document: &Value, error: &ValidationError<'_>) -> String {
    let error = telling(error);
    let path = error.instance_path().as_str();
    let reason = shortened(&reason(document, error), MAX_REASON);
    if path.is_empty() { reason } else { format!("{}: {reason}", shortened(path, MAX_PATH)) }
}

fn reason(document: &Value, error: &ValidationError<'_>) -> String {
    if matches!(error.kind(), ValidationErrorKind::FalseSchema) {
        // The validator names the object and none of its members where it takes no member at all.
        let memberless = error.schema_path().as_str().ends_with("/additionalProperties");
        let object = document.pointer(error.instance_path().as_str()).filter(|_| memberless);
        return match object.and_then(Value::as_object).and_then(|members| members.keys().next()) {
            Some(name) => format!("no member is allowed here ({name:?} was unexpected)"),
            None => "nothing is allowed here".to_owned(),
        };
    }
    if is_short(error.instance()) { error.to_string() } else { error.masked_with("the value").to_string() }
}

/// Where no alternative fits, the mistake inside the one that got furthest says more than "none fits".
fn telling<'e, 'i>(error: &'e ValidationError<'i>) -> &'e ValidationError<'i> {
    let mut error = error;
    while let ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } = error.kind() {
        let depth = |error: &ValidationError<'_>| error.instance_path().segments().count();
        let deepest = context.iter().flatten().max_by_key(|inner| depth(inner));
        match deepest {
            Some(inner) if depth(inner) > depth(error) => error = inner,
            _ => break,
        }
    }
    error
}

fn is_short(value: &Value) -> bool {
    match value {
        Value::String(text) => text.len() <= MAX_QUOTED,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => true,
    }
}

/// At most about `limit` bytes.
pub(super) fn shortened(text: &str, limit: usize) -> String {
    match text.floor_char_boundary(limit) {
        end if end < text.len() => format!("{}…", &text[..end]),
        _ => text.to_owned(),
    }
}

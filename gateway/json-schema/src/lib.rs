//! JSON Schema as MCP uses it: a tool's arguments are checked before its worker is billed, its
//! structured content before a client relies on it (rules and S-7).
//!
//! Schemas come from reviewed catalog entries, documents from anyone. So what a schema may cost at its
//! worst is bounded once, when it is read, and what a document does cost is counted while it is checked.

mod compiler;
mod graph;
mod instance;
mod metered;
mod plain;
mod reference;
#[cfg(test)]
mod tests;
mod unique;
mod violation;

pub use instance::{Instance, MAX_VALUES, Unreadable};
pub use violation::Violation;

use std::fmt;

use serde_json::{Map, Value};

use compiler::Later;
use graph::Graph;

/// The largest schema, in bytes of compact JSON.
const MAX_BYTES: usize = 256 * 1024;

/// How deep a schema's own JSON may nest.
const MAX_DEPTH: usize = 64;

/// How often a validator may look at a document's values before it is stopped: a tenth of a second's work.
const MAX_STEPS: u64 = 10_000_000;

/// How many subschemas may stand on the stack: levels of the document, times those at one level.
const MAX_STACK: usize = 600;

/// The longest reason in an [`InvalidSchema`], in bytes.
const MAX_REASON: usize = 300;

/// Dialects a `$schema` may name, without their scheme and empty fragment.
const DIALECTS: [&str; 4] = [
    "json-schema.org/draft/2020-12/schema",
    "json-schema.org/draft/2019-09/schema",
    "json-schema.org/draft-07/schema",
    "json-schema.org/draft-06/schema",
];

/// Why a schema is refused. The text names what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSchema {
    /// More bytes of compact JSON than are read; the number is the bound.
    #[error("more than {0} bytes")]
    TooLarge(usize),
    /// JSON inside JSON, deeper than is read; the number is the bound.
    #[error("nests more than {0} levels deep")]
    TooDeep(usize),
    /// More subschemas than are read; the number is the bound.
    #[error("more than {0} subschemas")]
    TooManySubschemas(usize),
    /// References and combinations multiply; the number is the bound.
    #[error("its references make more than {0} paths through subschemas for one value")]
    TooManyPaths(u64),
    /// One subschema brings in the next for the same value, too often; the number is the bound.
    #[error("more than {0} subschemas in a row look at one value")]
    PathTooLong(usize),
    /// References lead back to where they are without a step into the value.
    #[error("the reference {0:?} leads back to itself and checks the same value for ever")]
    Endless(String),
    /// A reference that leads nowhere, or out of the document: nothing is ever fetched.
    #[error("the reference {0:?} is not found in the schema itself")]
    Unresolved(String),
    /// A dialect that is not supported, as JSON.
    #[error("the dialect {0} is not supported; use 2020-12, 2019-09, draft 7 or draft 6")]
    Dialect(String),
    /// A keyword's value is not what its dialect says.
    #[error("at {path:?}: {reason}")]
    Keyword {
        /// JSON Pointer into the schema.
        path: String,
        /// What is wrong there.
        reason: String,
    },
}

/// A schema, compiled once for every document it will check.
pub struct Schema {
    /// Compiled when the schema is read, unless that is known to succeed: then by the first check.
    validator: Later,
    /// Subschemas that can stand on the stack for one value.
    path: usize,
    takes_every_object: bool,
}

impl Schema {
    /// Reads a schema of the dialect its `$schema` names, else 2020-12. `format` is an annotation.
    ///
    /// # Errors
    /// [`InvalidSchema`] if it is no schema, refers to anything outside itself, or could cost too much to check
    /// against.
    pub fn new(schema: &Map<String, Value>) -> Result<Self, InvalidSchema> {
        let schema = Value::Object(schema.clone());
        if schema.to_string().len() > MAX_BYTES {
            return Err(InvalidSchema::TooLarge(MAX_BYTES));
        }
        let depth = depth(&schema);
        if depth > MAX_DEPTH {
            return Err(InvalidSchema::TooDeep(MAX_DEPTH));
        }
        let takes_every_object = takes_every_object(&schema);
        let shape = Shape::of(&schema)?;
        let validator = compiler::later(schema, depth);
        if !(compiler::needs_no_thread(depth) && shape.compiles) {
            validator.as_ref().map_err(Clone::clone)?;
        }
        Ok(Self { validator, path: shape.path, takes_every_object })
    }

    /// Whether every object conforms: there is nothing to read arguments for.
    pub fn takes_every_object(&self) -> bool {
        self.takes_every_object
    }

    /// Whether `instance` conforms.
    ///
    /// # Errors
    /// [`Violation`] if it does not, or if finding out would take too much.
    pub fn check(&self, instance: &Instance) -> Result<(), Violation> {
        if self.path * (instance.depth + 1) > MAX_STACK {
            return Err(Violation::TooComplex);
        }
        let validator = self.validator.as_ref().map_err(|_| Violation::NoValidator)?;
        match metered::within(MAX_STEPS, &instance.value, |node| validator.is_valid(node)) {
            Ok(true) => Ok(()),
            Ok(false) => Err(Violation::found(validator, &instance.value)),
            Err(metered::Exhausted) => Err(Violation::TooComplex),
        }
    }
}

impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Schema").finish_non_exhaustive()
    }
}

/// What a schema's subschemas say together.
struct Shape {
    path: usize,
    /// Whether it is known that a compiler will not refuse it.
    compiles: bool,
}

impl Shape {
    fn of(schema: &Value) -> Result<Self, InvalidSchema> {
        let graph = Graph::new(schema)?;
        let mut dialects = graph.subschemas().iter().filter_map(|subschema| subschema.schema.get("$schema"));
        if let Some(unknown) = dialects.find(|dialect| !is_supported(dialect)) {
            return Err(InvalidSchema::Dialect(violation::shortened(&unknown.to_string(), MAX_REASON)));
        }
        Ok(Self { path: graph.longest_path()?, compiles: plain::are(graph.subschemas()) })
    }
}

fn takes_every_object(schema: &Value) -> bool {
    let demands_nothing = |(keyword, value): (&String, &Value)| match &**keyword {
        "$schema" | "$comment" | "title" | "description" => true,
        "type" => value == "object",
        "properties" => value.as_object().is_some_and(Map::is_empty),
        "additionalProperties" => value == &Value::Bool(true),
        _ => false,
    };
    schema.as_object().is_some_and(|keywords| keywords.iter().all(demands_nothing))
}

fn is_supported(dialect: &Value) -> bool {
    let Some(text) = dialect.as_str() else { return false };
    let text = text.strip_suffix('#').unwrap_or(text);
    let name = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    name.is_some_and(|name| DIALECTS.contains(&name))
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or_default(),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or_default(),
        _ => 0,
    }
}

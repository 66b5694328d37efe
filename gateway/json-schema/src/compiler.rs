//! From a schema that is within bounds to its validator.

use std::sync::LazyLock;

use jsonschema::{PatternOptions, ValidationError, Validator};
use serde_json::Value;

use super::metered::Metered;
use super::{InvalidSchema, MAX_REASON, violation};

/// Nesting up to which any thread's stack is large enough to compile a schema; with references, the compiler
/// recurses eight times as deep.
const PLAIN_DEPTH: usize = 16;

/// The stack for schemas beyond that: four times what the worst one found takes without optimisation.
const COMPILER_STACK: usize = 16 * 1024 * 1024;

/// Bytes a compiled `pattern` may take, and again as many to cache what it learns while matching.
const MAX_PATTERN: usize = 1024 * 1024;

/// What compiling a schema has led to.
type Compiled = Result<Validator<Metered>, InvalidSchema>;

/// A validator that is compiled when it is first asked for.
pub(super) type Later = LazyLock<Compiled, Box<dyn FnOnce() -> Compiled + Send>>;

/// A validator for a schema that nests `depth` levels deep.
pub(super) fn later(schema: Value, depth: usize) -> Later {
    LazyLock::new(Box::new(move || if needs_no_thread(depth) { compile(&schema) } else { with_more_stack(&schema) }))
}

/// Whether a schema that nests so deep is compiled where it is asked for.
pub(super) fn needs_no_thread(depth: usize) -> bool {
    depth <= PLAIN_DEPTH
}

fn compile(schema: &Value) -> Compiled {
    let patterns = PatternOptions::regex().size_limit(MAX_PATTERN).dfa_size_limit(MAX_PATTERN);
    let options = jsonschema::options_for::<Metered>().offline().should_validate_formats(false);
    options.with_pattern_options(patterns).build(schema).map_err(|error| refused(&error))
}

fn with_more_stack(schema: &Value) -> Compiled {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(COMPILER_STACK);
        let compiling = thread.spawn_scoped(scope, || compile(schema));
        let compiled = compiling.ok().and_then(|thread| thread.join().ok());
        // Without a thread, what needs one is too deep.
        compiled.unwrap_or(Err(InvalidSchema::TooDeep(PLAIN_DEPTH)))
    })
}

fn refused(error: &ValidationError<'_>) -> InvalidSchema {
    let path = error.instance_path().as_str().to_owned();
    let mut reason = violation::shortened(&error.to_string(), MAX_REASON);
    if path.ends_with("/pattern") || path.contains("/patternProperties") {
        reason.push_str("; look-around and back-references are not supported, and neither are very large patterns");
    }
    InvalidSchema::Keyword { path, reason }
}

//! Whether a message an MCP server emitted is what the published schema of its revision says.
//!
//! The schemas are the frozen `schema.json` files of the specification. They differ in more than
//! their contents:
//!
//! | revision | dialect | a result for a method | an error without `id` |
//! |---|---|---|---|
//! | 2025-03-26, 2025-06-18 | draft-07 | `…Result` | not allowed |
//! | 2025-11-25 | 2020-12 | `…Result` | allowed |
//! | 2026-07-28 | 2020-12 | `…Result` or `InputRequiredResult`, told apart by `resultType` | allowed |
//!
//! Where a schema is looser than the specification's text, the text counts:
//!
//! - 2026-07-28 says `anyOf` of two results, one of which any object with a `resultType` satisfies.
//!   Here `resultType` decides, and `input_required` must ask something (rules ).
//! - Errors of 2026-07-28 in -32768 to -32000 carry the codes of the specification only (E-2), and
//!   -32020 to -32022 the data their definitions demand.
//! - An answer echoes the id of its request; only where a body is no request may an error leave it
//!   out (E-1). The first two revisions have no valid error for such a body (an absent `id` and a
//!   `null` are both invalid): such errors are held to the definition of the later ones.
//!
//! The tasks extension of 2026-07-28 is in no core schema and has one of its own: a `resultType` of
//! `task` on `tools/call`, the results of its methods, and its notification are checked against that.

mod definitions;
mod exchange;
mod reader;

pub use exchange::Exchange;
pub use reader::Reader;

use definitions::Definitions;
use serde_json::Value;

/// Every revision there is a schema of, oldest first.
pub const REVISIONS: [&str; 4] = ["2025-03-26", "2025-06-18", "2025-11-25", LATEST];

const LATEST: &str = "2026-07-28";

/// The methods of the tasks extension, and the definitions of their results.
const TASK_METHODS: [(&str, &str); 3] =
    [("tasks/get", "GetTaskResult"), ("tasks/update", "UpdateTaskResult"), ("tasks/cancel", "CancelTaskResult")];

/// The notification of the tasks extension.
const TASK_NOTIFICATION: &str = "notifications/tasks";

/// The methods whose results may ask the client for input (rule Q-1).
const ASKING_METHODS: [&str; 3] = ["tools/call", "prompts/get", "resources/read"];

/// What 2026-07-28 allows in the range JSON-RPC reserves (rule E-2), and the definition of each.
const ERRORS: [(i64, &str); 8] = [
    (-32700, "JSONRPCErrorResponse"),
    (-32600, "JSONRPCErrorResponse"),
    (-32601, "JSONRPCErrorResponse"),
    (-32602, "JSONRPCErrorResponse"),
    (-32603, "JSONRPCErrorResponse"),
    (-32020, "HeaderMismatchError"),
    (-32021, "MissingRequiredClientCapabilityError"),
    (-32022, "UnsupportedProtocolVersionError"),
];

/// Checks one message a server emitted while it answered `request`, a request of `revision`.
///
/// `request` is absent if the client's body was none; then only an error is a valid answer. In
/// 2025-03-26 both may be batches.
///
/// # Errors
/// What is wrong, in words for whoever reads the failing test.
pub fn check(revision: &str, request: Option<&Value>, message: &Value) -> Result<(), String> {
    let definitions = Definitions::of(revision)?;
    let checked = match (message, request) {
        (Value::Array(messages), Some(Value::Array(_))) if definitions.has("JSONRPCBatchResponse") => {
            if messages.is_empty() {
                return Err(format!("{revision}: an empty batch"));
            }
            messages.iter().try_for_each(|message| one(definitions, request, message))
        }
        _ => one(definitions, request, message),
    };
    checked.map_err(|mistake| format!("{revision}: {mistake}\nin {}", excerpt(message)))
}

fn one(definitions: &Definitions, request: Option<&Value>, message: &Value) -> Result<(), String> {
    let request = match request {
        Some(Value::Array(batch)) => {
            batch.iter().find(|request| !request["id"].is_null() && request["id"] == message["id"])
        }
        request => request,
    };
    let kinds = ["method", "result", "error"].map(|member| message.get(member).is_some());
    match kinds {
        [true, false, false] if message.get("id").is_some() => of_method(definitions, "ServerRequest", message),
        [true, false, false] => of_method(definitions, "ServerNotification", message),
        [false, true, false] => result(definitions, request, message),
        [false, false, true] => error(definitions, request, message),
        _ => Err("neither a request, a notification, a result nor an error".to_owned()),
    }
}

/// A message the server begins: `union` lists the definitions, each with its own method.
fn of_method(definitions: &Definitions, union: &'static str, message: &Value) -> Result<(), String> {
    let method = message["method"].as_str().ok_or("`method` is no string")?;
    if definitions.revision() == LATEST && method == TASK_NOTIFICATION {
        definitions.validate("JSONRPCNotification", message)?;
        return Definitions::of_tasks().validate("TaskStatusNotification", message);
    }
    let definition = definitions.by_method(union, method).ok_or(format!("{method} is no {union}"))?;
    // The definitions of the first two revisions leave the envelope out.
    let envelope = if union == "ServerRequest" { "JSONRPCRequest" } else { "JSONRPCNotification" };
    definitions.validate(envelope, message)?;
    definitions.validate(definition, message)
}

fn result(definitions: &Definitions, request: Option<&Value>, message: &Value) -> Result<(), String> {
    let request = request.ok_or("a result for what is no request")?;
    let method = request["method"].as_str().ok_or("a result for a request without a method")?;
    echoes(request, message)?;
    definitions.validate_any(&["JSONRPCResultResponse", "JSONRPCResponse"], message)?;
    let result = &message["result"];
    let definition = definitions.by_method("ClientRequest", method);
    if definitions.revision() != LATEST {
        let definition = definition.ok_or(format!("{method} is no method"))?;
        let named = definition.replace("Request", "Result");
        return definitions.validate(if definitions.has(&named) { &named } else { "EmptyResult" }, result);
    }
    match result["resultType"].as_str() {
        Some("task") if method == "tools/call" => {
            definitions.validate("Result", result)?;
            Definitions::of_tasks().validate("CreateTaskResult", result)
        }
        Some("input_required") if ASKING_METHODS.contains(&method) => {
            let asks = result["inputRequests"].as_object().is_some_and(|requests| !requests.is_empty());
            if !asks && !result["requestState"].is_string() {
                return Err("input is required but nothing is asked and no state given".to_owned());
            }
            definitions.validate("InputRequiredResult", result)
        }
        Some("complete") => {
            if let Some((_, definition)) = TASK_METHODS.iter().find(|(name, _)| *name == method) {
                definitions.validate("Result", result)?;
                return Definitions::of_tasks().validate(definition, result);
            }
            let definition = definition.ok_or(format!("{method} is no method"))?;
            definitions.validate(&definition.replace("Request", "Result"), result)
        }
        other => Err(format!("{method} has no result of the type {other:?}")),
    }
}

fn error(definitions: &Definitions, request: Option<&Value>, message: &Value) -> Result<(), String> {
    let code = message["error"]["code"].as_i64().ok_or("an error without an integer code")?;
    // Not understood, or not let in and therefore not read.
    let unreadable = matches!(code, -32700 | -32600 | 400 | 401 | 503) && message.get("id").is_none();
    if let Some(request) = request.filter(|_| !unreadable) {
        echoes(request, message)?;
    }
    // The first two revisions define no error without an id, and yet there must be one to send.
    let without_id = Definitions::of(LATEST)?;
    if unreadable || request.is_none() {
        return without_id.validate("JSONRPCErrorResponse", message);
    }
    let definitions = if message.get("id").is_none() { without_id } else { definitions };
    let reserved = (-32768..=-32000).contains(&code);
    match ERRORS.iter().find(|(known, _)| *known == code) {
        // Negotiation is of 2026-07-28 whatever it is about.
        Some((_, definition)) if definitions.revision() == LATEST || code == -32022 => {
            Definitions::of(LATEST)?.validate(definition, message)
        }
        None if definitions.revision() == LATEST && reserved => Err(format!("{code} is no code of the specification")),
        None if code == -32042 && definitions.has("URLElicitationRequiredError") => {
            definitions.validate("URLElicitationRequiredError", message)
        }
        _ => definitions.validate_any(&["JSONRPCErrorResponse", "JSONRPCError"], message),
    }
}

/// An answer carries the id of its request where that has one JSON-RPC allows (rule E-1).
fn echoes(request: &Value, message: &Value) -> Result<(), String> {
    let (asked, answered) = (request.get("id"), message.get("id"));
    let valid = asked.is_some_and(|id| id.is_string() || id.is_i64() || id.is_u64());
    if answered == asked || (!valid && answered.is_none()) {
        return Ok(());
    }
    Err(format!("the request's id is {asked:?}, the answer's {answered:?}"))
}

fn excerpt(message: &Value) -> String {
    const SHOWN: usize = 2000;
    message.to_string().chars().take(SHOWN).collect()
}

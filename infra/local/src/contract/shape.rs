//! Whether a value is the MCP result it should be. What the specification leaves open is left alone.

use penstock_protocol::frame::InputRequired;
use serde_json::Value;

/// What may be asked of a client (rule Q-3).
const QUESTIONS: [&str; 3] = ["elicitation/create", "sampling/createMessage", "roots/list"];

/// Values a completion may have (rule R-13).
const MAX_COMPLETIONS: usize = 100;

type Checked = Result<(), String>;

/// The result of a request, by its method: a `CallToolResult`, `GetPromptResult`, `ReadResourceResult`, `ListPromptsResult`,
/// `ListResourcesResult` or `CompleteResult`.
pub(super) fn result(method: &str, result: &Value) -> Checked {
    if !result.is_object() {
        return Err("it is not an object".to_owned());
    }
    match method {
        "tools/call" => tool(result),
        "prompts/get" => list(result, "messages")?.iter().try_for_each(message),
        "resources/read" => match list(result, "contents")? {
            [] => Err("`contents` is empty; a resource that is not there is an error".to_owned()),
            contents => contents.iter().try_for_each(|content| embedded(content, "contents")),
        },
        "prompts/list" => list(result, "prompts")?.iter().try_for_each(|prompt| text(prompt, "prompts", "name")),
        "resources/list" => list(result, "resources")?.iter().try_for_each(|resource| {
            text(resource, "resources", "uri").and_then(|()| text(resource, "resources", "name"))
        }),
        _ => completion(&result["completion"]),
    }
}

fn tool(result: &Value) -> Checked {
    if !matches!(result["isError"], Value::Null | Value::Bool(_)) {
        return Err("`isError` is neither true nor false".to_owned());
    }
    list(result, "content")?.iter().try_for_each(block)
}

fn message(message: &Value) -> Checked {
    match message["role"].as_str() {
        Some("user" | "assistant") => block(&message["content"]),
        _ => Err("a message's `role` is neither user nor assistant".to_owned()),
    }
}

fn block(block: &Value) -> Checked {
    let kind = block["type"].as_str().ok_or("a block of content has no `type`")?;
    match kind {
        "text" => text(block, kind, "text"),
        "image" | "audio" => text(block, kind, "data").and_then(|()| text(block, kind, "mimeType")),
        "resource_link" => text(block, kind, "uri").and_then(|()| text(block, kind, "name")),
        "resource" => embedded(&block["resource"], kind),
        _ => Err(format!("a block of content is of the type {kind:?}, which there is not")),
    }
}

fn embedded(content: &Value, place: &str) -> Checked {
    text(content, place, "uri")?;
    text(content, place, "text")
        .or_else(|_| text(content, place, "blob"))
        .map_err(|_| format!("what stands in `{place}` has neither a `text` nor a `blob`"))
}

fn completion(completion: &Value) -> Checked {
    let values = list(completion, "values")?;
    if values.len() > MAX_COMPLETIONS {
        return Err(format!("{} values; at most {MAX_COMPLETIONS} are allowed", values.len()));
    }
    if values.iter().all(Value::is_string) { Ok(()) } else { Err("a value is not a string".to_owned()) }
}

/// The object of an `inputRequired` frame.
pub(super) fn asked(question: &Value) -> Checked {
    let asked: InputRequired = serde_json::from_value(question.clone()).map_err(|error| error.to_string())?;
    if asked.input_requests.is_empty() && asked.request_state.is_none() {
        return Err("it asks nothing and has no state".to_owned());
    }
    match asked.input_requests.values().find(|request| !QUESTIONS.contains(&request.method.as_str())) {
        Some(request) => {
            Err(format!("clients cannot be asked {:?}; ask one of {}", request.method, QUESTIONS.join(", ")))
        }
        None => Ok(()),
    }
}

/// The object of an `error` frame.
pub(super) fn error(error: &Value) -> Checked {
    if !error["code"].is_i64() {
        return Err("`code` is no integer".to_owned());
    }
    text(error, "error", "message")
}

/// The object of a `progress` frame; answers how far it is.
pub(super) fn progress(frame: &Value) -> Result<f64, String> {
    let is_number_or_absent = |name: &str| matches!(frame[name], Value::Null | Value::Number(_));
    if !is_number_or_absent("total") {
        return Err("`total` is no number".to_owned());
    }
    if !matches!(frame["message"], Value::Null | Value::String(_)) {
        return Err("`message` is no string".to_owned());
    }
    frame["progress"].as_f64().ok_or_else(|| "`progress` is no number".to_owned())
}

/// The object of a `log` frame.
pub(super) fn log(frame: &Value) -> Checked {
    let levels = ["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"];
    if !frame["level"].as_str().is_some_and(|level| levels.contains(&level)) {
        return Err(format!("`level` is none of {}", levels.join(", ")));
    }
    if frame.get("data").is_some() { Ok(()) } else { Err("`data` is missing".to_owned()) }
}

fn list<'a>(value: &'a Value, member: &str) -> Result<&'a [Value], String> {
    value[member].as_array().map(Vec::as_slice).ok_or_else(|| format!("`{member}` is no array"))
}

fn text(value: &Value, place: &str, member: &str) -> Checked {
    if value[member].is_string() { Ok(()) } else { Err(format!("`{member}` of `{place}` is no string")) }
}

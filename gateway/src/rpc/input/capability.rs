//! Whether a client may be asked what a worker wants to ask it (rules and E-3).

use std::borrow::Cow;

use penstock_protocol::RawValue;
use penstock_protocol::frame::{InputRequest, InputRequired};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use super::Kind;
use crate::rpc::failure::Failure;

/// Questions a worker may ask at once.
pub(super) const MAX_QUESTIONS: usize = 32;

/// Longest key of a question, in bytes.
pub(super) const MAX_KEY: usize = 128;

/// Where a capability stands in a `ClientCapabilities` object.
type Path = &'static [&'static str];

const FORM: Path = &["elicitation", "form"];
const URL: Path = &["elicitation", "url"];
const SAMPLING: Path = &["sampling"];
const SAMPLING_TOOLS: Path = &["sampling", "tools"];
const SAMPLING_CONTEXT: Path = &["sampling", "context"];
const ROOTS: Path = &["roots"];

/// Checks a worker's questions against what the client declared: the `ClientCapabilities` object,
/// verbatim; `None` is one that declares nothing.
///
/// # Errors
/// [`Failure::Question`] if no client could be asked this; [`Failure::MissingCapability`] with all
/// that is missing if this one cannot.
pub(crate) fn check(question: &InputRequired, declared: Option<&RawValue>) -> Result<(), Failure> {
    let requests = &question.input_requests;
    if requests.is_empty() && question.request_state.is_none() {
        return Err(Failure::Question("it has neither inputRequests nor requestState"));
    }
    if requests.len() > MAX_QUESTIONS {
        return Err(Failure::Question("it has more than 32 inputRequests"));
    }
    if requests.keys().any(|key| key.is_empty() || key.len() > MAX_KEY) {
        return Err(Failure::Question("a key has not 1 to 128 bytes"));
    }
    let declared: Value = declared.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default();
    let mut missing = Value::Null;
    for request in requests.values() {
        for path in needed(request)?.into_iter().filter(|path| !has(&declared, path)) {
            name(&mut missing, path);
        }
    }
    if missing.is_null() { Ok(()) } else { Err(Failure::MissingCapability(missing)) }
}

/// What is read of any question's parameters.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Params<'a> {
    #[serde(borrow, default)]
    mode: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    message: Option<Cow<'a, str>>,
    #[serde(default)]
    requested_schema: Option<IgnoredAny>,
    #[serde(borrow, default)]
    url: Option<Cow<'a, str>>,
    #[serde(default)]
    messages: Option<IgnoredAny>,
    #[serde(default)]
    max_tokens: Option<IgnoredAny>,
    #[serde(default)]
    tools: Option<IgnoredAny>,
    #[serde(default)]
    tool_choice: Option<IgnoredAny>,
    #[serde(borrow, default)]
    include_context: Option<Cow<'a, str>>,
}

/// The capabilities a question needs; an error if it lacks what every client needs to answer it.
fn needed(request: &InputRequest) -> Result<Vec<Path>, Failure> {
    let raw = request.params.as_deref().map(RawValue::get);
    if raw.is_some_and(|raw| !raw.starts_with('{')) {
        return Err(Failure::Question("its params are no object"));
    }
    let params: Params<'_> =
        serde_json::from_str(raw.unwrap_or("{}")).map_err(|_| Failure::Question("its params cannot be read"))?;
    match Kind::of(&request.method).ok_or(Failure::Question("clients are not asked this method"))? {
        Kind::Elicitation => elicitation(&params),
        Kind::Sampling => sampling(&params),
        Kind::Roots => Ok(vec![ROOTS]),
    }
}

fn elicitation(params: &Params<'_>) -> Result<Vec<Path>, Failure> {
    if params.message.is_none() {
        return Err(Failure::Question("an elicitation has no message"));
    }
    match params.mode.as_deref() {
        None | Some("form") if params.requested_schema.is_some() => Ok(vec![FORM]),
        None | Some("form") => Err(Failure::Question("a form has no requestedSchema")),
        Some("url") if params.url.is_some() => Ok(vec![URL]),
        Some("url") => Err(Failure::Question("an elicitation by URL has no url")),
        Some(_) => Err(Failure::Question("an elicitation's mode is neither form nor url")),
    }
}

fn sampling(params: &Params<'_>) -> Result<Vec<Path>, Failure> {
    if params.messages.is_none() || params.max_tokens.is_none() {
        return Err(Failure::Question("sampling has no messages or no maxTokens"));
    }
    let mut needed = vec![SAMPLING];
    if params.tools.is_some() || params.tool_choice.is_some() {
        needed.push(SAMPLING_TOOLS);
    }
    if params.include_context.as_deref().is_some_and(|context| context != "none") {
        needed.push(SAMPLING_CONTEXT);
    }
    Ok(needed)
}

fn has(declared: &Value, path: Path) -> bool {
    let at = |path: Path| path.iter().try_fold(declared, |value, name| value.get(name)).filter(|at| at.is_object());
    // Clients of the first revision with elicitation declare it without modes, and mean forms.
    let bare_elicitation = || at(&["elicitation"]).is_some_and(|modes| modes.get("url").is_none());
    at(path).is_some() || (path == FORM && bare_elicitation())
}

/// Adds the capability to a `ClientCapabilities` object, whatever else is in it.
fn name(capabilities: &mut Value, path: Path) {
    let mut at = capabilities;
    for name in path {
        at = &mut at[*name];
    }
    if at.is_null() {
        *at = json!({});
    }
}

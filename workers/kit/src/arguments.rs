use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The arguments of a tool or prompt that takes none.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoArguments {}

/// Reads the arguments of a tool or prompt.
///
/// # Errors
/// What does not fit, in words for whoever wrote them: a model (rule R-10) or a client's author.
pub(crate) fn parse<A: DeserializeOwned>(json: &str) -> Result<A, String> {
    if !json.starts_with('{') {
        return Err("`arguments` must be an object".to_owned());
    }
    let mut deserializer = serde_json::Deserializer::from_str(json);
    serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        let reason = without_position(&error.into_inner().to_string());
        let subject = if path == "." { "arguments".to_owned() } else { format!("`{path}`") };
        format!("{subject}: {reason}")
    })
}

/// Takes ` at line 1 column 9` off: positions in text the model never saw only mislead it.
fn without_position(reason: &str) -> String {
    reason.rsplit_once(" at line ").map_or(reason, |(text, _)| text).to_owned()
}

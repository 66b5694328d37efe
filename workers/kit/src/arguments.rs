use std::borrow::Cow;

use penstock_protocol::RawValue;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::ToolError;

/// The arguments of a tool that takes none.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoArguments {}

/// The members of `tools/call` parameters that a worker reads.
#[derive(Debug, Deserialize)]
pub(crate) struct CallParams<'a> {
    #[serde(borrow)]
    pub(crate) name: Cow<'a, str>,
    #[serde(borrow, default)]
    arguments: Option<&'a RawValue>,
}

impl<'a> CallParams<'a> {
    /// Reads `params`.
    pub(crate) fn read(params: &'a RawValue) -> Result<Self, serde_json::Error> {
        serde_json::from_str(params.get())
    }

    /// The arguments as JSON text; none are the empty object.
    pub(crate) fn arguments(&self) -> &'a str {
        self.arguments.map_or("{}", RawValue::get)
    }
}

/// Reads a tool's arguments. What does not fit is the model's to correct: rule R-10.
pub(crate) fn parse<A: DeserializeOwned>(json: &str) -> Result<A, ToolError> {
    if !json.starts_with('{') {
        return Err(ToolError::failed("`arguments` must be an object"));
    }
    let mut deserializer = serde_json::Deserializer::from_str(json);
    serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        let reason = without_position(&error.into_inner().to_string());
        let subject = if path == "." { "arguments".to_owned() } else { format!("`{path}`") };
        ToolError::Failed(format!("{subject}: {reason}"))
    })
}

/// Takes ` at line 1 column 9` off: positions in text the model never saw only mislead it.
fn without_position(reason: &str) -> String {
    reason.rsplit_once(" at line ").map_or(reason, |(text, _)| text).to_owned()
}

//! What the client can do, for this request alone (MCP basic, "Per-request fields").

use penstock_protocol::RawValue;
use serde_json::{Map, Value, json};

use crate::{Call, ErrorObject, ToolError, code};

impl Call {
    /// The client's capabilities, verbatim; absent if it declared none.
    pub fn client_capabilities(&self) -> Option<&RawValue> {
        self.context().client_capabilities.as_deref()
    }

    /// Whether the client declared `capability`: `sampling`, or a part of one after a dot, such as
    /// `elicitation.url`, `sampling.tools` or `extensions.io.modelcontextprotocol/tasks`.
    ///
    /// `elicitation.form` is there unless the client declared something else and not it: forms were
    /// first, and an empty `elicitation` means them (rule Q-3).
    pub fn client_can(&self, capability: &str) -> bool {
        let declared = self.client_capabilities().map_or("{}", RawValue::get);
        let declared: Map<String, Value> = serde_json::from_str(declared).unwrap_or_default();
        let (name, part) = split(capability);
        let Some(found) = declared.get(name).and_then(Value::as_object) else { return false };
        match part {
            None => true,
            Some("form") if name == "elicitation" && found.is_empty() => true,
            Some(part) => found.get(part).is_some_and(Value::is_object),
        }
    }

    /// Goes on only if the client declared `capability`, spelled as for [`client_can`](Self::client_can).
    /// To be asked before any progress: the error decides the HTTP status.
    ///
    /// # Errors
    /// -32021, which names the capability (rule E-3).
    pub fn require_capability(&self, capability: &str) -> Result<(), ToolError> {
        if self.client_can(capability) {
            return Ok(());
        }
        let required = match split(capability) {
            (name, None) => json!({ name: {} }),
            (name, Some(part)) => json!({ name: { part: {} } }),
        };
        let message = format!("this needs the client capability `{capability}`");
        let error = ErrorObject::new(code::MISSING_CLIENT_CAPABILITY, message);
        Err(error.with_data(&json!({ "requiredCapabilities": required })).into())
    }
}

/// A capability and, after the first dot, a part of it. Names of extensions have dots of their own.
fn split(capability: &str) -> (&str, Option<&str>) {
    capability.split_once('.').map_or((capability, None), |(name, part)| (name, Some(part)))
}

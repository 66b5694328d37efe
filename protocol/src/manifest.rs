//! `tool.json`: the only definition of a tool.
//!
//! The worker's own test keeps it in step with the code, the deployment reads limits from it, and
//! the gateway serves `definition` to clients. A copy with `function` filled in is a catalog entry.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// A tool's manifest, and with [`function`](Self::function) set, its catalog entry.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Manifest {
    /// The MCP `Tool` object, served to clients as it stands here.
    pub definition: Box<RawValue>,
    /// What the function is sent and what it sends back.
    #[serde(default)]
    pub contract: Contract,
    /// Seconds a call may take, 1 to 900; also the function's timeout.
    pub timeout_seconds: u32,
    /// The function's memory in MiB, 128 to 10240.
    #[serde(default = "default_memory")]
    pub memory_megabytes: u32,
    /// Calls that may run at once; further ones are throttled. Absent: no limit of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reserved_concurrency: Option<u32>,
    /// Name or ARN of the function with the published version it is pinned to. Written by whoever
    /// deploys the tool; absent in the checked-in file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub function: Option<String>,
}

const fn default_memory() -> u32 {
    128
}

/// What a tool's function is sent and what it sends back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Contract {
    /// A [`CallEvent`](crate::call::CallEvent) in, [frames](crate::frame) out.
    #[default]
    Frames,
    /// A [`CallEvent`](crate::call::CallEvent) in, one JSON value out.
    Event,
    /// The bare arguments in, one JSON value out: a function that has never heard of Penstock.
    Arguments,
}

/// The members of [`Manifest::definition`] that Penstock itself acts on.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ToolDefinition {
    /// The tool's name.
    pub name: String,
    /// What the model is told; the conformance suite wants one.
    pub description: String,
    /// JSON Schema 2020-12 of the arguments; its root says `"type": "object"` (rule R-7).
    pub input_schema: serde_json::Map<String, serde_json::Value>,
    /// JSON Schema of the results' structured content, if the tool promises any (rule R-9).
    #[serde(default)]
    pub output_schema: Option<serde_json::Map<String, serde_json::Value>>,
}

/// The longest a function may run: Lambda's own limit.
pub const MAX_TIMEOUT_SECONDS: u32 = 900;

/// The longest tool name clients accept in practice; the specification allows 128 (rule R-8).
pub const MAX_NAME_LENGTH: usize = 64;

/// Why a manifest is refused. The text names the member.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// Not JSON, a member is missing, unknown, or of the wrong type.
    #[error("not a tool manifest: {0}")]
    Malformed(#[from] serde_json::Error),
    /// The definition is not an MCP tool.
    #[error("`definition` is not an MCP tool: {0}")]
    Definition(serde_json::Error),
    /// Not a name every client accepts.
    #[error("`definition.name` is {0:?}; use 1 to {MAX_NAME_LENGTH} of A-Z a-z 0-9 _ - .")]
    Name(String),
    /// MCP requires an object at the root.
    #[error("`definition.inputSchema` must have \"type\": \"object\" at its root")]
    InputSchema,
    /// Outside what Lambda can do.
    #[error("`timeoutSeconds` is {0}; use 1 to {MAX_TIMEOUT_SECONDS}")]
    Timeout(u32),
}

impl Manifest {
    /// Reads and checks a manifest.
    ///
    /// # Errors
    /// [`ManifestError`], which names the member at fault.
    pub fn parse(json: &[u8]) -> Result<(Self, ToolDefinition), ManifestError> {
        let manifest: Self = serde_json::from_slice(json)?;
        let definition: ToolDefinition =
            serde_json::from_str(manifest.definition.get()).map_err(ManifestError::Definition)?;
        if !is_name(&definition.name) {
            return Err(ManifestError::Name(definition.name));
        }
        if definition.input_schema.get("type").and_then(serde_json::Value::as_str) != Some("object") {
            return Err(ManifestError::InputSchema);
        }
        if !(1..=MAX_TIMEOUT_SECONDS).contains(&manifest.timeout_seconds) {
            return Err(ManifestError::Timeout(manifest.timeout_seconds));
        }
        Ok((manifest, definition))
    }
}

fn is_name(name: &str) -> bool {
    (1..=MAX_NAME_LENGTH).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
}

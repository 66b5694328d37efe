//! `tool.json`, `prompt.json`, `resource.json`: the only definition of what a function serves.
//!
//! The worker's own test keeps it in step with the code, the deployment reads limits from it, and
//! the gateway serves `definition` to clients. A copy with `function` filled in is a catalog entry.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// One manifest, and with [`function`](Self::function) set, one catalog entry.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Manifest {
    /// What the definition defines.
    #[serde(default, skip_serializing_if = "Kind::is_tool")]
    pub kind: Kind,
    /// The MCP `Tool`, `Prompt`, `Resource` or `ResourceTemplate` object, served to clients as it
    /// stands here.
    pub definition: Box<RawValue>,
    /// Whether the function also answers `completion/complete` for its prompt or template.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub completes: bool,
    /// Whether a call may run on as a task, for clients that take one (tools only; rule K-1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskSupport>,
    /// Whether the function is called once before a call becomes a task, so that it can ask the client
    /// beforehand (tools with `task` only; rule K-9).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub asks_first: bool,
    /// How long clients may keep what is read (resources and templates only; rule R-2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache: Option<Cache>,
    /// The OAuth scopes a caller needs, all of them, to see and use this (rule A-6). None: no scope.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// What authorization policies can know it by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// What the function is sent and what it sends back.
    #[serde(default)]
    pub contract: Contract,
    /// The environment variables the function is configured by, with their defaults; null where there is
    /// none and the operator may set one. No place for secrets: everybody who may read the catalog reads it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub environment: BTreeMap<String, Option<String>>,
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

/// What a manifest defines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// Called by `tools/call`.
    #[default]
    Tool,
    /// Filled in by `prompts/get`.
    Prompt,
    /// Read by `resources/read`, at one URI.
    Resource,
    /// Read by `resources/read`, at every URI an RFC 6570 template matches.
    ResourceTemplate,
}

impl Kind {
    /// What something of this kind called `name` is known by where kinds meet: a tool's bare name, or
    /// `prompt:`, `resource:` or `template:` and the name.
    pub fn id(self, name: &str) -> String {
        match self {
            Self::Tool => name.to_owned(),
            Self::Prompt => format!("prompt:{name}"),
            Self::Resource => format!("resource:{name}"),
            Self::ResourceTemplate => format!("template:{name}"),
        }
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
    fn is_tool(&self) -> bool {
        *self == Self::Tool
    }
}

/// How a tool relates to the tasks extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TaskSupport {
    /// A task for clients that take one, a stream for all others.
    Optional,
    /// A task or nothing: the work outlives any stream. Other clients get -32021.
    Required,
}

/// How long a result may be kept, and by whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Cache {
    /// Milliseconds.
    pub ttl_ms: u64,
    /// Who may share it.
    pub scope: CacheScope,
}

/// Who may share a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CacheScope {
    /// Everyone: it is the same for every caller.
    Public,
    /// The caller it was made for.
    Private,
}

/// The members of [`Manifest::definition`] that Penstock itself acts on.
#[derive(Debug, Clone)]
pub enum Definition {
    /// An MCP `Tool`.
    Tool(ToolDefinition),
    /// An MCP `Prompt`.
    Prompt(PromptDefinition),
    /// An MCP `Resource`.
    Resource(ResourceDefinition),
    /// An MCP `ResourceTemplate`.
    ResourceTemplate(ResourceTemplateDefinition),
}

impl Definition {
    fn parse(kind: Kind, json: &str) -> serde_json::Result<Self> {
        match kind {
            Kind::Tool => serde_json::from_str(json).map(Self::Tool),
            Kind::Prompt => serde_json::from_str(json).map(Self::Prompt),
            Kind::Resource => serde_json::from_str(json).map(Self::Resource),
            Kind::ResourceTemplate => serde_json::from_str(json).map(Self::ResourceTemplate),
        }
    }

    /// The definition's `name`.
    pub fn name(&self) -> &str {
        match self {
            Self::Tool(tool) => &tool.name,
            Self::Prompt(prompt) => &prompt.name,
            Self::Resource(resource) => &resource.name,
            Self::ResourceTemplate(template) => &template.name,
        }
    }

    /// The definition's `description`, if it has one.
    pub fn description(&self) -> Option<&str> {
        match self {
            Self::Tool(tool) => Some(&tool.description),
            Self::Prompt(PromptDefinition { description, .. })
            | Self::Resource(ResourceDefinition { description, .. })
            | Self::ResourceTemplate(ResourceTemplateDefinition { description, .. }) => description.as_deref(),
        }
    }

    /// What tells this definition from every other of a family: see [`Kind::id`]. A function is told
    /// it in `PENSTOCK_TOOL`.
    pub fn id(&self) -> String {
        self.kind().id(self.name())
    }

    fn kind(&self) -> Kind {
        match self {
            Self::Tool(_) => Kind::Tool,
            Self::Prompt(_) => Kind::Prompt,
            Self::Resource(_) => Kind::Resource,
            Self::ResourceTemplate(_) => Kind::ResourceTemplate,
        }
    }
}

/// What Penstock acts on in a `Tool`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ToolDefinition {
    /// The tool's name.
    pub name: String,
    /// What the model is told; the conformance suite wants one.
    pub description: String,
    /// JSON Schema 2020-12 of the arguments; its root says `"type": "object"` (rule R-7).
    pub input_schema: serde_json::Map<String, serde_json::Value>,
    /// JSON Schema 2020-12 of `structuredContent`, if the tool has any (rule R-9).
    #[serde(default)]
    pub output_schema: Option<serde_json::Map<String, serde_json::Value>>,
}

/// What Penstock acts on in a `Prompt`.
#[derive(Debug, Clone, Deserialize)]
pub struct PromptDefinition {
    /// The prompt's name.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub description: Option<String>,
    /// What can be filled in.
    #[serde(default)]
    pub arguments: Vec<PromptArgument>,
}

/// One argument of a prompt.
#[derive(Debug, Clone, Deserialize)]
pub struct PromptArgument {
    /// The argument's name.
    pub name: String,
    /// Whether the prompt cannot do without it.
    #[serde(default)]
    pub required: bool,
}

/// What Penstock acts on in a `Resource`.
#[derive(Debug, Clone, Deserialize)]
pub struct ResourceDefinition {
    /// Where it is read.
    pub uri: String,
    /// What to call it.
    pub name: String,
    /// What it holds.
    #[serde(default)]
    pub description: Option<String>,
}

/// What Penstock acts on in a `ResourceTemplate`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourceTemplateDefinition {
    /// RFC 6570 template of the URIs it is read at.
    pub uri_template: String,
    /// What to call it.
    pub name: String,
    /// What is there.
    #[serde(default)]
    pub description: Option<String>,
}

/// The longest a function may run: Lambda's own limit.
pub const MAX_TIMEOUT_SECONDS: u32 = 900;

/// The longest tool name clients accept in practice; the specification allows 128 (rule R-8).
pub const MAX_NAME_LENGTH: usize = 64;

/// The longest scope: what Cognito takes.
pub const MAX_SCOPE_LENGTH: usize = 256;

/// Why a manifest is refused. The text names the member.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// Not JSON, a member is missing, unknown, or of the wrong type.
    #[error("not a manifest: {0}")]
    Malformed(#[from] serde_json::Error),
    /// The definition is not what `kind` says.
    #[error("`definition` is not an MCP {0:?}: {1}")]
    Definition(Kind, serde_json::Error),
    /// A member that means nothing for this kind.
    #[error("`{0}` has no meaning for a {1:?}")]
    Misplaced(&'static str, Kind),
    /// Not a name every client accepts.
    #[error("`definition.name` is {0:?}; use 1 to {MAX_NAME_LENGTH} of A-Z a-z 0-9 _ - .")]
    Name(String),
    /// Nothing to ask before, or no way to ask.
    #[error("`asksFirst` needs `task`, and a contract other than `arguments`")]
    AsksFirst,
    /// MCP requires an object at the root.
    #[error("`definition.inputSchema` must have \"type\": \"object\" at its root")]
    InputSchema,
    /// Not a scope token (RFC 6749, section 3.3).
    #[error("`scopes` holds {0:?}; use 1 to {MAX_SCOPE_LENGTH} printable ASCII characters without space, \" and \\")]
    Scope(String),
    /// Outside what Lambda can do.
    #[error("`timeoutSeconds` is {0}; use 1 to {MAX_TIMEOUT_SECONDS}")]
    Timeout(u32),
    /// Not a variable Lambda would set, or one that is not the operator's to set.
    #[error("`environment` holds {0:?}; use a letter, then letters, digits and _, and no name that Lambda sets itself")]
    Variable(String),
}

impl Manifest {
    /// Reads and checks a manifest.
    ///
    /// # Errors
    /// [`ManifestError`], which names the member at fault.
    pub fn parse(json: &[u8]) -> Result<(Self, Definition), ManifestError> {
        let manifest: Self = serde_json::from_slice(json)?;
        let kind = manifest.kind;
        let definition = Definition::parse(kind, manifest.definition.get())
            .map_err(|error| ManifestError::Definition(kind, error))?;
        if !is_name(definition.name()) {
            return Err(ManifestError::Name(definition.name().to_owned()));
        }
        if let Definition::Tool(tool) = &definition
            && tool.input_schema.get("type").and_then(serde_json::Value::as_str) != Some("object")
        {
            return Err(ManifestError::InputSchema);
        }
        if !(1..=MAX_TIMEOUT_SECONDS).contains(&manifest.timeout_seconds) {
            return Err(ManifestError::Timeout(manifest.timeout_seconds));
        }
        manifest.check_members()?;
        Ok((manifest, definition))
    }

    fn check_members(&self) -> Result<(), ManifestError> {
        let kind = self.kind;
        let misplaced = [
            ("task", self.task.is_some() && kind != Kind::Tool),
            ("completes", self.completes && !matches!(kind, Kind::Prompt | Kind::ResourceTemplate)),
            ("cache", self.cache.is_some() && !matches!(kind, Kind::Resource | Kind::ResourceTemplate)),
            ("contract", self.contract == Contract::Arguments && kind != Kind::Tool),
        ];
        if let Some(scope) = self.scopes.iter().find(|scope| !is_scope(scope)) {
            return Err(ManifestError::Scope(scope.clone()));
        }
        if let Some(name) = self.environment.keys().find(|name| !is_variable(name)) {
            return Err(ManifestError::Variable(name.clone()));
        }
        if self.asks_first && (self.task.is_none() || self.contract == Contract::Arguments) {
            return Err(ManifestError::AsksFirst);
        }
        match misplaced.into_iter().find(|(_, misplaced)| *misplaced) {
            Some((member, _)) => Err(ManifestError::Misplaced(member, kind)),
            None => Ok(()),
        }
    }
}

/// A scope token (RFC 6749, section 3.3) that is not absurdly long.
fn is_scope(scope: &str) -> bool {
    let printable = |byte: u8| byte.is_ascii_graphic() && !b"\"\\".contains(&byte);
    (1..=MAX_SCOPE_LENGTH).contains(&scope.len()) && scope.bytes().all(printable)
}

/// A name Lambda takes (`Environment.Variables` of its API) and neither sets itself nor gets from the deployment.
fn is_variable(name: &str) -> bool {
    let reserved = ["AWS_LAMBDA_", "AWS_ACCESS_KEY", "AWS_SECRET_", "AWS_SESSION_", "LAMBDA_"];
    let is_reserved = reserved.iter().any(|prefix| name.starts_with(prefix))
        || ["AWS_REGION", "AWS_DEFAULT_REGION", "PENSTOCK_TOOL", "PENSTOCK_STORE_TABLE", "PATH", "TZ"].contains(&name);
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphabetic())
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !is_reserved
}

fn is_name(name: &str) -> bool {
    (1..=MAX_NAME_LENGTH).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
}

//! `tool.json`, `prompt.json`, `resource.json`, `library.json`: the only definition of what a function serves.
//!
//! The worker's own test keeps it in step with the code, the deployment reads limits from it, and
//! the gateway serves `definition` to clients. A copy with `function` filled in is a catalog entry.

mod definition;
mod kind;

pub use definition::{
    Definition, LibraryDefinition, PromptArgument, PromptDefinition, ResourceDefinition, ResourceTemplateDefinition,
    ToolDefinition,
};
pub use kind::Kind;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::time::Duration;

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
    /// stands here; of a library, its name and what is in it, for operators.
    pub definition: Box<RawValue>,
    /// Whether the function also answers `completion/complete` for its prompts or its template.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub completes: bool,
    /// Whether a call may run on as a task, for clients that take one (tools only; rule K-1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskSupport>,
    /// Whether the function is called once before a call becomes a task, so that it can ask the client
    /// beforehand (tools with `task` only; rule K-9).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub asks_first: bool,
    /// How long clients may keep what is read (resources, templates and resource libraries; rule R-2); of a
    /// library, also how long its listing is good.
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
    /// Whom the function's instances are shared among; everybody, where nothing is said. No library has it: nobody in
    /// particular asks what there is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub isolation: Option<Isolation>,
    /// Name or ARN of the function with the published version it is pinned to. Written by whoever
    /// deploys the tool; absent in the checked-in file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub function: Option<String>,
    /// The percentage of callers this version is for, 0 to 99. All others are served by the version that was for
    /// everybody before it. Written by whoever deploys the tool, like [`function`](Self::function).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canary: Option<u8>,
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

/// Whose calls never share an instance with anybody else's (Lambda's tenant isolation mode).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Isolation {
    /// A tenant's, as the issuer names it in the token; callers without a tenant are refused.
    Tenant,
    /// A single caller's.
    Caller,
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
    /// Who may share it; the caller alone, where nothing is said.
    #[serde(default)]
    pub scope: CacheScope,
}

/// Who may share a result.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CacheScope {
    /// Everyone: it is the same for every caller.
    Public,
    /// The caller it was made for.
    #[default]
    Private,
}

/// The longest a function may run: Lambda's own limit.
pub const MAX_TIMEOUT_SECONDS: u32 = 900;

/// The longest tool name clients accept in practice; the specification allows 128 (rule R-8).
pub const MAX_NAME_LENGTH: usize = 64;

/// The longest scope: what Cognito takes.
pub const MAX_SCOPE_LENGTH: usize = 256;

/// How long a library's listing can be good, in milliseconds: a second to a day.
pub const LISTING_TTL_MS: RangeInclusive<u64> = 1000..=86_400_000;

/// How long a listing is good where its library does not say.
const DEFAULT_LISTING_TTL: Duration = Duration::from_mins(1);

/// Why a manifest is refused. The text names the member.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// Not JSON, a member is missing, unknown, or of the wrong type.
    #[error("not a manifest: {0}")]
    Malformed(#[from] serde_json::Error),
    /// The definition is not what `kind` says.
    #[error("`definition` is not that of a {0:?}: {1}")]
    Definition(Kind, serde_json::Error),
    /// A member that means nothing for this kind.
    #[error("`{0}` has no meaning for a {1:?}")]
    Misplaced(&'static str, Kind),
    /// Not a name every client accepts.
    #[error("`definition.name` is {0:?}; use 1 to {MAX_NAME_LENGTH} of A-Z a-z 0-9 _ - .")]
    Name(String),
    /// More than all, or of a version that is not deployed.
    #[error("`canary` is {0}; use 0 to 99, beside `function`")]
    Canary(u8),
    /// Nothing to ask before, or no way to ask.
    #[error("`asksFirst` needs `task`, and a contract other than `arguments`")]
    AsksFirst,
    /// MCP requires an object at the root.
    #[error("`definition.inputSchema` must have \"type\": \"object\" at its root")]
    InputSchema,
    /// Not a scope token (RFC 6749, section 3.3).
    #[error("`scopes` holds {0:?}; use 1 to {MAX_SCOPE_LENGTH} printable ASCII characters without space, \" and \\")]
    Scope(String),
    /// A listing that is asked for all the time, or never again.
    #[error("`cache.ttlMs` is {0}; a library's listing is good for a second (1000) to a day (86400000)")]
    ListingTtl(u64),
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

    /// How long a library's listing is good.
    pub fn listing_ttl(&self) -> Duration {
        self.cache.map_or(DEFAULT_LISTING_TTL, |cache| Duration::from_millis(cache.ttl_ms))
    }

    fn check_members(&self) -> Result<(), ManifestError> {
        let kind = self.kind;
        let misplaced = [
            ("task", self.task.is_some() && kind != Kind::Tool),
            ("completes", self.completes && matches!(kind, Kind::Tool | Kind::Resource | Kind::ResourceLibrary)),
            ("cache", self.cache.is_some() && matches!(kind, Kind::Tool | Kind::Prompt)),
            ("contract", self.contract == Contract::Arguments && kind != Kind::Tool),
            ("isolation", self.isolation.is_some() && kind.is_library()),
        ];
        if let Some(scope) = self.scopes.iter().find(|scope| !is_scope(scope)) {
            return Err(ManifestError::Scope(scope.clone()));
        }
        if let Some(name) = self.environment.keys().find(|name| !is_variable(name)) {
            return Err(ManifestError::Variable(name.clone()));
        }
        if let Some(cache) = self.cache.filter(|cache| kind.is_library() && !LISTING_TTL_MS.contains(&cache.ttl_ms)) {
            return Err(ManifestError::ListingTtl(cache.ttl_ms));
        }
        if let Some(percent) = self.canary.filter(|percent| *percent > 99 || self.function.is_none()) {
            return Err(ManifestError::Canary(percent));
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

/// Whether every client accepts a name (rule R-8).
pub fn is_name(name: &str) -> bool {
    (1..=MAX_NAME_LENGTH).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
}

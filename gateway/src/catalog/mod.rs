//! The catalog: every tool this gateway serves, read once and kept ready to send.

mod compact;
mod folder;
mod header_params;

pub use header_params::InvalidHeaderParam;

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use penstock_protocol::manifest::{Contract, Definition, Manifest, ManifestError, TaskSupport};
use penstock_protocol::meta;
use penstock_protocol::revision::Revision;

use crate::identity;
use header_params::HeaderParams;

/// How long a client may keep a list, in milliseconds (rule R-2).
const LIST_TTL_MS: u64 = 60_000;

/// The function behind an entry.
#[derive(Debug)]
pub(crate) struct Worker {
    /// Name or ARN, with its version.
    pub(crate) function: String,
    pub(crate) contract: Contract,
    pub(crate) timeout: Duration,
    /// Whether its calls become tasks (rule K-1).
    pub(crate) task: Option<TaskSupport>,
    /// Whether it is called once before that.
    pub(crate) asks_first: bool,
}

/// A tool the gateway can call.
#[derive(Debug)]
pub(crate) struct Tool {
    pub(crate) name: String,
    pub(crate) worker: Worker,
    pub(crate) header_params: HeaderParams,
    /// The MCP `Tool` object, white space between tokens left out.
    definition: String,
}

/// Why an entry is left out of the catalog.
#[derive(Debug, thiserror::Error)]
pub enum EntryError {
    /// The document cannot be read.
    #[error("cannot be read: {0}")]
    Io(#[from] std::io::Error),
    /// The document is no manifest.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// Not a tool.
    #[error("only tools are served")]
    NotATool,
    /// The entry does not say what to invoke.
    #[error("`function` is missing: a catalog entry names the function a tool runs as")]
    NoFunction,
    /// An `x-mcp-header` annotation clients would refuse (rule H-18).
    #[error(transparent)]
    HeaderParam(#[from] InvalidHeaderParam),
    /// Another entry has the same name.
    #[error("the tool {0:?} is already in the catalog")]
    Duplicate(String),
}

impl Tool {
    fn parse(json: &[u8]) -> Result<Self, EntryError> {
        let (manifest, definition) = Manifest::parse(json)?;
        let Definition::Tool(definition) = definition else { return Err(EntryError::NotATool) };
        Ok(Self {
            worker: Worker {
                function: manifest.function.ok_or(EntryError::NoFunction)?,
                contract: manifest.contract,
                timeout: Duration::from_secs(manifest.timeout_seconds.into()),
                task: manifest.task,
                asks_first: manifest.asks_first,
            },
            header_params: HeaderParams::from_schema(&definition.input_schema)?,
            definition: compact::compact(manifest.definition.get()),
            name: definition.name,
        })
    }
}

/// Every tool, in the order of their names (rule R-5).
pub struct Catalog {
    tools: Vec<Tool>,
    stateless_list: Bytes,
    handshake_list: Bytes,
}

impl Catalog {
    fn new(mut tools: Vec<Tool>) -> Self {
        tools.sort_by(|a, b| a.name.cmp(&b.name));
        let definitions: Vec<&str> = tools.iter().map(|tool| &*tool.definition).collect();
        let list = definitions.join(",");
        let stateless_list = format!(
            r#"{{"tools":[{list}],"ttlMs":{LIST_TTL_MS},"cacheScope":"public","resultType":"complete","_meta":{{"{}":{}}}}}"#,
            meta::key::SERVER_INFO,
            identity::server_info(),
        );
        Self { handshake_list: format!(r#"{{"tools":[{list}]}}"#).into(), stateless_list: stateless_list.into(), tools }
    }

    /// How many tools there are.
    pub fn len(&self) -> usize {
        self.tools.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.tools.is_empty()
    }

    pub(crate) fn tool(&self, name: &str) -> Option<&Tool> {
        self.tools.binary_search_by(|tool| tool.name.as_str().cmp(name)).ok().map(|at| &self.tools[at])
    }

    /// Whether any call may become a task.
    pub(crate) fn has_tasks(&self) -> bool {
        self.tools.iter().any(|tool| tool.worker.task.is_some())
    }

    /// The result of `tools/list` in a revision's shape.
    pub(crate) fn list(&self, revision: Revision) -> Bytes {
        if revision.is_stateless() { self.stateless_list.clone() } else { self.handshake_list.clone() }
    }
}

impl fmt::Debug for Catalog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.tools.iter().map(|tool| &tool.name)).finish()
    }
}

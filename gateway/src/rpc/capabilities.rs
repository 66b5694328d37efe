//! What this gateway can do, told in `server/discover` and `initialize` (rules D-3 and D-4): a
//! capability is there exactly if its methods work.

use serde::Serialize;

use super::exchange::Era;
use crate::catalog::Catalog;

/// MCP `ServerCapabilities`.
#[derive(Debug, Serialize)]
pub(super) struct Capabilities {
    #[serde(skip_serializing_if = "Option::is_none")]
    completions: Option<Plain>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extensions: Option<Extensions>,
    #[serde(skip_serializing_if = "Option::is_none")]
    logging: Option<Plain>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prompts: Option<Plain>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resources: Option<Plain>,
    tools: Plain,
}

/// Extensions, by their identifiers.
#[derive(Debug, Serialize)]
struct Extensions {
    #[serde(rename = "io.modelcontextprotocol/tasks")]
    tasks: Plain,
}

/// A capability without options.
#[derive(Debug, Serialize)]
struct Plain {}

impl Capabilities {
    /// What a client of an era is told. Tools are always there: a gateway without any has an empty
    /// list of them. Log messages need the level that only requests of the stateless era carry.
    pub(super) fn new(catalog: &Catalog, era: Era) -> Self {
        let when = |there: bool| there.then_some(Plain {});
        Self {
            completions: when(catalog.completes()),
            // The extension is for requests that describe themselves (rule K-8).
            extensions: (era == Era::Stateless && catalog.has_tasks()).then_some(Extensions { tasks: Plain {} }),
            logging: when(era == Era::Stateless),
            prompts: when(catalog.has_prompts()),
            resources: when(catalog.has_resources()),
            tools: Plain {},
        }
    }

    /// Whether a method belongs to a capability that is not there.
    pub(super) fn lack(catalog: &Catalog, method: &str) -> bool {
        match method {
            "prompts/list" | "prompts/get" => !catalog.has_prompts(),
            "resources/list" | "resources/templates/list" | "resources/read" => !catalog.has_resources(),
            "tasks/get" | "tasks/update" | "tasks/cancel" => !catalog.has_tasks(),
            "completion/complete" => !catalog.completes(),
            _ => false,
        }
    }
}

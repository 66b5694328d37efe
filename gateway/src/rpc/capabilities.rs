//! What this gateway can do, told in `server/discover` and `initialize` (rules D-3 and D-4): a
//! capability is there exactly if its methods work.

use serde::Serialize;

use crate::catalog::Snapshot;

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
    prompts: Option<Listed>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resources: Option<Listed>,
    tools: Listed,
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

/// A capability with a list, and whether clients can subscribe to it and to what is on it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    list_changed: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    subscribe: bool,
}

impl Capabilities {
    /// What a client is told, whatever its revision. Tools are always there: a gateway without any
    /// has an empty list of them. `subscriptions` says whether clients can subscribe to changes.
    pub(super) fn new(catalog: &Snapshot, subscriptions: bool) -> Self {
        let when = |there: bool| there.then_some(Plain {});
        let listed = |subscribe| Listed { list_changed: subscriptions, subscribe };
        Self {
            completions: when(catalog.completes()),
            extensions: None,
            logging: when(true),
            prompts: catalog.has_prompts().then(|| listed(false)),
            resources: catalog.has_resources().then(|| listed(subscriptions)),
            tools: listed(false),
        }
    }

    /// The same with the extensions there are, which is for clients of 2026-07-28 (rule K-8).
    pub(super) fn with_extensions(self, catalog: &Snapshot) -> Self {
        Self { extensions: catalog.has_tasks().then_some(Extensions { tasks: Plain {} }), ..self }
    }
}

/// Whether a method belongs to a capability that is not there.
pub(super) fn lack(catalog: &Snapshot, subscriptions: bool, method: &str) -> bool {
    match method {
        "prompts/list" | "prompts/get" => !catalog.has_prompts(),
        "resources/list" | "resources/templates/list" | "resources/read" => !catalog.has_resources(),
        "resources/subscribe" | "resources/unsubscribe" => !(catalog.has_resources() && subscriptions),
        "completion/complete" => !catalog.completes(),
        "tasks/get" | "tasks/update" | "tasks/cancel" => !catalog.has_tasks(),
        _ => false,
    }
}

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
    logging: Option<Plain>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prompts: Option<Listed>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resources: Option<Listed>,
    tools: Listed,
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
    /// What a client of an era is told. Tools are always there: a gateway without any has an empty
    /// list of them. Log messages need the level that only requests of the stateless era carry.
    /// `subscriptions` says whether this client can subscribe to changes.
    pub(super) fn new(catalog: &Catalog, era: Era, subscriptions: bool) -> Self {
        let when = |there: bool| there.then_some(Plain {});
        let listed = |subscribe| Listed { list_changed: subscriptions, subscribe };
        Self {
            completions: when(catalog.completes()),
            logging: when(era == Era::Stateless),
            prompts: catalog.has_prompts().then(|| listed(false)),
            resources: catalog.has_resources().then(|| listed(subscriptions)),
            tools: listed(false),
        }
    }
}

/// Whether a method belongs to a capability that is not there.
pub(super) fn lack(catalog: &Catalog, method: &str) -> bool {
    match method {
        "prompts/list" | "prompts/get" => !catalog.has_prompts(),
        "resources/list" | "resources/templates/list" | "resources/read" => !catalog.has_resources(),
        "completion/complete" => !catalog.completes(),
        _ => false,
    }
}

use serde::{Deserialize, Serialize};

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
    /// Prompts the function lists itself, while the gateway runs.
    PromptLibrary,
    /// Resources the function lists itself, while the gateway runs.
    ResourceLibrary,
}

impl Kind {
    /// What something of this kind called `name` is known by where kinds meet: a tool's bare name, or
    /// `prompt:`, `resource:`, `template:`, `prompts:` or `resources:` and the name.
    pub fn id(self, name: &str) -> String {
        match self {
            Self::Tool => name.to_owned(),
            Self::Prompt => format!("prompt:{name}"),
            Self::Resource => format!("resource:{name}"),
            Self::ResourceTemplate => format!("template:{name}"),
            Self::PromptLibrary => format!("prompts:{name}"),
            Self::ResourceLibrary => format!("resources:{name}"),
        }
    }

    /// Whether the function says itself what it serves.
    pub const fn is_library(self) -> bool {
        matches!(self, Self::PromptLibrary | Self::ResourceLibrary)
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
    pub(super) fn is_tool(&self) -> bool {
        *self == Self::Tool
    }
}

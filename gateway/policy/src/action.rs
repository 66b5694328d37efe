//! What a caller does with an entry.

use std::fmt;
use std::str::FromStr;

use penstock_protocol::manifest::Kind;

/// The MCP methods that lead to a worker; in policies `Action::"tools/call"` and so on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// `tools/call`.
    CallTool,
    /// `prompts/get`.
    GetPrompt,
    /// `resources/read`, and to be told of changes of what can be read.
    ReadResource,
    /// `completion/complete`.
    Complete,
}

/// The method leads to no worker, so policies say nothing about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no method policies decide on: use tools/call, prompts/get, resources/read or completion/complete")]
pub struct UnknownAction(String);

impl Action {
    /// Every action there is.
    pub const ALL: [Self; 4] = [Self::CallTool, Self::GetPrompt, Self::ReadResource, Self::Complete];

    /// The MCP method.
    pub const fn method(self) -> &'static str {
        match self {
            Self::CallTool => "tools/call",
            Self::GetPrompt => "prompts/get",
            Self::ReadResource => "resources/read",
            Self::Complete => "completion/complete",
        }
    }

    /// The kinds of entry it can be done with.
    pub const fn kinds(self) -> &'static [Kind] {
        match self {
            Self::CallTool => &[Kind::Tool],
            Self::GetPrompt => &[Kind::Prompt],
            Self::ReadResource => &[Kind::Resource, Kind::ResourceTemplate],
            Self::Complete => &[Kind::Prompt, Kind::ResourceTemplate],
        }
    }

    /// What an entry of a kind, or of a library of that kind, is there for: it is listed for those who may do this
    /// with it.
    pub const fn of(kind: Kind) -> Self {
        match kind {
            Kind::Tool => Self::CallTool,
            Kind::Prompt | Kind::PromptLibrary => Self::GetPrompt,
            Kind::Resource | Kind::ResourceTemplate | Kind::ResourceLibrary => Self::ReadResource,
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.method())
    }
}

impl FromStr for Action {
    type Err = UnknownAction;

    fn from_str(text: &str) -> Result<Self, UnknownAction> {
        let named = Self::ALL.into_iter().find(|action| action.method() == text);
        named.ok_or_else(|| UnknownAction(text.to_owned()))
    }
}

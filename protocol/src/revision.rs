//! The MCP revisions a Penstock endpoint speaks.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A published MCP revision, ordered by date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Revision {
    /// `2025-03-26`: the first streamable HTTP revision; opens with `initialize`.
    #[serde(rename = "2025-03-26")]
    V2025_03_26,
    /// `2025-06-18`: structured tool output; opens with `initialize`.
    #[serde(rename = "2025-06-18")]
    V2025_06_18,
    /// `2025-11-25`: the last revision that opens with `initialize`.
    #[serde(rename = "2025-11-25")]
    V2025_11_25,
    /// `2026-07-28`: stateless; every request describes itself in `_meta`.
    #[serde(rename = "2026-07-28")]
    V2026_07_28,
}

impl Revision {
    /// Every revision served, newest first: the order `server/discover` lists them in.
    pub const ALL: [Self; 4] = [Self::V2026_07_28, Self::V2025_11_25, Self::V2025_06_18, Self::V2025_03_26];

    /// The newest revision a client can reach by `initialize`.
    pub const LATEST_HANDSHAKE: Self = Self::V2025_11_25;

    /// The revision's date, as it stands on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V2025_03_26 => "2025-03-26",
            Self::V2025_06_18 => "2025-06-18",
            Self::V2025_11_25 => "2025-11-25",
            Self::V2026_07_28 => "2026-07-28",
        }
    }

    /// Whether requests stand alone (2026-07-28) rather than follow an `initialize` handshake.
    pub const fn is_stateless(self) -> bool {
        matches!(self, Self::V2026_07_28)
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text names no revision this endpoint serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an MCP revision served here")]
pub struct UnknownRevision;

impl FromStr for Revision {
    type Err = UnknownRevision;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|revision| revision.as_str() == text).ok_or(UnknownRevision)
    }
}

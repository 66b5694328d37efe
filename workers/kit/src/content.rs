//! What a result shows: MCP content blocks.

use serde::Serialize;

/// One block of a result's `content`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Content {
    /// Plain text.
    Text {
        /// The text itself.
        text: String,
    },
    /// A picture.
    Image {
        /// The file, in base64.
        data: String,
        /// E.g. `image/png`.
        mime_type: String,
    },
    /// A sound.
    Audio {
        /// The file, in base64.
        data: String,
        /// E.g. `audio/wav`.
        mime_type: String,
    },
    /// A resource, with its contents.
    Resource {
        /// The resource itself.
        resource: ResourceContents,
    },
    /// A resource the client may read.
    ResourceLink {
        /// Where it is.
        uri: String,
        /// What to call it.
        name: String,
    },
}

/// A resource, or a part of one: read or embedded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourceContents {
    /// Where it is.
    pub uri: String,
    /// E.g. `text/plain`.
    pub mime_type: String,
    /// What it holds.
    #[serde(flatten)]
    pub body: Body,
}

/// What a resource holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Body {
    /// Text.
    Text(String),
    /// Bytes, in base64.
    Blob(String),
}

impl ResourceContents {
    /// Text at `uri`.
    pub fn text(uri: impl Into<String>, mime_type: impl Into<String>, text: impl Into<String>) -> Self {
        Self { uri: uri.into(), mime_type: mime_type.into(), body: Body::Text(text.into()) }
    }

    /// Bytes at `uri`, in base64.
    pub fn blob(uri: impl Into<String>, mime_type: impl Into<String>, base64: impl Into<String>) -> Self {
        Self { uri: uri.into(), mime_type: mime_type.into(), body: Body::Blob(base64.into()) }
    }
}

impl Content {
    /// A text block.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text { text: text.into() }
    }
}

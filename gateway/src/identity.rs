//! The gateway's own name, as clients read it (MCP `Implementation`).

use std::sync::LazyLock;

use bytes::Bytes;
use serde_json::{Value, json};

/// `serverInfo`, for results and for the handshake.
pub(crate) fn server_info() -> Value {
    json!({
        "name": env!("CARGO_PKG_NAME"),
        "title": "Penstock",
        "version": env!("CARGO_PKG_VERSION"),
    })
}

/// The same, as JSON text.
pub(crate) fn server_info_json() -> Bytes {
    static JSON: LazyLock<Bytes> = LazyLock::new(|| server_info().to_string().into());
    JSON.clone()
}

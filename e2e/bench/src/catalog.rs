//! Catalog entries, and the folder a gateway reads them from.

use anyhow::Context as _;
use penstock_e2e::binaries;
use serde_json::{Value, json};
use tempfile::TempDir;

/// The entry of a tool that runs as `function`.
pub(crate) fn entry(name: &str, function: &str) -> Value {
    json!({
        "definition": {
            "name": name,
            "title": "Inventory lookup",
            "description": "Reads one record of the inventory and answers with its fields. Fails if there is none.",
            "inputSchema": {
                "type": "object",
                "properties": {
                    "id": { "type": "string", "description": "The record's id.", "maxLength": 64 },
                    "fields": { "type": "array", "items": { "type": "string" }, "description": "Which fields; all by default." },
                },
            },
        },
        "timeoutSeconds": 300,
        "function": function,
    })
}

/// The manifest of one of the demo worker's tools, deployed as a function of the same name.
pub(crate) fn demo(tool: &str) -> anyhow::Result<Value> {
    let path = binaries::workspace().join("workers/demo/src").join(tool).join("tool.json");
    let manifest = std::fs::read(&path).with_context(|| path.display().to_string())?;
    let mut manifest: Value = serde_json::from_slice(&manifest)?;
    manifest["function"] = json!(tool);
    Ok(manifest)
}

/// Writes entries as a gateway's catalog.
pub(crate) fn folder(entries: &[Value]) -> anyhow::Result<TempDir> {
    let folder = tempfile::tempdir()?;
    for (at, entry) in entries.iter().enumerate() {
        std::fs::write(folder.path().join(format!("{at}.json")), entry.to_string())?;
    }
    Ok(folder)
}

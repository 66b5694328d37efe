//! A client's request, remembered so that everything answered to it can be checked.

use std::collections::HashMap;

use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::{LATEST, REVISIONS, check};

/// The key of `_meta` that names a revision.
const META: &str = "io.modelcontextprotocol/protocolVersion";

/// A body that was posted, and the revision it is written in.
#[derive(Debug, Clone)]
pub struct Exchange {
    revision: &'static str,
    request: Option<Value>,
}

impl Exchange {
    /// Reads what a client sent: the values of its `MCP-Protocol-Version` headers and its body.
    ///
    /// The revision is that of `_meta`, else that of the header, else 2025-03-26; an unknown one is
    /// answered in 2026-07-28, which defines the refusal (rule L-1).
    pub fn new(versions: &[&[u8]], body: &[u8]) -> Self {
        let request = read(body);
        let named = request.as_ref().and_then(|request| request.pointer("/params/_meta")?.get(META));
        let header = match versions {
            [] => None,
            [version] => std::str::from_utf8(version).ok().map(str::trim),
            _ => Some(""),
        };
        let named = named.map(|version| version.as_str().unwrap_or_default()).or(header);
        let known = |named: &str| REVISIONS.into_iter().find(|revision| *revision == named).unwrap_or(LATEST);
        let revision = named.map_or(REVISIONS[0], known);
        Self { revision, request }
    }

    /// Checks one message of the answer; see [`check`].
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self, message: &Value) -> Result<(), String> {
        // A handshake is answered in the revision it agrees on, whatever the headers say.
        let agreed = message.pointer("/result/protocolVersion").and_then(Value::as_str);
        let is_handshake = self.request.as_ref().is_some_and(|request| request["method"] == "initialize");
        let revision = agreed.filter(|_| is_handshake).unwrap_or(self.revision);
        check(revision, self.request.as_ref(), message)
    }

    /// How many responses there must be.
    pub(crate) fn requests(&self) -> usize {
        match &self.request {
            Some(Value::Array(batch)) => batch.iter().filter(|message| message.get("id").is_some()).count(),
            _ => 1,
        }
    }

    /// The revision of the request.
    pub fn revision(&self) -> &'static str {
        self.revision
    }
}

/// What a request is checked by: its id, its method and its `_meta`. The rest is left alone, because
/// it may be sound JSON and yet hold what a [`Value`] cannot, such as 1e999 or half a surrogate pair.
fn read(body: &[u8]) -> Option<Value> {
    if let Ok(batch) = serde_json::from_slice::<Vec<&RawValue>>(body) {
        return Some(batch.into_iter().filter_map(|message| read_one(message.get().as_bytes())).collect());
    }
    read_one(body)
}

fn read_one(json: &[u8]) -> Option<Value> {
    let members = |json: &[u8]| serde_json::from_slice::<HashMap<String, Box<RawValue>>>(json).ok();
    let member = |members: &HashMap<String, Box<RawValue>>, name: &str| -> Option<Value> {
        serde_json::from_str(members.get(name)?.get()).ok()
    };
    let message = members(json)?;
    let method = member(&message, "method").filter(Value::is_string)?;
    let meta = message.get("params").and_then(|params| member(&members(params.get().as_bytes())?, "_meta"));
    let mut request = json!({ "method": method, "params": { "_meta": meta } });
    if message.contains_key("id") {
        request["id"] = member(&message, "id").unwrap_or_default();
    }
    Some(request)
}

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use penstock_protocol::RawValue;
use penstock_protocol::meta::key;
use penstock_protocol::revision::Revision;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use serde::Serialize;
use serde_json::{Value, json};

const REVISION: Revision = Revision::V2026_07_28;

/// The id of every request: each has a connection and stream of its own.
const ID: u32 = 1;

/// Where the specification allows no other spelling, a header value is wrapped like this (rule H-15).
const BASE64: (&str, &str) = ("=?base64?", "?=");

/// One MCP request.
#[derive(Debug)]
pub struct Request {
    method: &'static str,
    name: Option<String>,
    params: Params,
}

#[derive(Debug, Serialize)]
struct Params {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    arguments: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<String>,
    #[serde(rename = "_meta")]
    meta: Value,
}

#[derive(Serialize)]
struct Envelope<'a> {
    jsonrpc: &'static str,
    id: u32,
    method: &'static str,
    params: &'a Params,
}

impl Request {
    /// `tools/call`. The arguments travel as they are spelled; progress is asked for.
    pub fn call(tool: &str, arguments: Box<RawValue>) -> Self {
        let mut meta = meta();
        meta["progressToken"] = json!(ID);
        let name = Some(tool.to_owned());
        let params = Params { name: name.clone(), arguments: Some(arguments), cursor: None, meta };
        Self { method: "tools/call", name, params }
    }

    /// `tools/list`, from a cursor or from the beginning.
    pub fn list(cursor: Option<String>) -> Self {
        Self { method: "tools/list", name: None, params: Params { name: None, arguments: None, cursor, meta: meta() } }
    }

    pub(super) fn body(&self) -> Vec<u8> {
        let envelope = Envelope { jsonrpc: "2.0", id: ID, method: self.method, params: &self.params };
        serde_json::to_vec(&envelope).unwrap_or_default()
    }

    pub(super) fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(ACCEPT, HeaderValue::from_static("application/json, text/event-stream"));
        headers.insert("mcp-protocol-version", HeaderValue::from_static(REVISION.as_str()));
        headers.insert("mcp-method", HeaderValue::from_static(self.method));
        if let Some(name) = &self.name {
            headers.insert("mcp-name", header_value(name));
        }
        headers
    }
}

fn meta() -> Value {
    json!({
        key::PROTOCOL_VERSION: REVISION.as_str(),
        key::CLIENT_CAPABILITIES: {},
        "io.modelcontextprotocol/clientInfo": { "name": "penstock", "version": env!("CARGO_PKG_VERSION") },
    })
}

/// The name as a header: as it is if that is unambiguous, else in Base64. A name that looks encoded
/// already must be encoded too, or it would be decoded on arrival.
pub(crate) fn header_value(name: &str) -> HeaderValue {
    let (open, close) = BASE64;
    let plain = name.bytes().all(|byte| matches!(byte, b' '..=b'~')) && name.trim() == name;
    let looks_encoded = name.starts_with(open) && name.ends_with(close);
    let value =
        if plain && !looks_encoded { name.to_owned() } else { format!("{open}{}{close}", STANDARD.encode(name)) };
    HeaderValue::try_from(value).unwrap_or_else(|_| HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::header_value;

    #[test]
    fn a_name_is_encoded_only_where_it_would_not_survive_as_a_header() {
        for (name, value) in [
            ("long_operation", "long_operation"),
            ("two words", "two words"),
            (" padded", "=?base64?IHBhZGRlZA==?="),
            ("größe", "=?base64?Z3LDtsOfZQ==?="),
            ("a\nb", "=?base64?YQpi?="),
            ("=?base64?eA==?=", "=?base64?PT9iYXNlNjQ/ZUE9PT89?="),
            ("=?base64?eA==", "=?base64?eA=="),
        ] {
            assert_eq!(header_value(name), value, "{name:?}");
        }
    }
}

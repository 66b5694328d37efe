//! A client of a handshake revision, and gateways that share what instances share.

use std::sync::Arc;

use http::{Response, StatusCode};
use penstock_gateway::seal::Keys;
use penstock_gateway::{Gateway, Services};
use penstock_store::{MemoryStore, Store};
use serde_json::{Value, json};

use crate::checked::Body;
use crate::support::{Draft, post};

/// What the instances of one gateway have in common.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) keys: Keys,
}

impl Shared {
    pub(crate) fn new() -> Self {
        Self { store: Arc::new(MemoryStore::new()), keys: Keys::random() }
    }

    /// The services of one more instance.
    pub(crate) fn by(&self, services: Services) -> Services {
        Services { store: self.store.clone(), keys: self.keys.clone(), ..services }
    }
}

/// A client after `initialize`.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    pub(crate) session: String,
    revision: &'static str,
}

/// An `initialize` request.
pub(crate) fn initialize(revision: &str, capabilities: &Value) -> Draft {
    let info = json!({ "name": "client", "version": "1" });
    let params = json!({ "protocolVersion": revision, "capabilities": capabilities, "clientInfo": info });
    post(&json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params }).to_string())
}

impl Client {
    pub(crate) async fn open(gateway: &Gateway, revision: &'static str, capabilities: &Value) -> Self {
        let response = initialize(revision, capabilities).send(gateway).await;
        assert_eq!(response.status(), 200);
        let session = response.headers()["mcp-session-id"].to_str().expect("visible ASCII").to_owned();
        Self { session, revision }
    }

    /// A client whose session is open already.
    pub(crate) fn again(session: String, revision: &'static str) -> Self {
        Self { session, revision }
    }

    /// A client of the latest of its revisions, with these capabilities.
    pub(crate) async fn latest(gateway: &Gateway, capabilities: &Value) -> Self {
        Self::open(gateway, "2025-11-25", capabilities).await
    }

    pub(crate) fn post(&self, body: &Value) -> Draft {
        post(&body.to_string()).header("mcp-session-id", &self.session).header("mcp-protocol-version", self.revision)
    }

    pub(crate) fn request(&self, id: &Value, method: &str, params: &Value) -> Draft {
        self.post(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }))
    }

    /// A call of the tool `tool`.
    pub(crate) fn call(&self, id: &Value) -> Draft {
        self.request(id, "tools/call", &json!({ "name": "tool", "arguments": {} }))
    }

    pub(crate) fn notification(&self, method: &str, params: &Value) -> Draft {
        self.post(&json!({ "jsonrpc": "2.0", "method": method, "params": params }))
    }

    /// The answer to a request of the server's.
    pub(crate) async fn answers(&self, gateway: &Gateway, id: &Value, result: &Value) -> StatusCode {
        self.post(&json!({ "jsonrpc": "2.0", "id": id, "result": result })).send(gateway).await.status()
    }

    /// Ends the session.
    pub(crate) async fn ends(&self, gateway: &Gateway) -> Response<Body> {
        Draft::new("DELETE", "/mcp").header("mcp-session-id", &self.session).send(gateway).await
    }
}

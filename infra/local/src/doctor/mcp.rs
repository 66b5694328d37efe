//! MCP requests of any revision, and their results.

use penstock_protocol::meta::key;
use penstock_protocol::revision::Revision;
use reqwest::Method;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderName, HeaderValue};
use serde_json::{Value, json};

use super::case::Case;
use super::challenge::{self, Challenge};
use super::finding::quote;
use super::probe::{Ask, Reply, Silence};
use crate::client::{Parser, header_value};

const SESSION: HeaderName = HeaderName::from_static("mcp-session-id");
const VERSION: HeaderName = HeaderName::from_static("mcp-protocol-version");

/// How a server is spoken to.
#[derive(Debug, Clone)]
pub(super) struct Dialect {
    pub(super) revision: Revision,
    session: Option<HeaderValue>,
}

/// Why a request has no result.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    /// No answer at all.
    #[error(transparent)]
    Silence(#[from] Silence),
    /// The token was refused, or one is missing.
    #[error("HTTP 401{}", reason(.0))]
    Unauthorized(Challenge),
    /// The token is good, but not for this.
    #[error("HTTP 403{}", reason(.0))]
    Forbidden(Challenge),
    /// A JSON-RPC error.
    #[error("error {code}: {message}")]
    Rpc {
        /// Its code.
        code: i64,
        /// Its sentence, quoted.
        message: String,
    },
    /// Not MCP.
    #[error("HTTP {0} with a body that is no MCP response")]
    Foreign(u16),
    /// The handshake settled on another revision than the one asked for.
    #[error("the server answers initialize with {0}")]
    Other(String),
}

fn reason(challenge: &Challenge) -> String {
    let said = challenge.error_description.as_ref().or(challenge.error.as_ref());
    said.map(|said| format!(": {}", quote(said))).unwrap_or_default()
}

impl Dialect {
    /// A request of 2026-07-28, where nothing comes before it.
    pub(super) fn stateless() -> Self {
        Self { revision: Revision::V2026_07_28, session: None }
    }

    /// Begins a conversation: with a handshake, where the revision has one.
    pub(super) async fn begin(case: &Case, revision: Revision) -> Result<Self, Trouble> {
        if revision.is_stateless() {
            return Ok(Self::stateless());
        }
        let ask = authorized(case, initialize(case, revision));
        let reply = case.probe.send(ask).await?;
        let result = result(&reply)?;
        let settled = result["protocolVersion"].as_str().unwrap_or_default();
        if settled != revision.as_str() {
            return Err(Trouble::Other(quote(settled)));
        }
        let dialect = Self { revision, session: reply.headers.get(SESSION).cloned() };
        let body = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
        let noted = case.probe.send(authorized(case, dialect.post(case, &body))).await?;
        if noted.status.is_success() { Ok(dialect) } else { Err(Trouble::Foreign(noted.status.as_u16())) }
    }

    /// Ends the session, if there is one. Whether that works is nobody's concern here.
    pub(super) async fn end(self, case: &Case) {
        if let Some(session) = self.session {
            let ask = Ask::new(Method::DELETE, case.url.clone()).header(SESSION, session);
            let version = HeaderValue::from_static(self.revision.as_str());
            drop(case.probe.send(authorized(case, ask.header(VERSION, version))).await);
        }
    }

    /// A request without a token. `params` is an object.
    pub(super) fn request(&self, case: &Case, method: &'static str, mut params: Value) -> Ask {
        let name = params["name"].as_str().map(header_value);
        if self.revision.is_stateless() {
            params["_meta"][key::PROTOCOL_VERSION] = json!(self.revision.as_str());
            params["_meta"][key::CLIENT_CAPABILITIES] = json!({});
        }
        let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        let ask = self.post(case, &body);
        if !self.revision.is_stateless() {
            return ask;
        }
        let ask = ask.header(HeaderName::from_static("mcp-method"), HeaderValue::from_static(method));
        match name {
            Some(name) => ask.header(HeaderName::from_static("mcp-name"), name),
            None => ask,
        }
    }

    fn post(&self, case: &Case, body: &Value) -> Ask {
        let ask = accepting(Ask::post(case.url.clone(), body));
        let ask = ask.header(VERSION, HeaderValue::from_static(self.revision.as_str()));
        match &self.session {
            Some(session) => ask.header(SESSION, session.clone()),
            None => ask,
        }
    }
}

/// The first message of a revision with a handshake, without a token.
pub(super) fn initialize(case: &Case, revision: Revision) -> Ask {
    let params = json!({
        "protocolVersion": revision.as_str(),
        "capabilities": {},
        "clientInfo": { "name": "penstock-doctor", "version": env!("CARGO_PKG_VERSION") },
    });
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params });
    accepting(Ask::post(case.url.clone(), &body))
}

/// The same request with the token, if there is one.
pub(super) fn authorized(case: &Case, ask: Ask) -> Ask {
    match case.authorization() {
        Some(token) => ask.header(AUTHORIZATION, token),
        None => ask,
    }
}

fn accepting(ask: Ask) -> Ask {
    ask.header(ACCEPT, HeaderValue::from_static("application/json, text/event-stream"))
}

/// The result of a request, whether it came as JSON or as an event.
pub(super) fn result(reply: &Reply) -> Result<Value, Trouble> {
    let challenge = || challenge::find(reply).map(|(_, challenge)| challenge).unwrap_or_default();
    match reply.status.as_u16() {
        401 => return Err(Trouble::Unauthorized(challenge())),
        403 => return Err(Trouble::Forbidden(challenge())),
        _ => {}
    }
    let foreign = Trouble::Foreign(reply.status.as_u16());
    let messages = if reply.media_type() == "text/event-stream" {
        Parser::default().push(&reply.body).unwrap_or_default()
    } else {
        vec![reply.body.clone()]
    };
    let values = messages.iter().filter_map(|message| serde_json::from_slice::<Value>(message).ok());
    let Some(response) = values.into_iter().find(is_response) else { return Err(foreign) };
    match response["error"]["code"].as_i64() {
        Some(code) => {
            let message = quote(response["error"]["message"].as_str().unwrap_or_default());
            Err(Trouble::Rpc { code, message })
        }
        None => Ok(response["result"].clone()),
    }
}

/// Whether a message ends a request.
pub(super) fn is_response(message: &Value) -> bool {
    message["jsonrpc"] == "2.0" && (message["result"].is_object() || message["error"].is_object())
}

//! Sessions of the handshake revisions: what a client says once, for all requests that follow (rule L-5).
//!
//! The session id carries everything that never changes, sealed; the store holds the little that
//! does. Any instance can serve any request, and a session that asks for nothing writes nothing.

pub(super) mod answer;
mod ask;
pub(super) mod cancel;
mod end;
mod record;
mod settings;
mod stream;
mod token;
mod unanswered;

pub(super) use ask::Asking;
pub(crate) use end::end;
pub(crate) use record::Record;
pub(crate) use stream::open as stream;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response};
use penstock_protocol::RawValue;
use penstock_protocol::call::Caller;
use penstock_protocol::jsonrpc::Request;
use penstock_protocol::revision::Revision;

use super::failure::Failure;
use super::header;
use crate::auth;
use crate::gateway::Gateway;
use crate::http::Body;
use crate::permission::Permission;
use token::Token;

/// Where a client names its session.
pub(crate) const SESSION_HEADER: &str = "mcp-session-id";

/// A session that has not ended, as one request sees it.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    token: Token,
    record: Record,
}

impl Session {
    /// The session a request names, if it names one.
    ///
    /// # Errors
    /// [`Failure::UnknownSession`] if it is none of this gateway's, has expired or ended, or is another caller's.
    pub(crate) async fn find(
        gateway: &Gateway,
        headers: &HeaderMap,
        caller: Option<&Caller>,
    ) -> Result<Option<Self>, Failure> {
        let Some(id) = header::single(headers, SESSION_HEADER)? else { return Ok(None) };
        let token = Token::open(gateway.keys(), id, &auth::principal(caller), gateway.now());
        let token = token.ok_or(Failure::UnknownSession)?;
        let record = Record::read(gateway.store().as_ref(), token.id()).await?;
        if record.ended { Err(Failure::UnknownSession) } else { Ok(Some(Self { token, record })) }
    }

    /// What identifies the session among all others, without what its sealed id carries.
    pub(crate) fn id(&self) -> &str {
        self.token.id()
    }

    /// The revision `initialize` agreed on.
    pub(crate) fn revision(&self) -> Revision {
        self.token.revision()
    }

    /// What the client can do, as far as this gateway makes use of it: a `ClientCapabilities` object.
    pub(crate) fn client_capabilities(&self) -> &RawValue {
        self.token.client_capabilities()
    }

    pub(crate) fn record(&self) -> &Record {
        &self.record
    }
}

/// Opens a session: the text of its `Mcp-Session-Id`.
pub(super) fn begin(
    gateway: &Gateway,
    revision: Revision,
    capabilities: Option<&RawValue>,
    caller: Option<&Caller>,
) -> Result<String, Failure> {
    let known = token::known_capabilities(revision, capabilities)?;
    Token::new(revision, known, auth::principal(caller), gateway.now())?.seal(gateway.keys())
}

/// The answer to `initialize`, with the session it has opened.
pub(super) fn opened(mut response: Response<Body>, id: &str) -> Response<Body> {
    if let Ok(id) = HeaderValue::from_str(id) {
        response.headers_mut().insert(SESSION_HEADER, id);
    }
    response
}

/// Methods that change what a session wants to hear.
pub(super) async fn change(
    gateway: &Gateway,
    permission: &Permission<'_>,
    session: Option<&Session>,
    request: &Request<'_>,
) -> Result<Bytes, Failure> {
    let session = session.ok_or(Failure::NeedsSession)?;
    settings::change(gateway, permission, session, request).await?;
    Ok(Bytes::from_static(b"{}"))
}

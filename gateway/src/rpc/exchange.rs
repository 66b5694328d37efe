//! Which era and revision a request is written in (rules L-1 and L-12).

use http::HeaderMap;
use penstock_protocol::RawValue;
use penstock_protocol::jsonrpc::{self, Request};
use penstock_protocol::meta::{self, RequestMeta};
use penstock_protocol::revision::Revision;
use serde::Deserialize;

use super::failure::Failure;
use super::session::Session;
use super::{Incoming, header};
use crate::gateway::Gateway;

const VERSION_HEADER: &str = "mcp-protocol-version";
const METHOD_HEADER: &str = "mcp-method";

/// How a request says what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Era {
    /// By its own `_meta`: nothing came before it.
    Stateless,
    /// By the handshake that `initialize` opened.
    Handshake,
}

/// What is known about a request before its method is looked at.
#[derive(Debug)]
pub(crate) struct Exchange<'a> {
    pub(crate) era: Era,
    /// The revision whose result shapes the client reads.
    pub(crate) revision: Revision,
    pub(crate) meta: RequestMeta<'a>,
    /// What it answers; nothing in the revisions with a handshake.
    pub(crate) retry: Retry<'a>,
    /// The session a request after a handshake belongs to. Requests that describe themselves have none,
    /// whatever their headers say (rule H-5).
    pub(crate) session: Option<Session>,
}

/// What makes a request the answer to an earlier one's question (rule Q-4). Values of the wrong type
/// are still here.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Retry<'a> {
    pub(crate) request_state: Option<&'a RawValue>,
    pub(crate) input_responses: Option<&'a RawValue>,
}

impl Retry<'_> {
    /// Whether the request answers a question at all.
    pub(crate) fn is_one(&self) -> bool {
        self.request_state.is_some() || self.input_responses.is_some()
    }
}

/// The members every request may have.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CommonParams<'a> {
    #[serde(borrow, default, rename = "_meta")]
    meta: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "jsonrpc::present")]
    request_state: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "jsonrpc::present")]
    input_responses: Option<&'a RawValue>,
}

impl<'a> Exchange<'a> {
    /// Classifies a request and checks what its era demands of every request.
    pub(crate) async fn open(
        gateway: &Gateway,
        incoming: &Incoming<'_>,
        request: &Request<'a>,
    ) -> Result<Self, Failure> {
        let headers = &incoming.parts.headers;
        let params: CommonParams<'a> = jsonrpc::parse_params(request.params).map_err(Failure::InvalidParams)?;
        let meta = request_meta(params.meta)?;
        let retry = Retry { request_state: params.request_state, input_responses: params.input_responses };
        if meta.protocol_version.is_some() {
            return Self::stateless(headers, request, meta, retry);
        }
        if request.method == "initialize" {
            return Self::handshake(headers, request, meta, (Revision::LATEST_HANDSHAKE, None));
        }
        let spoken = spoken(gateway, incoming).await?;
        if spoken.0.is_stateless() {
            return Self::stateless(headers, request, meta, retry);
        }
        Self::handshake(headers, request, meta, spoken)
    }

    fn stateless(
        headers: &HeaderMap,
        request: &Request<'a>,
        meta: RequestMeta<'a>,
        retry: Retry<'a>,
    ) -> Result<Self, Failure> {
        let stated =
            header::single(headers, VERSION_HEADER)?.ok_or_else(|| header::refused(VERSION_HEADER, "missing"))?;
        let version = required(meta.protocol_version, meta::key::PROTOCOL_VERSION)?;
        let version = meta::as_str(version).ok_or_else(|| wrong_type(meta::key::PROTOCOL_VERSION, "a string"))?;
        let capabilities = required(meta.client_capabilities, meta::key::CLIENT_CAPABILITIES)?;
        if !capabilities.get().starts_with('{') {
            return Err(wrong_type(meta::key::CLIENT_CAPABILITIES, "an object"));
        }
        if stated != version {
            return Err(header::refused(VERSION_HEADER, "differs from the body"));
        }
        let revision: Revision = version.parse().map_err(|_| Failure::UnsupportedVersion(version.into_owned()))?;
        header::matches(headers, METHOD_HEADER, &request.method, revision.is_stateless())?;
        Ok(Self { era: Era::Stateless, revision, meta, retry, session: None })
    }

    fn handshake(
        headers: &HeaderMap,
        request: &Request<'a>,
        meta: RequestMeta<'a>,
        (revision, session): (Revision, Option<Session>),
    ) -> Result<Self, Failure> {
        header::matches(headers, METHOD_HEADER, &request.method, false)?;
        Ok(Self { era: Era::Handshake, revision, meta, retry: Retry::default(), session })
    }

    /// What the client can do: as the request says, or as its session began.
    pub(crate) fn client_capabilities(&self) -> Option<&RawValue> {
        match self.era {
            Era::Stateless => self.meta.client_capabilities,
            Era::Handshake => self.session.as_ref().map(Session::client_capabilities),
        }
    }

    /// Whether requests of this revision must carry the routing headers.
    pub(crate) fn requires_routing_headers(&self) -> bool {
        self.revision.is_stateless()
    }
}

fn request_meta(meta: Option<&RawValue>) -> Result<RequestMeta<'_>, Failure> {
    match meta {
        None => Ok(RequestMeta::default()),
        Some(meta) if !meta.get().starts_with('{') => Err(Failure::Meta("must be an object".to_owned())),
        Some(meta) => jsonrpc::parse_params(Some(meta)).map_err(Failure::Meta),
    }
}

fn required<'a>(value: Option<&'a RawValue>, key: &str) -> Result<&'a RawValue, Failure> {
    value.ok_or_else(|| Failure::Meta(format!("{key} is missing")))
}

fn wrong_type(key: &str, expected: &str) -> Failure {
    Failure::Meta(format!("{key} must be {expected}"))
}

/// The revision a client speaks and the session it speaks in, as far as headers tell: what the body
/// of a request says comes first.
pub(crate) async fn spoken(gateway: &Gateway, incoming: &Incoming<'_>) -> Result<(Revision, Option<Session>), Failure> {
    let headers = &incoming.parts.headers;
    let stated = revision_header(headers)?;
    if let Some(revision) = stated.filter(|revision| revision.is_stateless()) {
        return Ok((revision, None));
    }
    let session = match &incoming.session {
        Some(session) => Some(session.clone()),
        None => Session::find(gateway, headers, incoming.caller.as_ref()).await?,
    };
    match (stated, session.as_ref().map(Session::revision)) {
        (Some(stated), Some(agreed)) if stated != agreed => {
            Err(header::refused(VERSION_HEADER, "differs from the session's"))
        }
        // The specification's own reading of a request that says nothing.
        (stated, agreed) => Ok((stated.or(agreed).unwrap_or(Revision::V2025_03_26), session)),
    }
}

/// The revision the header names, if it names one.
pub(crate) fn revision_header(headers: &HeaderMap) -> Result<Option<Revision>, Failure> {
    let Some(value) = header::single(headers, VERSION_HEADER)? else { return Ok(None) };
    value.parse().map(Some).map_err(|_| Failure::UnsupportedVersion(value.to_owned()))
}

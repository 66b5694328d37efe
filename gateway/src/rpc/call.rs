//! `tools/call`: from the client's parameters to the worker's event, checked in the order of rule "Validation order".

use std::borrow::Cow;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{HeaderMap, Response};
use penstock_protocol::RawValue;
use penstock_protocol::call::{CallContext, CallEvent, Caller, TraceContext};
use penstock_protocol::jsonrpc::{self, Request};
use penstock_protocol::manifest::Contract;
use penstock_protocol::meta::{self, LogLevel, RequestMeta};
use penstock_protocol::revision::Revision;
use serde::Deserialize;
use tokio::time::Instant;

use super::Incoming;
use super::arguments::{self, Misfit};
use super::exchange::Exchange;
use super::failure::Failure;
use super::header;
use crate::access::Access;
use crate::catalog::Tool;
use crate::gateway::{Gateway, PlatformDeadline};
use crate::http::Body;
use crate::identity;
use crate::relay::{Additions, Call, Relay, Wanted};

const NAME_HEADER: &str = "mcp-name";

/// How much longer the gateway waits than it tells the worker: a worker's own word on running out
/// of time is better than the gateway's.
const GRACE: Duration = Duration::from_secs(1);

/// What the platform must leave the gateway for its last words: a killed gateway is a truncated 200.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// Longest `baggage` and `tracestate` passed on (W3C Trace Context section 3.3.1.5 asks for 512).
const MAX_TRACE_FIELD: usize = 512;

#[derive(Deserialize)]
struct CallParams<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow, default)]
    arguments: Option<&'a RawValue>,
}

/// A call that will have a result.
pub(super) struct Prepared<'g> {
    tool: &'g Tool,
    misfit: Option<Misfit>,
    payload: Vec<u8>,
    revision: Revision,
    call: Call,
}

impl Prepared<'_> {
    /// Invokes the worker and relays what it says, or says why it is not invoked.
    pub(super) async fn run(self, gateway: &Gateway, mut access: Access) -> Response<Body> {
        access.tool(&self.tool.name);
        if let Some(misfit) = self.misfit {
            return super::complete(access, &self.call.id, misfit.result(self.revision));
        }
        let upstream = gateway.invoker().invoke(&self.tool.function, self.payload);
        Relay::new(self.call, upstream, access).answer().await
    }
}

pub(super) fn prepare<'g>(
    gateway: &'g Gateway,
    incoming: &Incoming<'_>,
    exchange: &Exchange<'_>,
    request: &Request<'_>,
) -> Result<Prepared<'g>, Failure> {
    let headers = &incoming.parts.headers;
    let params: CallParams<'_> = jsonrpc::parse_params(request.params).map_err(Failure::InvalidParams)?;
    if params.arguments.is_some_and(|arguments| !arguments.get().starts_with('{')) {
        return Err(Failure::InvalidParams("arguments: must be an object".to_owned()));
    }
    header::matches(headers, NAME_HEADER, &params.name, exchange.requires_routing_headers())?;
    let tool = gateway.catalog().find(&params.name).ok_or_else(|| Failure::UnknownTool(params.name.into_owned()))?;
    let repeated = exchange.requires_routing_headers().then_some(headers);
    let misfit = arguments::check(tool, params.arguments, repeated)?;
    let wanted = wanted(&exchange.meta)?;
    let allowed = time_allowed(tool.timeout, incoming.parts.extensions.get());
    let context = context(exchange, request, &wanted, allowed, incoming.caller.clone(), headers);
    let call = Call {
        id: request.id.clone(),
        contract: tool.contract,
        output: tool.output.clone(),
        additions: additions(exchange),
        wanted,
        accepts: incoming.accepts,
        deadline: Instant::now() + allowed + GRACE,
    };
    let payload = payload(tool.contract, params.arguments, request, context);
    Ok(Prepared { tool, misfit, payload, revision: exchange.revision, call })
}

fn additions(exchange: &Exchange<'_>) -> Additions {
    if exchange.revision.is_stateless() {
        Additions::Stateless { server_info: identity::server_info_json() }
    } else {
        Additions::Handshake
    }
}

fn wanted(meta: &RequestMeta<'_>) -> Result<Wanted, Failure> {
    let progress_token = meta.progress_token.map(ToOwned::to_owned);
    if progress_token.as_deref().is_some_and(|token| !jsonrpc::is_string_or_integer(token)) {
        let reason = "_meta.progressToken: must be a string or an integer";
        return Err(Failure::InvalidParams(reason.to_owned()));
    }
    let log_level = meta.log_level.map(|level| {
        let unknown = || Failure::InvalidParams("_meta: io.modelcontextprotocol/logLevel: not a log level".to_owned());
        serde_json::from_str::<LogLevel>(level.get()).map_err(|_| unknown())
    });
    Ok(Wanted { progress_token, log_level: log_level.transpose()? })
}

/// The tool's own limit, unless the platform ends the gateway sooner.
fn time_allowed(tool: Duration, platform: Option<&PlatformDeadline>) -> Duration {
    let left = platform.and_then(|PlatformDeadline(at)| at.duration_since(SystemTime::now()).ok());
    left.map_or(tool, |left| tool.min(left.saturating_sub(LAST_WORDS + GRACE)))
}

fn context(
    exchange: &Exchange<'_>,
    request: &Request<'_>,
    wanted: &Wanted,
    allowed: Duration,
    caller: Option<Caller>,
    headers: &HeaderMap,
) -> CallContext {
    let deadline = (SystemTime::now() + allowed).duration_since(UNIX_EPOCH).unwrap_or_default();
    CallContext {
        request_id: request.id.to_raw(),
        deadline_ms: u64::try_from(deadline.as_millis()).unwrap_or(u64::MAX),
        protocol_version: exchange.revision,
        progress: wanted.progress_token.is_some(),
        log_level: wanted.log_level,
        client_capabilities: exchange.meta.client_capabilities.map(ToOwned::to_owned),
        trace: trace(&exchange.meta, headers),
        caller,
    }
}

/// `_meta` before the HTTP header; what is malformed is ignored, never an error (rule X-2).
fn trace(meta: &RequestMeta<'_>, headers: &HeaderMap) -> Option<TraceContext> {
    let text = |raw: Option<&RawValue>| raw.and_then(meta::as_str).map(Cow::into_owned);
    let short = |raw: Option<&RawValue>| text(raw).filter(|text| text.len() <= MAX_TRACE_FIELD);
    if let Some(traceparent) = text(meta.traceparent).filter(|value| is_traceparent(value)) {
        return Some(TraceContext { traceparent, tracestate: short(meta.tracestate), baggage: short(meta.baggage) });
    }
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let short = |name| header(name).filter(|text| text.len() <= MAX_TRACE_FIELD);
    let traceparent = header("traceparent").filter(|value| is_traceparent(value))?;
    Some(TraceContext { traceparent, tracestate: short("tracestate"), baggage: short("baggage") })
}

/// `version-traceid-parentid-flags` in lower-case hexadecimal, ids not zero (W3C Trace Context section 3.2.2).
fn is_traceparent(value: &str) -> bool {
    let hex = |part: &str| part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let fields: Vec<&str> = value.split('-').collect();
    let &[version, trace, parent, flags] = &*fields else { return false };
    [version, trace, parent, flags].map(str::len) == [2, 32, 16, 2]
        && fields.iter().all(|field| hex(field))
        && version != "ff"
        && [trace, parent].iter().all(|id| id.bytes().any(|byte| byte != b'0'))
}

fn payload(contract: Contract, arguments: Option<&RawValue>, request: &Request<'_>, context: CallContext) -> Vec<u8> {
    if contract == Contract::Arguments {
        return arguments.map_or("{}", RawValue::get).as_bytes().to_vec();
    }
    let params = request.params.map(ToOwned::to_owned).unwrap_or_default();
    let event = CallEvent { method: request.method.clone().into_owned(), params, context };
    serde_json::to_vec(&event).unwrap_or_default()
}

//! Hop 2: HTTP as MCP uses it — method, path, host, origin, media types and size.

mod accepts;
mod body;
mod metadata;
mod origin;
mod refusal;
pub(crate) mod response;

pub(crate) use accepts::Accepts;
pub use body::Body;
pub use origin::{InvalidOrigin, OriginPolicy};

use bytes::Bytes;
use http::request::Parts;
use http::{Method, Request, Response, StatusCode, header};
use penstock_protocol::call::Caller;

use crate::auth::{self, Auth};
use crate::gateway::Gateway;
use crate::rpc::{self, tasks};

/// The largest request body, in bytes. A call travels through two Lambda invocations of at most
/// 6 MB; base64 in the first and the call's context in the second fit beside this much.
pub const MAX_BODY: usize = 4 * 1024 * 1024;

/// Where MCP is served.
pub const MCP_PATH: &str = "/mcp";

/// Where a gateway function calls itself to run a task; nothing is there for anyone else.
pub(crate) const TASK_PATH: &str = "/internal/tasks/run";

/// Longest body there: a sealed ticket is much shorter.
const MAX_TICKET: usize = 1024;

/// Answers one HTTP request.
pub(crate) async fn handle(gateway: &Gateway, request: Request<Bytes>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    // The gateway calls itself past the distribution; what it brings is a secret of its own.
    let is_own = parts.method == Method::POST && parts.uri.path() == TASK_PATH;
    if !is_own && !gateway.origin_secrets().admit(&parts.headers) {
        return response::text(StatusCode::FORBIDDEN, "not here");
    }
    if let Some(response) = metadata::answer(gateway, &parts) {
        return response;
    }
    if let Err(reason) = admit(gateway, &parts) {
        return response::text(StatusCode::FORBIDDEN, reason);
    }
    let mut response = route(gateway, &parts, body).await;
    if let Some(origin) = parts.headers.get(header::ORIGIN) {
        origin::allow(origin.clone(), response.headers_mut());
    }
    response
}

/// DNS rebinding: a page must not reach a gateway through the visitor's browser (rules S-1, S-2).
fn admit(gateway: &Gateway, parts: &Parts) -> Result<(), &'static str> {
    let local = match gateway.auth() {
        Auth::None if !origin::is_loopback_host(parts) => {
            return Err("this gateway runs without authentication: the Host header must name this machine");
        }
        Auth::None => true,
        Auth::Trusted => false,
        Auth::OAuth(verifier) => verifier.resource().is_on_this_machine(),
    };
    match parts.headers.get(header::ORIGIN) {
        Some(origin) if !(gateway.origins().admits(origin) || (local && origin::is_loopback(origin))) => {
            Err("this Origin is not allowed")
        }
        _ => Ok(()),
    }
}

async fn route(gateway: &Gateway, parts: &Parts, body: Bytes) -> Response<Body> {
    match (&parts.method, parts.uri.path()) {
        (&Method::OPTIONS, _) => origin::preflight(),
        (&Method::POST | &Method::GET | &Method::DELETE, MCP_PATH) => match auth::authenticate(gateway, parts).await {
            Ok(caller) => mcp(gateway, parts, body, caller).await,
            Err(refusal) => refusal::answer(gateway, refusal),
        },
        (&Method::POST, TASK_PATH) => run_task(gateway, parts, &body).await,
        (_, MCP_PATH) => response::not_an_mcp_method(gateway),
        (&Method::GET | &Method::HEAD, "/") => response::landing(gateway),
        (&Method::GET | &Method::HEAD, "/health") => response::health(),
        (_, "/" | "/health") => response::method_not_allowed("GET, HEAD, OPTIONS"),
        _ => response::not_found(),
    }
}

/// Runs what a ticket stands for, to its end: the instance lives no longer than its invocation.
async fn run_task(gateway: &Gateway, parts: &Parts, body: &Bytes) -> Response<Body> {
    let ticket = std::str::from_utf8(body).ok().filter(|ticket| ticket.len() <= MAX_TICKET);
    let platform = parts.extensions.get().copied();
    match ticket {
        Some(ticket) if tasks::run(gateway, ticket, platform).await => response::accepted(),
        _ => response::not_found(),
    }
}

/// Serves a caller who may be nobody only where nobody is authenticated.
async fn mcp(gateway: &Gateway, parts: &Parts, body: Bytes, caller: Option<Caller>) -> Response<Body> {
    match parts.method {
        Method::DELETE => rpc::session::end(gateway, &parts.headers, caller.as_ref()).await,
        Method::GET => rpc::session::stream(gateway, parts, caller).await,
        _ => post(gateway, parts, body, caller).await,
    }
}

async fn post(gateway: &Gateway, parts: &Parts, body: Bytes, caller: Option<Caller>) -> Response<Body> {
    if !accepts::is_json(&parts.headers) {
        return response::text(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Content-Type must be application/json");
    }
    let Some(accepts) = Accepts::from_headers(&parts.headers) else {
        let reason = "Accept must allow application/json or text/event-stream";
        return response::text(StatusCode::NOT_ACCEPTABLE, reason);
    };
    if body.len() > MAX_BODY {
        return response::too_large();
    }
    rpc::answer(gateway, rpc::Incoming { parts, body: &body, caller, accepts, session: None }).await
}

//! Responses of the gateway's own.

use http::header::{ALLOW, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderName, HeaderValue, Response, StatusCode};
use serde_json::json;

use super::{Body, MAX_BODY, MCP_PATH};
use crate::auth::Auth;
use crate::gateway::Gateway;

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");
const EVENT_STREAM: HeaderValue = HeaderValue::from_static("text/event-stream");
/// Proxies must neither keep answers nor rewrite them; `no-transform` also rules out compression,
/// which would hold events back (rule H-8).
const NO_CACHE: HeaderValue = HeaderValue::from_static("no-cache, no-transform");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

fn with(status: StatusCode, content_type: HeaderValue, body: Body) -> Response<Body> {
    let length = body.length();
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, content_type);
    headers.insert(CACHE_CONTROL, NO_STORE);
    if let Some(length) = length {
        headers.insert(CONTENT_LENGTH, length.into());
    }
    response
}

/// A plain sentence, for whoever reads the client's log.
pub(crate) fn text(status: StatusCode, sentence: &'static str) -> Response<Body> {
    with(status, TEXT, sentence.into())
}

/// A JSON document.
pub(crate) fn json(status: StatusCode, body: Body) -> Response<Body> {
    with(status, JSON, body)
}

/// The head of a stream of events.
pub(crate) fn event_stream(body: Body) -> Response<Body> {
    let mut response = with(StatusCode::OK, EVENT_STREAM, body);
    response.headers_mut().insert(CACHE_CONTROL, NO_CACHE);
    response.headers_mut().insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    response
}

/// Taken, with nothing to say: the answer to a notification (rule H-3).
pub(crate) fn accepted() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::ACCEPTED;
    response
}

/// Done, with nothing to say.
pub(crate) fn no_content() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

/// A method that MCP has no use for here: streams by GET take subscriptions (rules H-4 and L-4).
pub(crate) fn not_an_mcp_method(gateway: &Gateway) -> Response<Body> {
    let streams = gateway.subscriptions();
    method_not_allowed(if streams { "GET, POST, DELETE, OPTIONS" } else { "POST, DELETE, OPTIONS" })
}

pub(super) fn method_not_allowed(allow: &'static str) -> Response<Body> {
    let mut response = text(StatusCode::METHOD_NOT_ALLOWED, "this method is not served here");
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(allow));
    response
}

/// The body exceeds [`MAX_BODY`].
pub(crate) fn too_large() -> Response<Body> {
    const { assert!(MAX_BODY == 4 * 1024 * 1024, "the sentence names the limit") };
    text(StatusCode::PAYLOAD_TOO_LARGE, "the body is larger than 4 MiB")
}

pub(super) fn health() -> Response<Body> {
    json(StatusCode::OK, r#"{"status":"ok"}"#.into())
}

/// What a person sees who opens the gateway's address.
pub(super) fn landing(gateway: &Gateway) -> Response<Body> {
    let authentication = match gateway.auth() {
        Auth::None => "none; this machine only",
        Auth::Trusted => "by whoever runs this gateway",
        Auth::OAuth(_) => "OAuth 2.1 access tokens",
    };
    let mut page = json!({
        "name": "penstock",
        "version": env!("CARGO_PKG_VERSION"),
        "mcp": MCP_PATH,
        "health": "/health",
        "authentication": authentication,
        "tools": gateway.catalog().tool_count(),
    });
    if let Some(url) = gateway.resource_metadata() {
        page["resourceMetadata"] = url.into();
    }
    json(StatusCode::OK, page.to_string().into())
}

/// No such path.
pub(super) fn not_found() -> Response<Body> {
    text(StatusCode::NOT_FOUND, "nothing here; MCP is served at /mcp")
}

/// The body did not arrive whole.
pub(crate) fn incomplete() -> Response<Body> {
    text(StatusCode::BAD_REQUEST, "the body did not arrive whole")
}

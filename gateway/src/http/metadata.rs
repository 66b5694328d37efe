//! The metadata of the protected resource, for everyone (rule A-1; RFC 9728).

use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL};
use http::request::Parts;
use http::{HeaderValue, Method, Response, StatusCode};

use super::{Body, origin, response};
use crate::auth::Auth;
use crate::gateway::Gateway;

/// Long enough to spare requests, short enough for a change to arrive the same day.
const AN_HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");

/// Answers a request for the metadata; `None` if it is for something else. Pages of every origin may read it: there is
/// nothing in it that not everybody may know.
pub(super) fn answer(gateway: &Gateway, parts: &Parts) -> Option<Response<Body>> {
    let Auth::OAuth(verifier) = gateway.auth() else { return None };
    if !verifier.resource().has_metadata_at(parts.uri.path()) {
        return None;
    }
    let mut response = match parts.method {
        Method::GET | Method::HEAD => response::json(StatusCode::OK, verifier.metadata().into()),
        Method::OPTIONS => origin::preflight(),
        _ => response::method_not_allowed("GET, HEAD, OPTIONS"),
    };
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    if parts.method != Method::OPTIONS && response.status() == StatusCode::OK {
        response.headers_mut().insert(CACHE_CONTROL, AN_HOUR);
    }
    Some(response)
}

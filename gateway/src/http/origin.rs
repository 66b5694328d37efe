//! Who may reach the gateway from a browser: `Origin`, `Host` and CORS (rules S-1 to S-3).

use std::net::IpAddr;
use std::str::FromStr;

use http::request::Parts;
use http::{HeaderMap, HeaderValue, Response, StatusCode, Uri, header};

use super::Body;

/// Request headers a browser client sends; `Mcp-Param-*` cannot be listed by pattern, so `*` stands
/// for them, which CORS does not take to include `Authorization`.
const ALLOWED_HEADERS: HeaderValue = HeaderValue::from_static("Authorization, *");
const ALLOWED_METHODS: HeaderValue = HeaderValue::from_static("GET, POST, DELETE, OPTIONS");
const EXPOSED_HEADERS: HeaderValue = HeaderValue::from_static("WWW-Authenticate, Mcp-Session-Id");

/// The web origins whose pages may call this gateway.
#[derive(Debug, Clone, Default)]
pub struct OriginPolicy {
    allowed: Vec<String>,
}

/// Not a web origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an origin: write scheme://host[:port] without a path")]
pub struct InvalidOrigin(String);

impl OriginPolicy {
    /// Whether a page of this origin may call.
    pub fn admits(&self, origin: &HeaderValue) -> bool {
        self.allowed.iter().any(|allowed| origin.as_bytes().eq_ignore_ascii_case(allowed.as_bytes()))
    }
}

impl FromStr for OriginPolicy {
    type Err = InvalidOrigin;

    /// Reads origins separated by commas.
    fn from_str(text: &str) -> Result<Self, InvalidOrigin> {
        let origins = text.split(',').map(str::trim).filter(|origin| !origin.is_empty());
        let allowed = origins.map(|origin| match origin.parse::<Uri>() {
            Ok(uri) if uri.scheme().is_some() && uri.path() == "/" && !origin.ends_with('/') => Ok(origin.to_owned()),
            _ => Err(InvalidOrigin(origin.to_owned())),
        });
        Ok(Self { allowed: allowed.collect::<Result<_, _>>()? })
    }
}

/// Whether a page came from this machine.
pub(super) fn is_loopback(origin: &HeaderValue) -> bool {
    let uri = origin.to_str().ok().and_then(|text| text.parse::<Uri>().ok());
    // RFC 6454, section 6.2: an origin has a scheme; a bare host name is none.
    uri.filter(|uri| uri.scheme().is_some()).and_then(|uri| uri.host().map(is_loopback_name)).unwrap_or(false)
}

/// Whether the request was sent to a name of this machine.
pub(super) fn is_loopback_host(parts: &Parts) -> bool {
    let host = match parts.headers.get(header::HOST) {
        Some(host) => host.to_str().ok(),
        None => parts.uri.authority().map(http::uri::Authority::as_str),
    };
    let authority = host.and_then(|host| host.parse::<http::uri::Authority>().ok());
    authority.is_some_and(|authority| is_loopback_name(authority.host()))
}

fn is_loopback_name(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || address.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

/// Lets the page that asked read the answer.
pub(super) fn allow(origin: HeaderValue, headers: &mut HeaderMap) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED_HEADERS);
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
}

/// Answers a browser that asks before it calls.
pub(super) fn preflight() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, ALLOWED_METHODS);
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED_HEADERS);
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("7200"));
    response
}

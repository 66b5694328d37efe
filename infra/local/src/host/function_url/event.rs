use std::borrow::Cow;
use std::collections::BTreeMap;
use std::net::SocketAddr;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, header};
use serde::Serialize;

/// The event a function URL invokes its function with: payload format version 2.0.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UrlEvent<'a> {
    version: &'static str,
    route_key: &'static str,
    raw_path: &'a str,
    raw_query_string: &'a str,
    /// Left out when there are none: an empty list becomes an empty `cookie` header in runtimes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cookies: Vec<Cow<'a, str>>,
    headers: BTreeMap<&'a str, Cow<'a, str>>,
    request_context: RequestContext<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Cow<'a, str>>,
    is_base64_encoded: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RequestContext<'a> {
    account_id: &'static str,
    api_id: &'static str,
    domain_name: Cow<'a, str>,
    domain_prefix: &'static str,
    http: Http<'a>,
    request_id: String,
    route_key: &'static str,
    stage: &'static str,
    time: String,
    time_epoch: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Http<'a> {
    method: &'a str,
    path: &'a str,
    protocol: &'static str,
    source_ip: String,
    user_agent: Cow<'a, str>,
}

const DEFAULT_ROUTE: &str = "$default";

/// Writes the event of a request to a function URL that listens on `address`.
pub(crate) fn write_event(parts: &Parts, address: SocketAddr, body: &[u8]) -> Bytes {
    let now = jiff::Zoned::now().with_time_zone(jiff::tz::TimeZone::UTC);
    let text = std::str::from_utf8(body);
    let encoded = text.map_or_else(|_| Cow::Owned(BASE64_STANDARD.encode(body)), Cow::Borrowed);
    let event = UrlEvent {
        version: "2.0",
        route_key: DEFAULT_ROUTE,
        raw_path: parts.uri.path(),
        raw_query_string: parts.uri.query().unwrap_or_default(),
        cookies: cookies(&parts.headers),
        headers: joined(&parts.headers),
        request_context: RequestContext {
            account_id: "anonymous",
            api_id: "local",
            domain_name: value(&parts.headers, &header::HOST),
            domain_prefix: "local",
            http: Http {
                method: parts.method.as_str(),
                path: parts.uri.path(),
                protocol: "HTTP/1.1",
                source_ip: address.ip().to_string(),
                user_agent: value(&parts.headers, &header::USER_AGENT),
            },
            request_id: uuid::Uuid::new_v4().to_string(),
            route_key: DEFAULT_ROUTE,
            stage: DEFAULT_ROUTE,
            time: now.strftime("%d/%b/%Y:%H:%M:%S +0000").to_string(),
            time_epoch: now.timestamp().as_millisecond(),
        },
        body: (!body.is_empty()).then_some(encoded),
        is_base64_encoded: text.is_err(),
    };
    // Strings and numbers only: there is nothing in it that JSON cannot say.
    serde_json::to_vec(&event).unwrap_or_default().into()
}

fn text(value: &http::HeaderValue) -> Cow<'_, str> {
    String::from_utf8_lossy(value.as_bytes())
}

fn value<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> Cow<'a, str> {
    headers.get(name).map(text).unwrap_or_default()
}

fn cookies(headers: &HeaderMap) -> Vec<Cow<'_, str>> {
    let split = |value| -> Vec<Cow<'_, str>> {
        match text(value) {
            Cow::Borrowed(text) => text.split("; ").map(Cow::Borrowed).collect(),
            Cow::Owned(text) => text.split("; ").map(|cookie| Cow::Owned(cookie.to_owned())).collect(),
        }
    };
    headers.get_all(header::COOKIE).iter().flat_map(split).collect()
}

/// Headers by lower-case name, several of one name joined by commas. Cookies have their own place.
fn joined(headers: &HeaderMap) -> BTreeMap<&str, Cow<'_, str>> {
    let mut joined: BTreeMap<&str, Cow<'_, str>> = BTreeMap::new();
    for (name, value) in headers.iter().filter(|(name, _)| *name != header::COOKIE) {
        let value = text(value);
        joined
            .entry(name.as_str())
            .and_modify(|before| {
                let before = before.to_mut();
                before.push(',');
                before.push_str(&value);
            })
            .or_insert(value);
    }
    joined
}

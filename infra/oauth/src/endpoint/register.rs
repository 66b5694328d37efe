//! `/register`: clients that have no metadata document (RFC 7591; deprecated by MCP 2026-07-28). Nothing is stored:
//! the client id is what was registered, sealed.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use crate::access::{ClientLabel, Outcome};
use crate::client::{MAX_REDIRECT_URIS, Registration, clean, label};
use crate::error::ClientError;
use crate::front::Front;
use crate::redirect_uri::RedirectUri;
use crate::throttle::{Rate, Throttle};

/// Who sent a request, if no connection says so.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// Registrations counted by address; `None` is everyone whose address is not known.
pub(crate) type Registrations = Throttle<Option<IpAddr>>;

/// Per address: ten at once, one more every six seconds.
const PER_ADDRESS: Rate = Rate { burst: 10, interval: Duration::from_secs(6) };

/// In all: a hundred at once, two more every second.
const IN_ALL: Rate = Rate { burst: 100, interval: Duration::from_millis(500) };

/// What a client may say about itself and matters here (RFC 7591, section 2).
#[derive(Deserialize)]
struct Metadata {
    #[serde(default)]
    redirect_uris: Vec<String>,
    client_name: Option<String>,
    grant_types: Option<Vec<String>>,
    response_types: Option<Vec<String>>,
}

pub(crate) fn throttle() -> Registrations {
    Throttle::new(PER_ADDRESS, IN_ALL)
}

/// Answers a client id.
pub(crate) async fn register(State(front): State<Arc<Front>>, parts: Parts, body: Bytes) -> Response {
    match front.registrations.take(address(&front, &parts)) {
        Ok(()) => answer(&front, &body).unwrap_or_else(IntoResponse::into_response),
        Err(wait) => ClientError::throttled(wait).into_response(),
    }
}

fn answer(front: &Front, body: &[u8]) -> Result<Response, ClientError> {
    let invalid = |description| ClientError::bad("invalid_client_metadata", description);
    let metadata: Metadata =
        serde_json::from_slice(body).map_err(|_| invalid("the body is no client metadata in JSON"))?;
    let lacks = |values: &Option<Vec<String>>, wanted: &str| {
        values.as_ref().is_some_and(|values| !values.iter().any(|value| value == wanted))
    };
    if lacks(&metadata.grant_types, "authorization_code") || lacks(&metadata.response_types, "code") {
        return Err(invalid("clients use authorization codes here"));
    }
    let invalid_uri = |description| ClientError::bad("invalid_redirect_uri", description);
    if metadata.redirect_uris.is_empty() || metadata.redirect_uris.len() > MAX_REDIRECT_URIS {
        return Err(invalid_uri("there are no redirect_uris, or too many"));
    }
    for uri in &metadata.redirect_uris {
        RedirectUri::parse(uri).map_err(invalid_uri)?;
    }
    let name = clean(metadata.client_name.as_deref());
    let registration = Registration { name, redirect_uris: metadata.redirect_uris, issued_at: front.seals.now() };
    let client_id =
        front.clients.register(&registration).ok_or(invalid("name and redirect_uris are too long together"))?;
    let Registration { name, redirect_uris, issued_at } = registration;
    let document = Json(json!({
        "client_id": client_id,
        "client_id_issued_at": issued_at,
        "client_name": name,
        "redirect_uris": redirect_uris,
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
    }));
    let mut response = (StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], document).into_response();
    response.extensions_mut().insert(Outcome("registered"));
    response.extensions_mut().insert(ClientLabel(label(&client_id)));
    Ok(response)
}

/// Who registers. A header is believed only if it came through the front door.
fn address(front: &Front, parts: &Parts) -> Option<IpAddr> {
    let told = front.is_behind_a_door().then(|| viewer(&parts.headers)).flatten();
    let peer = parts.extensions.get::<Peer>().map(|peer| peer.0);
    let connection = || parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|connection| connection.0.ip());
    told.or(peer).or_else(connection).map(network)
}

/// CloudFront's word for who it serves: an address and a port.
fn viewer(headers: &HeaderMap) -> Option<IpAddr> {
    let (address, _) = headers.get("cloudfront-viewer-address")?.to_str().ok()?.rsplit_once(':')?;
    address.trim_matches(['[', ']']).parse().ok()
}

/// One customer has a whole /64 of IPv6.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
    }
}

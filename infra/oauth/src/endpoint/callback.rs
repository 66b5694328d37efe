//! `/callback`: the upstream sends the person back (RFC 6749, section 4.1.2).

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};

use crate::browser::Browser;
use crate::error::AuthorizationError;
use crate::front::Front;
use crate::page::Refusal;
use crate::parameters::Parameters;
use crate::redirect_uri::RedirectUri;
use crate::seals::{Code, Journey, MAX_RETURNED};
use crate::upstream::UpstreamError;
use crate::way_back::WayBack;

/// Longest code of an upstream, in bytes.
const MAX_CODE: usize = 2048;

/// Longest of the other parameters, in bytes.
const MAX_PARAMETER: usize = 512;

/// Gives the client its code.
pub(crate) async fn callback(
    State(front): State<Arc<Front>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let parameters = Parameters::parse(query.unwrap_or_default().as_bytes());
    let state = parameters.get("state", MAX_RETURNED).ok().flatten();
    let Some(journey) = state.and_then(|state| front.seals.open::<Journey>(state)) else {
        return Refusal::Expired.into_response();
    };
    if !Browser::is(&headers, &front.issuer, &journey.browser) {
        return Refusal::Browser.into_response();
    }
    let Ok(redirect_uri) = RedirectUri::parse(&journey.grant.redirect_uri) else {
        return Refusal::Expired.into_response();
    };
    let way_back = WayBack { issuer: &front.issuer, redirect_uri, state: journey.state.clone() };
    match code(&front, &parameters, journey).await {
        Ok(code) => way_back.code(&code),
        Err(error) => way_back.error(error),
    }
}

async fn code(front: &Front, parameters: &Parameters, journey: Journey) -> Result<String, AuthorizationError> {
    let get = |name, longest| parameters.get(name, longest).map_err(|_| AuthorizationError::ServerError);
    let sent = front.upstream.sent(get("iss", MAX_PARAMETER)?).await.map_err(|error| unavailable(&error))?;
    if !sent {
        tracing::warn!("an authorization response does not come from the provider it was asked of");
        return Err(AuthorizationError::ServerError);
    }
    if let Some(error) = get("error", MAX_PARAMETER)? {
        return Err(refusal(error));
    }
    let upstream = get("code", MAX_CODE)?.ok_or(AuthorizationError::ServerError)?.to_owned();
    let Journey { grant, verifier, .. } = journey;
    Ok(front.seals.seal(&Code { grant, upstream, verifier })?)
}

fn unavailable(error: &UpstreamError) -> AuthorizationError {
    tracing::warn!(%error, "nobody can sign in");
    AuthorizationError::TemporarilyUnavailable
}

/// The client learns what it can act on.
fn refusal(error: &str) -> AuthorizationError {
    match error {
        "access_denied" => AuthorizationError::AccessDenied,
        "invalid_scope" => AuthorizationError::InvalidScope,
        "invalid_target" => AuthorizationError::InvalidTarget,
        "temporarily_unavailable" => AuthorizationError::TemporarilyUnavailable,
        _ => AuthorizationError::ServerError,
    }
}

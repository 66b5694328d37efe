//! `/consent`: what the person decides, in the browser that was asked.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};

use crate::access::Outcome;
use crate::browser::Browser;
use crate::error::AuthorizationError;
use crate::front::Front;
use crate::page::Refusal;
use crate::parameters::Parameters;
use crate::pkce::Verifier;
use crate::redirect_uri::RedirectUri;
use crate::seals::{Journey, MAX_RETURNED, Ticket};
use crate::way_back::{WayBack, see_other};

/// Sends the person on to sign in, or back.
pub(crate) async fn consent(State(front): State<Arc<Front>>, headers: HeaderMap, body: Bytes) -> Response {
    let form = Parameters::parse(&body);
    let ticket = form.get("ticket", MAX_RETURNED).ok().flatten().and_then(|ticket| front.seals.open::<Ticket>(ticket));
    let Some(ticket) = ticket else { return Refusal::Expired.into_response() };
    if !from_this_site(&headers) || !Browser::is(&headers, &front.issuer, &ticket.browser) {
        return Refusal::Browser.into_response();
    }
    let Ok(redirect_uri) = RedirectUri::parse(&ticket.grant.redirect_uri) else {
        return Refusal::Expired.into_response();
    };
    let way_back = WayBack { issuer: &front.issuer, redirect_uri, state: ticket.state.clone() };
    match form.get("decision", 16) {
        Ok(Some("allow")) => sign_in(&front, ticket).await.unwrap_or_else(|error| way_back.error(error)),
        _ => way_back.error(AuthorizationError::AccessDenied),
    }
}

async fn sign_in(front: &Front, ticket: Ticket) -> Result<Response, AuthorizationError> {
    let Ticket { grant, state, browser, login_hint, prompt } = ticket;
    let journey = Journey { grant, state, browser, verifier: Verifier::random()? };
    let sealed = front.seals.seal(&journey)?;
    let hints = [("login_hint", login_hint), ("prompt", prompt)];
    let hints: Vec<_> = hints.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?))).collect();
    let url = front.upstream.sign_in(&journey, &sealed, &hints).await.map_err(|error| {
        tracing::warn!(%error, "nobody can sign in");
        AuthorizationError::TemporarilyUnavailable
    })?;
    let mut response = see_other(url.as_str());
    response.extensions_mut().insert(Outcome("allowed"));
    Ok(response)
}

/// Browsers say where a form came from. `Origin` would be `null`, because pages send no referrer.
fn from_this_site(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_none_or(|site| site == "same-origin")
}

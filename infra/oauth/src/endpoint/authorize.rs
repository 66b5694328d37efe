//! `/authorize`: a client sends a person (RFC 6749, section 4.1.1). Until it is known that the client and its
//! redirect URI belong together, mistakes are shown and nobody is sent anywhere; after that they go back to the client,
//! by themselves or, if nobody vouches for it, by a link.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse as _, Response};

use crate::access::{ClientLabel, Outcome};
use crate::browser::Browser;
use crate::client::{Client, MAX_CLIENT_ID, NoClient, label};
use crate::error::AuthorizationError;
use crate::front::Front;
use crate::page::{Consent, Refusal};
use crate::parameters::{InvalidParameter, Parameters};
use crate::pkce::{Challenge, sha256};
use crate::redirect_uri::MAX_REDIRECT_URI;
use crate::scope::{MAX_SCOPES, Scopes};
use crate::seals::{Grant, MAX_CARRIED, Ticket};
use crate::way_back::WayBack;

/// Longest `state`, in bytes: it has to fit into the `state` the upstream gets.
const MAX_STATE: usize = 1024;

/// Longest of the other parameters, in bytes.
const MAX_PARAMETER: usize = 512;

/// Values of `prompt` that the upstream is told (OpenID Connect Core, section 3.1.2.1).
const PROMPTS: [&str; 2] = ["login", "select_account"];

/// Answers the consent page.
pub(crate) async fn authorize(
    State(front): State<Arc<Front>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let parameters = Parameters::parse(query.unwrap_or_default().as_bytes());
    let Ok(Some(client_id)) = parameters.get("client_id", MAX_CLIENT_ID) else {
        return Refusal::Client("The request does not say, in one way, which application it comes from.")
            .into_response();
    };
    let mut response = match front.clients.find(client_id).await {
        Ok(client) => answer(&front, &headers, &parameters, &client, client_id),
        Err(error) => refuse(client_id, &error),
    };
    response.extensions_mut().insert(ClientLabel(label(client_id)));
    response
}

fn refuse(client_id: &str, error: &NoClient) -> Response {
    tracing::info!(client = label(client_id), %error, "no client");
    let text = match error {
        NoClient::Unknown => "The application is unknown here. It may have to register again.",
        NoClient::Host => "Applications described at this address may not sign in here.",
        NoClient::Unreachable(_) => "The application's description could not be fetched from where it should be.",
        NoClient::Document(_) => "The application's description is not in order.",
        NoClient::Throttled => return Refusal::TooMany.into_response(),
    };
    Refusal::Client(text).into_response()
}

fn answer(front: &Front, headers: &HeaderMap, parameters: &Parameters, client: &Client, client_id: &str) -> Response {
    let asked = parameters.get("redirect_uri", MAX_REDIRECT_URI).ok().flatten();
    let Some(redirect_uri) = asked.and_then(|asked| client.redirect_uri(asked)) else {
        return Refusal::RedirectUri.into_response();
    };
    let state = state(parameters);
    let way_back = WayBack { issuer: &front.issuer, redirect_uri, state: state.ok().flatten().map(str::to_owned) };
    let asked = state.map_err(Into::into).and_then(|_| ticket(front, headers, parameters, client_id, &way_back));
    match asked.and_then(|(ticket, browser)| Ok((sealed(front, &ticket)?, ticket, browser))) {
        Ok((sealed, ticket, browser)) => {
            let page = Consent::new(front, client, &way_back.redirect_uri, &ticket.grant.scopes, &sealed);
            let mut response = page.into_response();
            response.headers_mut().extend(browser.cookie(&front.issuer).map(|cookie| (SET_COOKIE, cookie)));
            response.extensions_mut().insert(Outcome("asked"));
            response
        }
        // Anybody can register and have a link of the front's lead to a page of theirs (RFC 9700, section 4.11.2).
        Err(error) if !client.is_trusted && !way_back.redirect_uri.is_this_machine() => way_back.offer(error),
        Err(error) => way_back.error(error),
    }
}

/// Printable ASCII (RFC 6749, appendix A.5).
fn state(parameters: &Parameters) -> Result<Option<&str>, InvalidParameter> {
    let state = parameters.get("state", MAX_STATE)?;
    let is_printable = |state: &str| state.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if state.is_none_or(is_printable) { Ok(state) } else { Err(InvalidParameter) }
}

fn sealed(front: &Front, ticket: &Ticket) -> Result<String, AuthorizationError> {
    let sealed = front.seals.seal(ticket)?;
    let too_long = AuthorizationError::InvalidRequest("the parameters are too long together");
    if sealed.len() <= MAX_CARRIED { Ok(sealed) } else { Err(too_long) }
}

/// Checks what the client asks for.
fn ticket(
    front: &Front,
    headers: &HeaderMap,
    parameters: &Parameters,
    client_id: &str,
    way_back: &WayBack<'_>,
) -> Result<(Ticket, Browser), AuthorizationError> {
    let get = |name| parameters.get(name, MAX_PARAMETER);
    match get("response_type")? {
        Some("code") => {}
        Some(_) => return Err(AuthorizationError::UnsupportedResponseType),
        None => return Err(AuthorizationError::InvalidRequest("the response_type is missing")),
    }
    if get("response_mode")?.is_some_and(|mode| mode != "query") {
        return Err(AuthorizationError::InvalidRequest("the response_mode has to be query"));
    }
    // Left out, the method would be plain.
    if get("code_challenge_method")? != Some("S256") {
        return Err(AuthorizationError::InvalidRequest("the code_challenge_method has to be S256"));
    }
    let challenge = get("code_challenge")?.and_then(Challenge::new);
    let challenge =
        challenge.ok_or(AuthorizationError::InvalidRequest("the code_challenge has to be a SHA-256 digest"))?;
    if get("resource")?.is_some_and(|named| !front.resource.is(named)) {
        return Err(AuthorizationError::InvalidTarget);
    }
    let prompt = get("prompt")?;
    if prompt == Some("none") {
        return Err(AuthorizationError::InteractionRequired);
    }
    let grant = Grant {
        client: sha256(client_id),
        redirect_uri: way_back.redirect_uri.as_str().to_owned(),
        challenge,
        resource: front.resource.as_str().to_owned(),
        scopes: scopes(&front.scopes, parameters.get("scope", MAX_SCOPES)?)?,
    };
    let browser = Browser::known_or_new(headers, &front.issuer)?;
    let ticket = Ticket {
        grant,
        state: way_back.state.clone(),
        browser: browser.digest(),
        login_hint: get("login_hint")?.map(str::to_owned),
        prompt: prompt.filter(|prompt| PROMPTS.contains(prompt)).map(str::to_owned),
    };
    Ok((ticket, browser))
}

/// The scopes asked for that there are; all if none are named (RFC 6749, section 3.3). Others are left out, and the
/// token answer says so, unless nothing would remain.
fn scopes(offered: &Scopes, asked: Option<&str>) -> Result<Scopes, AuthorizationError> {
    let Some(asked) = asked.filter(|_| !offered.is_empty()) else { return Ok(offered.clone()) };
    let asked: Scopes = asked.parse().map_err(|_| AuthorizationError::InvalidScope)?;
    Some(asked.within(offered)).filter(|scopes| !scopes.is_empty()).ok_or(AuthorizationError::InvalidScope)
}

impl From<InvalidParameter> for AuthorizationError {
    fn from(_: InvalidParameter) -> Self {
        Self::InvalidRequest("a parameter is repeated or too long")
    }
}

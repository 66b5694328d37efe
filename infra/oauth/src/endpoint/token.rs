//! `/token`: a client redeems its code, or refreshes (RFC 6749, sections 4.1.3 and 6). Everything is checked before
//! the upstream hears of it, so a stolen code is not used up by whoever cannot redeem it.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::access::{ClientLabel, Outcome};
use crate::client::{MAX_CLIENT_ID, label};
use crate::error::ClientError;
use crate::front::Front;
use crate::parameters::{InvalidParameter, Parameters};
use crate::pkce::sha256;
use crate::redirect_uri::MAX_REDIRECT_URI;
use crate::scope::{MAX_SCOPES, Scopes};
use crate::seals::{Code, Refresh};
use crate::upstream::{Refusal, Tokens, UpstreamError};

/// Longest code or refresh token, in bytes: what is sealed, sealed.
pub(crate) const MAX_SEALED: usize = 16 * 1024;

/// Longest of the other parameters, in bytes.
const MAX_PARAMETER: usize = 512;

#[derive(Serialize)]
struct Answer<'a> {
    access_token: &'a str,
    token_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_in: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
}

/// Answers the upstream's access token.
pub(crate) async fn token(State(front): State<Arc<Front>>, headers: HeaderMap, body: Bytes) -> Response {
    let form = Parameters::parse(&body);
    let client_id = form.get("client_id", MAX_CLIENT_ID).ok().flatten();
    let answer = match client_id {
        _ if headers.contains_key(header::AUTHORIZATION) => Err(ClientError::invalid_client()),
        Some(client_id) if !front.clients.admit(client_id) => {
            Err(ClientError::bad("unauthorized_client", "applications described at this address may not sign in here"))
        }
        Some(client_id) => issue(&front, &form, &sha256(client_id)).await,
        None => Err(ClientError::invalid_request("the client_id is missing, repeated or too long")),
    };
    let mut response = answer.unwrap_or_else(IntoResponse::into_response);
    if let Some(client_id) = client_id {
        response.extensions_mut().insert(ClientLabel(label(client_id)));
    }
    response
}

async fn issue(front: &Front, form: &Parameters, client: &str) -> Result<Response, ClientError> {
    if form.get("resource", MAX_PARAMETER)?.is_some_and(|named| !front.resource.is(named)) {
        return Err(ClientError::bad("invalid_target", "this is not the resource tokens are issued for"));
    }
    match form.get("grant_type", MAX_PARAMETER)? {
        Some("authorization_code") => redeem(front, form, client).await,
        Some("refresh_token") => refresh(front, form, client).await,
        Some(_) => Err(ClientError::bad("unsupported_grant_type", "use authorization_code or refresh_token")),
        None => Err(ClientError::invalid_request("the grant_type is missing")),
    }
}

async fn redeem(front: &Front, form: &Parameters, client: &str) -> Result<Response, ClientError> {
    let code = form.get("code", MAX_SEALED)?.ok_or(ClientError::invalid_request("the code is missing"))?;
    let verifier = form.get("code_verifier", MAX_PARAMETER)?;
    let verifier = verifier.ok_or(ClientError::invalid_request("the code_verifier is missing"))?;
    let invalid = ClientError::invalid_grant("the code is expired, or not this client's, or not for this verifier");
    let Code { grant, upstream, verifier: own } = front.seals.open(code).ok_or(invalid)?;
    // OAuth 2.1 leaves the redirect URI out here: the challenge says more.
    let redirect_uri = form.get("redirect_uri", MAX_REDIRECT_URI)?.unwrap_or(&grant.redirect_uri);
    let is_theirs = grant.client == client && grant.redirect_uri == redirect_uri && grant.challenge.is_met_by(verifier);
    if !is_theirs || grant.resource != front.resource.as_str() {
        return Err(invalid);
    }
    let tokens = front.upstream.redeem(&upstream, &own, &grant).await.map_err(|error| failure(&error))?;
    answer(front, &tokens, client, &tokens.scopes)
}

async fn refresh(front: &Front, form: &Parameters, client: &str) -> Result<Response, ClientError> {
    let token = form.get("refresh_token", MAX_SEALED)?;
    let token = token.ok_or(ClientError::invalid_request("the refresh_token is missing"))?;
    let invalid = ClientError::invalid_grant("the refresh token is unknown, or not this client's");
    let known: Refresh = front.seals.open(token).ok_or(invalid)?;
    if known.client != client || known.resource != front.resource.as_str() {
        return Err(invalid);
    }
    let fewer = match form.get("scope", MAX_SCOPES)? {
        Some(scopes) => Some(fewer(scopes, &known.scopes)?),
        None => None,
    };
    let tokens = front.upstream.refresh(&known.upstream, &known.scopes, fewer.as_ref()).await;
    answer(front, &tokens.map_err(|error| failure(&error))?, client, &known.scopes)
}

fn fewer(asked: &str, granted: &Scopes) -> Result<Scopes, ClientError> {
    let asked = asked.parse().ok().filter(|asked| granted.contains_all(asked));
    asked.ok_or(ClientError::bad("invalid_scope", "a refresh token gives no more scopes than it was issued for"))
}

/// A new refresh token is good for all that was granted, whatever this access token is for (RFC 6749, section 6).
fn answer(front: &Front, tokens: &Tokens, client: &str, granted: &Scopes) -> Result<Response, ClientError> {
    let refresh_token = tokens.refresh_token.as_ref().map(|upstream| {
        let resource = front.resource.as_str().to_owned();
        let refresh =
            Refresh { upstream: upstream.clone(), client: client.to_owned(), resource, scopes: granted.clone() };
        front.seals.seal(&refresh)
    });
    let answer = Answer {
        access_token: &tokens.access_token,
        token_type: "Bearer",
        expires_in: tokens.expires_in,
        refresh_token: refresh_token.transpose()?,
        scope: Some(tokens.scopes.joined()).filter(|scopes| !scopes.is_empty()),
    };
    let mut response = ([(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response();
    response.extensions_mut().insert(Outcome("issued"));
    Ok(response)
}

/// The client learns what it can act on; the log learns the rest.
pub(crate) fn failure(error: &UpstreamError) -> ClientError {
    tracing::warn!(%error, "the provider has not done what it was asked");
    match error {
        UpstreamError::Refused(Refusal::Grant) => ClientError::invalid_grant("it is used, expired or revoked"),
        UpstreamError::Refused(Refusal::Scope) => ClientError::bad("invalid_scope", "these scopes are not granted"),
        UpstreamError::Unreachable(_) | UpstreamError::Status(_) => ClientError::unavailable(),
        _ => ClientError::server_error(),
    }
}

impl From<InvalidParameter> for ClientError {
    fn from(_: InvalidParameter) -> Self {
        Self::invalid_request("a parameter is repeated or too long")
    }
}

//! `/revoke`: a client gives a refresh token back (RFC 7009).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::token::{MAX_SEALED, failure};
use crate::access::Outcome;
use crate::client::MAX_CLIENT_ID;
use crate::error::ClientError;
use crate::front::Front;
use crate::parameters::Parameters;
use crate::pkce::sha256;
use crate::seals::Refresh;
use crate::upstream::{Refusal, UpstreamError};

/// Ends a refresh token; to end what is unknown is no mistake.
pub(crate) async fn revoke(State(front): State<Arc<Front>>, headers: HeaderMap, body: Bytes) -> Response {
    if headers.contains_key(header::AUTHORIZATION) {
        return ClientError::invalid_client().into_response();
    }
    match end(&front, &Parameters::parse(&body)).await {
        Ok(outcome) => {
            let mut response = (StatusCode::OK, [(header::CACHE_CONTROL, "no-store")]).into_response();
            response.extensions_mut().insert(outcome);
            response
        }
        Err(error) => error.into_response(),
    }
}

async fn end(front: &Front, form: &Parameters) -> Result<Outcome, ClientError> {
    let token = form.get("token", MAX_SEALED)?.ok_or(ClientError::invalid_request("the token is missing"))?;
    let Some(known) = front.seals.open::<Refresh>(token) else {
        return match form.get("token_type_hint", 64)? {
            // It lives until it expires: resource servers do not ask whether it still does.
            Some("access_token") => {
                Err(ClientError::bad("unsupported_token_type", "only refresh tokens can be revoked"))
            }
            _ => Ok(Outcome("unknown")),
        };
    };
    if form.get("client_id", MAX_CLIENT_ID)?.is_some_and(|client_id| sha256(client_id) != known.client) {
        return Err(ClientError::invalid_grant("the token is another client's"));
    }
    match front.upstream.revoke(&known.upstream).await {
        Ok(()) | Err(UpstreamError::Refused(Refusal::Grant)) => Ok(Outcome("revoked")),
        Err(UpstreamError::NoRevocation) => {
            Err(ClientError::bad("unsupported_token_type", "the identity provider does not revoke tokens"))
        }
        Err(error) => Err(failure(&error)),
    }
}

//! The answer to a request without a good token (rules ).

use http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, Response};
use penstock_protocol::jsonrpc::{self, ErrorObject};
use serde_json::json;

use super::{Body, response};
use crate::auth::{Auth, Refusal};
use crate::gateway::Gateway;

/// When to try again while an issuer cannot be reached, in seconds.
const RETRY_SECONDS: u16 = 5;

/// Says no. What the header says stands in the body too: function URLs rename the header.
pub(super) fn answer(gateway: &Gateway, refusal: Refusal) -> Response<Body> {
    let (status, reason) = (refusal.status(), refusal.to_string());
    tracing::info!(status = status.as_u16(), reason, "a request was not let in");
    let mut error = ErrorObject::new(status.as_u16().into(), reason.clone());
    let mut header = None;
    match (refusal, gateway.auth()) {
        (Refusal::KeysUnavailable, _) => {
            error = error.with_data(&json!({ "retryAfterMs": u32::from(RETRY_SECONDS) * 1000 }));
            header = Some((RETRY_AFTER, HeaderValue::from(RETRY_SECONDS)));
        }
        (_, Auth::OAuth(verifier)) => {
            let challenge = verifier.challenge(refusal, &reason);
            error = error.with_data(&json!({ "wwwAuthenticate": challenge.to_string() }));
            header = Some((WWW_AUTHENTICATE, challenge.header()));
        }
        (_, Auth::None | Auth::Trusted) => {}
    }
    let mut response = response::json(status, jsonrpc::error_response(None, &error).into());
    response.headers_mut().extend(header);
    response
}

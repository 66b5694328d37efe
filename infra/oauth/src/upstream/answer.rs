//! Answers of the provider's token endpoint (RFC 6749, sections 5.1 and 5.2).

use axum::http::StatusCode;
use penstock_fetch::Fetched;
use serde::Deserialize;

use super::UpstreamError;
use crate::scope::Scopes;

/// Longest refresh token the front seals, in bytes.
const MAX_REFRESH_TOKEN: usize = 8 * 1024;

/// What the provider has issued. An ID token is not among it: it is for the front, not for its clients.
pub(crate) struct Tokens {
    pub(crate) access_token: String,
    /// Seconds.
    pub(crate) expires_in: Option<u64>,
    pub(crate) scopes: Scopes,
    pub(crate) refresh_token: Option<String>,
}

/// Why the provider refuses, by the codes it may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The code or refresh token is used, expired or revoked.
    Grant,
    /// More scopes than were granted.
    Scope,
    /// The front's own registration there is not in order.
    Client,
    /// Anything else.
    Other,
}

#[derive(Deserialize)]
struct Answer {
    access_token: String,
    token_type: String,
    expires_in: Option<u64>,
    scope: Option<String>,
    refresh_token: Option<String>,
}

#[derive(Deserialize)]
struct Error {
    error: String,
}

/// `None` if the answer is none, or not about bearer tokens. Scopes left out are the ones `asked` for.
pub(super) fn tokens(answer: &Fetched, asked: &Scopes) -> Option<Tokens> {
    let answer: Answer = serde_json::from_slice(&answer.body).ok()?;
    if !answer.token_type.eq_ignore_ascii_case("bearer") {
        return None;
    }
    Some(Tokens {
        access_token: answer.access_token,
        expires_in: answer.expires_in,
        scopes: answer.scope.and_then(|scope| scope.parse().ok()).unwrap_or_else(|| asked.clone()),
        refresh_token: answer.refresh_token.filter(|token| token.len() <= MAX_REFRESH_TOKEN),
    })
}

/// What an answer other than success means.
pub(super) fn refusal(answer: &Fetched) -> UpstreamError {
    let code = serde_json::from_slice(&answer.body).map(|error: Error| error.error);
    match (answer.status, code.as_deref()) {
        (status, _) if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
            UpstreamError::Status(status.as_u16())
        }
        (_, Ok("invalid_grant")) => UpstreamError::Refused(Refusal::Grant),
        (_, Ok("invalid_scope")) => UpstreamError::Refused(Refusal::Scope),
        (_, Ok("invalid_client" | "unauthorized_client")) => UpstreamError::Refused(Refusal::Client),
        _ => UpstreamError::Refused(Refusal::Other),
    }
}

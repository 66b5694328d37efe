//! What the front says when it refuses: to the person, to the client's redirect URI, or to the client itself. The texts
//! are the front's own; nobody else's words are passed on.

use std::time::Duration;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use penstock_seal::NoRandomness;
use serde_json::json;

use crate::access::Outcome;

/// An answer to the client's redirect URI (RFC 6749, section 4.1.2.1; RFC 8707, section 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AuthorizationError {
    InvalidRequest(&'static str),
    UnsupportedResponseType,
    InvalidScope,
    InvalidTarget,
    AccessDenied,
    InteractionRequired,
    ServerError,
    TemporarilyUnavailable,
}

impl AuthorizationError {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::InvalidRequest(_) => "invalid_request",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::InvalidTarget => "invalid_target",
            Self::AccessDenied => "access_denied",
            Self::InteractionRequired => "interaction_required",
            Self::ServerError => "server_error",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
        }
    }

    pub(crate) const fn description(self) -> &'static str {
        match self {
            Self::InvalidRequest(what) => what,
            Self::UnsupportedResponseType => "the response_type has to be code",
            Self::InvalidScope => "none of these scopes can be asked for",
            Self::InvalidTarget => "this is not the resource tokens are issued for",
            Self::AccessDenied => "access was not granted",
            Self::InteractionRequired => "the person has to be asked",
            Self::ServerError => "the sign-in could not be completed",
            Self::TemporarilyUnavailable => "the identity provider does not answer",
        }
    }
}

impl From<NoRandomness> for AuthorizationError {
    fn from(_: NoRandomness) -> Self {
        Self::ServerError
    }
}

/// An answer to the client (RFC 6749, section 5.2; RFC 7009, section 2.2.1; RFC 7591, section 3.2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ClientError {
    status: StatusCode,
    code: &'static str,
    description: &'static str,
    retry_after: Option<Duration>,
}

impl ClientError {
    const fn new(status: StatusCode, code: &'static str, description: &'static str) -> Self {
        Self { status, code, description, retry_after: None }
    }

    pub(crate) const fn bad(code: &'static str, description: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, description)
    }

    pub(crate) const fn invalid_request(description: &'static str) -> Self {
        Self::bad("invalid_request", description)
    }

    pub(crate) const fn invalid_grant(description: &'static str) -> Self {
        Self::bad("invalid_grant", description)
    }

    /// The client tried to authenticate by its `Authorization` header.
    pub(crate) const fn invalid_client() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "invalid_client", "clients have no secret here")
    }

    pub(crate) const fn server_error() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "server_error", "the request could not be completed")
    }

    pub(crate) const fn unavailable() -> Self {
        let description = "the identity provider does not answer";
        let mut error = Self::new(StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable", description);
        error.retry_after = Some(Duration::from_secs(5));
        error
    }

    pub(crate) const fn throttled(wait: Duration) -> Self {
        let mut error = Self::new(StatusCode::TOO_MANY_REQUESTS, "temporarily_unavailable", "too many requests");
        error.retry_after = Some(wait);
        error
    }
}

impl From<NoRandomness> for ClientError {
    fn from(_: NoRandomness) -> Self {
        Self::server_error()
    }
}

impl IntoResponse for ClientError {
    fn into_response(self) -> Response {
        let body = Json(json!({ "error": self.code, "error_description": self.description }));
        let mut response = (self.status, [(header::CACHE_CONTROL, "no-store")], body).into_response();
        if let Some(wait) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs() + 1));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"oauth\""));
        }
        response.extensions_mut().insert(Outcome(self.code));
        response
    }
}

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use ring::error::Unspecified;
use serde::Serialize;

/// An error of OAuth 2.0: a code and what it means here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) struct Refusal {
    #[serde(rename = "error")]
    pub(super) code: &'static str,
    #[serde(rename = "error_description")]
    pub(super) description: &'static str,
}

impl Refusal {
    pub(super) const fn new(code: &'static str, description: &'static str) -> Self {
        Self { code, description }
    }

    pub(super) const fn invalid_request(description: &'static str) -> Self {
        Self::new("invalid_request", description)
    }

    pub(super) const fn invalid_client() -> Self {
        Self::new("invalid_client", "the client is unknown, or did not authenticate as it is registered to")
    }

    pub(super) const fn invalid_grant(description: &'static str) -> Self {
        Self::new("invalid_grant", description)
    }

    pub(super) const fn invalid_scope() -> Self {
        Self::new("invalid_scope", "there is no such scope")
    }

    /// RFC 8707, section 2.
    pub(super) const fn invalid_target() -> Self {
        Self::new("invalid_target", "tokens are issued for one resource, and this is another")
    }
}

/// The system gave no randomness.
impl From<Unspecified> for Refusal {
    fn from(Unspecified: Unspecified) -> Self {
        Self::new("server_error", "the provider cannot make a token")
    }
}

/// As RFC 6749, section 5.2, has it.
impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = match self.code {
            "invalid_client" => StatusCode::UNAUTHORIZED,
            "server_error" => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        };
        let mut response = (status, Json(self)).into_response();
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Basic realm=\"Penstock development\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

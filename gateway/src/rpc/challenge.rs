//! What tells a client which scopes to ask for (rule A-6; RFC 6750, section 3).

use http::HeaderValue;

use super::failure::Failure;
use crate::auth::challenge::Challenge;

/// The caller's token lacks a scope the operation needs.
#[derive(Debug, Clone)]
pub(crate) struct InsufficientScope {
    /// All the operation needs, those the caller has among them: a client asks for what it is told.
    pub(crate) scopes: Vec<String>,
    /// Where the protected resource's metadata is (RFC 9728, section 5.1).
    pub(crate) resource_metadata: Option<String>,
}

impl InsufficientScope {
    /// The value of `WWW-Authenticate`.
    pub(crate) fn challenge(&self) -> String {
        let challenge = Challenge {
            error: "insufficient_scope",
            description: "the token lacks a scope",
            scope: &self.scopes.join(" "),
            resource_metadata: self.resource_metadata.as_deref().unwrap_or_default(),
        };
        challenge.to_string()
    }
}

/// The `WWW-Authenticate` a refusal goes with, if it does.
pub(super) fn challenge_header(failure: &Failure) -> Option<HeaderValue> {
    match failure {
        Failure::InsufficientScope(lacking) => HeaderValue::from_str(&lacking.challenge()).ok(),
        _ => None,
    }
}

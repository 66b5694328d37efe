//! What tells a client which scopes to ask for (rule A-6; RFC 6750, section 3).

use http::HeaderValue;

use super::failure::Failure;

/// The caller's token lacks a scope the operation needs.
#[derive(Debug, Clone)]
pub(crate) struct InsufficientScope {
    /// All the operation needs, those the caller has among them: a client asks for what it is told.
    pub(crate) scopes: Vec<String>,
    /// Where the protected resource's metadata is (RFC 9728, section 5.1).
    pub(crate) resource_metadata: Option<String>,
}

impl InsufficientScope {
    /// The value of `WWW-Authenticate`. Scopes hold no quotation mark; manifests see to that.
    pub(crate) fn challenge(&self) -> String {
        let scopes = self.scopes.join(" ");
        let metadata = self.resource_metadata.as_ref();
        let metadata = metadata.map_or_else(String::new, |url| format!(r#", resource_metadata="{url}""#));
        format!(
            r#"Bearer error="insufficient_scope", scope="{scopes}"{metadata}, error_description="the token lacks a scope""#
        )
    }
}

/// The `WWW-Authenticate` a refusal goes with, if it does.
pub(super) fn challenge_header(failure: &Failure) -> Option<HeaderValue> {
    match failure {
        Failure::InsufficientScope(lacking) => HeaderValue::from_str(&lacking.challenge()).ok(),
        _ => None,
    }
}

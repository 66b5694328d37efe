//! What the provider says about itself (OpenID Connect Discovery 1.0, section 3; RFC 8414, section 2).

use std::sync::Arc;

use axum::http::StatusCode;
use penstock_fetch::{Fetcher, configured_url};
use serde::Deserialize;

use super::UpstreamError;

#[derive(Debug, Deserialize)]
pub(super) struct Metadata {
    issuer: String,
    pub(super) authorization_endpoint: String,
    pub(super) token_endpoint: String,
    pub(super) revocation_endpoint: Option<String>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    pub(super) authorization_response_iss_parameter_supported: bool,
}

impl Metadata {
    /// Whether a client's secret travels in the `Authorization` header, which is what to expect if nothing is said.
    pub(super) fn takes_basic(&self) -> bool {
        let methods = self.token_endpoint_auth_methods_supported.as_deref();
        methods.is_none_or(|methods| methods.iter().any(|method| method == "client_secret_basic"))
    }
}

/// Asks an issuer for its metadata, which has to name the same issuer.
pub(super) async fn discover(fetcher: &Fetcher, issuer: &str) -> Result<Arc<Metadata>, UpstreamError> {
    let url = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    let answer = fetcher.get(&url).await?;
    if answer.status != StatusCode::OK {
        return Err(UpstreamError::Status(answer.status.as_u16()));
    }
    let metadata: Metadata = serde_json::from_slice(&answer.body)
        .map_err(|_| UpstreamError::Metadata("it is not JSON with its endpoints"))?;
    if metadata.issuer != issuer {
        return Err(UpstreamError::Metadata("it names another issuer"));
    }
    let endpoints =
        [Some(&metadata.authorization_endpoint), Some(&metadata.token_endpoint), metadata.revocation_endpoint.as_ref()];
    if endpoints.into_iter().flatten().any(|endpoint| configured_url(endpoint).is_err()) {
        return Err(UpstreamError::Metadata("an endpoint is not https"));
    }
    Ok(Arc::new(metadata))
}

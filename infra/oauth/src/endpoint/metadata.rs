//! What the front offers (RFC 8414).

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::front::Front;

/// Where clients look, for an issuer without a path. There is no OpenID document: the front issues no ID tokens.
pub(crate) const PATH: &str = "/.well-known/oauth-authorization-server";

/// Answers the metadata document.
pub(crate) async fn metadata(State(front): State<Arc<Front>>) -> Response {
    let issuer = &front.issuer;
    let mut document = json!({
        "issuer": issuer.as_str(),
        "authorization_endpoint": issuer.at("/authorize"),
        "token_endpoint": issuer.at("/token"),
        "revocation_endpoint": issuer.at("/revoke"),
        "registration_endpoint": issuer.at("/register"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "revocation_endpoint_auth_methods_supported": ["none"],
        "client_id_metadata_document_supported": true,
        "authorization_response_iss_parameter_supported": true,
    });
    if !front.scopes.is_empty() {
        document["scopes_supported"] = json!(front.scopes.as_slice());
    }
    ([(header::CACHE_CONTROL, "public, max-age=3600")], Json(document)).into_response()
}

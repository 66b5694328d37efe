use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::{Provider, TEST_GRANT, authorize, revoke, token};

/// Below the issuer (OIDC Discovery 1.0, section 4).
pub(super) const DISCOVERY: &str = "/.well-known/openid-configuration";

pub(super) const JWKS: &str = "/jwks";

pub(super) async fn discovery(State(provider): State<Arc<Provider>>) -> Json<Value> {
    let at = |path: &str| format!("{}{path}", provider.issuer);
    let methods = provider.settings.client.methods();
    Json(json!({
        "issuer": provider.issuer,
        "authorization_endpoint": at(authorize::PATH),
        "token_endpoint": at(token::PATH),
        "revocation_endpoint": at(revoke::PATH),
        "jwks_uri": at(JWKS),
        "scopes_supported": provider.settings.scopes,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", TEST_GRANT],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_methods_supported": methods,
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "authorization_response_iss_parameter_supported": true,
    }))
}

pub(super) async fn jwks(State(provider): State<Arc<Provider>>) -> Json<Value> {
    Json(provider.key.set())
}

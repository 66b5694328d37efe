//! The protected resource metadata document (RFC 9728, section 2; rule A-1).

use bytes::Bytes;
use serde_json::json;

use super::settings::Settings;

/// The document, which is the same for everyone.
pub(super) fn document(settings: &Settings) -> Bytes {
    let servers: Vec<&str> = match &settings.authorization_servers {
        Some(servers) => servers.0.iter().map(String::as_str).collect(),
        None => settings.issuers.0.iter().map(|issuer| issuer.issuer.as_str()).collect(),
    };
    let mut document = json!({
        "resource": settings.resource.uri(),
        "authorization_servers": servers,
        "bearer_methods_supported": ["header"],
        "resource_name": "Penstock MCP gateway",
    });
    if !settings.scopes.0.is_empty() {
        document["scopes_supported"] = json!(settings.scopes.0);
    }
    document.to_string().into()
}

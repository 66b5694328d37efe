//! The metadata of the protected resource.

use serde_json::json;

use super::{Issuer, METADATA, RESOURCE, Signer, auth, gateway, of};
use crate::support::{Draft, one_tool};

const PATHS: [&str; 2] = ["/.well-known/oauth-protected-resource/mcp", "/.well-known/oauth-protected-resource"];

/// the document of RFC 9728, at both places, for everyone, whoever the request was sent to.
#[tokio::test]
async fn the_metadata_says_what_a_client_needs_to_sign_in() {
    let issuer = Issuer::of(&[&Signer::p256("k")]).await;
    let (gateway, _worker) = gateway(&issuer.settings());
    for path in PATHS {
        let draft = Draft::new("GET", path).header("host", "abc.lambda-url.eu-west-1.on.aws");
        let response = draft.send(&gateway).await;
        assert_eq!(response.headers()["content-type"], "application/json");
        assert_eq!(response.headers()["cache-control"], "public, max-age=3600");
        let (status, document) = draft.json(&gateway).await;
        assert_eq!(status, 200);
        assert_eq!(
            document,
            json!({
                "resource": RESOURCE,
                "authorization_servers": [issuer.url],
                "scopes_supported": ["tools:read", "tools:write"],
                "bearer_methods_supported": ["header"],
                "resource_name": "Penstock MCP gateway",
            })
        );
    }
    assert_eq!(issuer.all_fetches(), 0, "it is known without asking");
    let (_, page) = Draft::new("GET", "/").json(&gateway).await;
    assert_eq!(
        (&page["authentication"], &page["resourceMetadata"]),
        (&json!("OAuth 2.1 access tokens"), &json!(METADATA))
    );
}

/// clients may be sent to an authorization server in front of the issuer.
#[tokio::test]
async fn the_authorization_servers_can_be_others_than_the_issuers() {
    let issuer = Issuer::of(&[&Signer::p256("k")]).await;
    let issuers = issuer.settings().to_string();
    let servers = "https://mcp.example.com, https://login.example.com/pool";
    let auth = auth(&[("PENSTOCK_ISSUERS", &issuers), ("PENSTOCK_AUTHORIZATION_SERVERS", servers)]);
    let (gateway, _worker) = of(&issuer.settings(), |services| penstock_gateway::Services { auth, ..services });
    let (_, document) = Draft::new("GET", PATHS[0]).json(&gateway).await;
    assert_eq!(document["authorization_servers"], json!(["https://mcp.example.com", "https://login.example.com/pool"]));
    assert_eq!(document.get("scopes_supported"), None, "nothing is said of scopes that are not configured");
}

/// a page finds out where to sign in before its origin is allowed to call; some send a header that a browser asks
/// about first.
#[tokio::test]
async fn pages_of_every_origin_may_read_the_metadata() {
    let issuer = Issuer::of(&[&Signer::p256("k")]).await;
    let (gateway, _worker) = gateway(&issuer.settings());
    for path in PATHS {
        for (method, status) in [("GET", 200), ("HEAD", 200), ("OPTIONS", 204), ("POST", 405)] {
            let response = Draft::new(method, path).header("origin", "https://anywhere.example").send(&gateway).await;
            assert_eq!(response.status().as_u16(), status, "{method} {path}");
            assert_eq!(response.headers()["access-control-allow-origin"], "*");
        }
    }
}

#[tokio::test]
async fn a_gateway_without_authentication_has_no_metadata() {
    let (gateway, _worker) = one_tool();
    for path in PATHS {
        assert_eq!(Draft::new("GET", path).send(&gateway).await.status(), 404);
    }
    let issuer = Issuer::of(&[&Signer::p256("k")]).await;
    let (gateway, _worker) = self::gateway(&issuer.settings());
    for other in ["/.well-known/oauth-protected-resource/", "/.well-known/oauth-protected-resource/other"] {
        assert_eq!(Draft::new("GET", other).send(&gateway).await.status(), 404, "{other}");
    }
}

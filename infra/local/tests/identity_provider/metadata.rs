use http::StatusCode;

use super::support;

#[tokio::test]
async fn the_discovery_document_names_what_is_served_and_the_issuer_says_what_it_is_for() {
    let provider = support::start().await;
    let document = provider.get("/.well-known/openid-configuration", &[]).await.json();
    let issuer = provider.provider.issuer();
    assert!(issuer.starts_with("http://127.0.0.1:") && issuer.ends_with("/development-only"), "{issuer}");
    assert_eq!(document["issuer"], issuer);
    assert_eq!(document["token_endpoint"], provider.provider.token_endpoint());
    assert_eq!(document["code_challenge_methods_supported"], serde_json::json!(["S256"]));
    assert_eq!(document["scopes_supported"], serde_json::json!(["cost:read", "cost:write", "openid"]));
    for endpoint in ["authorization_endpoint", "token_endpoint", "revocation_endpoint", "jwks_uri"] {
        let path = document[endpoint].as_str().and_then(|url| url.strip_prefix(issuer)).expect("below the issuer");
        let status = provider.get(path, &[]).await.status;
        assert_ne!(status, StatusCode::NOT_FOUND, "{endpoint}");
    }
}

#[tokio::test]
async fn the_key_set_holds_one_public_key_which_is_another_for_every_provider() {
    let keys = async || support::start().await.get("/jwks", &[]).await.json();
    let (one, other) = (keys().await, keys().await);
    assert_eq!(one["keys"].as_array().map(Vec::len), Some(1));
    for (member, value) in [("kty", "EC"), ("crv", "P-256"), ("alg", "ES256"), ("use", "sig")] {
        assert_eq!(one["keys"][0][member], value);
    }
    assert!(one["keys"][0].get("d").is_none(), "the private half");
    assert_ne!(one["keys"][0]["kid"], other["keys"][0]["kid"]);
}

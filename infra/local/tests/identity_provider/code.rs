use std::time::Duration;

use http::StatusCode;
use serde_json::json;

use super::support::{self, CLIENT, RESOURCE, VERIFIER, but, redemption};

#[tokio::test]
async fn a_code_is_worth_tokens_with_the_claims_of_cognitos() {
    let provider = support::start().await;
    let tokens = provider.tokens().await;
    assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("Bearer"), &json!(3600)));
    assert_eq!(tokens["scope"], "cost:read openid");
    let access = provider.claims(&tokens["access_token"]).await;
    let id = provider.claims(&tokens["id_token"]).await;
    for claims in [&access, &id] {
        assert_eq!(claims["iss"], provider.provider.issuer());
        assert_eq!(claims["cognito:groups"], json!(["developers", "finance"]));
        let seconds = |name: &str| claims[name].as_i64().expect("seconds");
        assert_eq!(seconds("exp") - seconds("iat"), 3600);
    }
    for (claim, value) in [
        ("token_use", "access"),
        ("client_id", CLIENT),
        ("username", "alice"),
        ("scope", "cost:read openid"),
        ("aud", RESOURCE),
    ] {
        assert_eq!(access[claim], value, "{claim}");
    }
    for (claim, value) in [("token_use", "id"), ("aud", CLIENT), ("cognito:username", "alice"), ("nonce", "a nonce")] {
        assert_eq!(id[claim], value, "{claim}");
    }
    assert!(id.get("scope").is_none() && id.get("client_id").is_none(), "{id}");
    assert_eq!(access["sub"], id["sub"]);
    assert_ne!(access["jti"], id["jti"]);
}

#[tokio::test]
async fn what_was_not_asked_for_or_not_granted_is_not_in_the_tokens() {
    let provider = support::start().await;
    for (changes, scope, audience) in [
        (vec![("grant.openid", ""), ("resource", "")], "cost:read", None),
        // Without a scope all are asked for; a box that was not on the page grants nothing.
        (vec![("scope", ""), ("grant.cost:write", "yes")], "cost:read cost:write", Some(RESOURCE)),
        (vec![("scope", "cost:read"), ("grant.cost:write", "yes")], "cost:read", Some(RESOURCE)),
    ] {
        let code = provider.code_for(&changes).await;
        let tokens = provider.post("/token", &redemption(&code)).await.json();
        assert_eq!(tokens["scope"], scope, "{changes:?}");
        assert!(tokens.get("id_token").is_none(), "{changes:?}");
        let claims = provider.claims(&tokens["access_token"]).await;
        assert_eq!(claims["scope"], scope);
        assert_eq!(claims.get("aud").and_then(|audience| audience.as_str()), audience);
    }
}

#[tokio::test]
async fn a_code_is_good_for_one_try_with_its_own_verifier_and_redirect_uri() {
    let provider = support::start().await;
    for (change, error) in [
        (("code_verifier", "another-verifier-of-at-least-forty-three-characters"), "invalid_grant"),
        (("redirect_uri", "https://evil.example.com/"), "invalid_grant"),
        (("code_verifier", VERIFIER), ""),
    ] {
        let code = provider.code().await;
        let answer = provider.post("/token", &but(redemption(&code), &[change])).await;
        match error {
            "" => assert_eq!(answer.status, StatusCode::OK, "{}", answer.body),
            error => assert_eq!(answer.error(), error, "{change:?}"),
        }
        let again = provider.post("/token", &redemption(&code)).await;
        assert_eq!(again.status, StatusCode::BAD_REQUEST);
        assert_eq!(again.error(), "invalid_grant", "{change:?}");
    }
}

#[tokio::test]
async fn what_is_missing_from_a_request_for_tokens_is_an_error_of_its_own_kind() {
    let provider = support::start().await;
    let code = provider.code_for(&[("resource", "")]).await;
    for (change, error) in [
        (("grant_type", ""), "invalid_request"),
        (("grant_type", "password"), "unsupported_grant_type"),
        (("code", ""), "invalid_request"),
        (("code", "unknown"), "invalid_grant"),
        (("code_verifier", ""), "invalid_request"),
        (("redirect_uri", ""), "invalid_request"),
        (("resource", "https://another.example.com/mcp"), "invalid_target"),
        // The code was not asked for with a resource. This is the try it has.
        (("resource", RESOURCE), "invalid_target"),
        (("code", &code), "invalid_grant"),
    ] {
        let answer = provider.post("/token", &but(redemption(&code), &[change])).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{change:?}");
        assert_eq!(answer.error(), error, "{change:?}");
    }
}

#[tokio::test]
async fn a_code_that_is_too_old_is_worth_nothing() {
    let provider = support::start_with(|settings| settings.code_lifetime = Duration::ZERO).await;
    let answer = provider.post("/token", &redemption(&provider.code().await)).await;
    assert_eq!(answer.error(), "invalid_grant");
}

#[tokio::test]
async fn of_more_codes_than_are_kept_the_oldest_is_worth_nothing() {
    let provider = support::start().await;
    let (oldest, next) = (provider.code().await, provider.code().await);
    for _ in 0..99 {
        provider.code().await;
    }
    assert_eq!(provider.post("/token", &redemption(&oldest)).await.error(), "invalid_grant");
    assert_eq!(provider.post("/token", &redemption(&next)).await.status, StatusCode::OK);
}

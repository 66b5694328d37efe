use std::time::Duration;

use http::StatusCode;
use serde_json::Value;

use super::support::{self, CLIENT, Pairs, RESOURCE, SECRET, but};

fn renewal(token: &Value) -> Pairs<'_> {
    let token = token.as_str().expect("a refresh token");
    vec![("grant_type", "refresh_token"), ("client_id", CLIENT), ("client_secret", SECRET), ("refresh_token", token)]
}

#[tokio::test]
async fn a_refresh_token_is_good_for_one_use_and_followed_by_another() {
    let provider = support::start().await;
    let first = provider.tokens().await;
    let second = provider.post("/token", &renewal(&first["refresh_token"])).await.json();
    assert_eq!(second["scope"], first["scope"]);
    let (before, after) =
        (provider.claims(&first["access_token"]).await, provider.claims(&second["access_token"]).await);
    for claim in ["sub", "aud", "scope", "client_id", "auth_time"] {
        assert_eq!(before[claim], after[claim], "{claim}");
    }
    assert_ne!(before["jti"], after["jti"]);
    let again = provider.post("/token", &renewal(&first["refresh_token"])).await;
    assert_eq!(again.error(), "invalid_grant");
    let third = provider.post("/token", &renewal(&second["refresh_token"])).await;
    assert_eq!(third.status, StatusCode::OK);
}

#[tokio::test]
async fn less_can_be_asked_for_but_not_more_than_was_granted() {
    let provider = support::start().await;
    let tokens = provider.tokens().await;
    let narrowed = but(renewal(&tokens["refresh_token"]), &[("scope", "cost:read"), ("resource", RESOURCE)]);
    let narrowed = provider.post("/token", &narrowed).await.json();
    assert_eq!(narrowed["scope"], "cost:read");
    assert_eq!(provider.claims(&narrowed["access_token"]).await["scope"], "cost:read");
    // What was granted is not forgotten.
    let whole = provider.post("/token", &renewal(&narrowed["refresh_token"])).await.json();
    assert_eq!(whole["scope"], "cost:read openid");
    let more = but(renewal(&whole["refresh_token"]), &[("scope", "cost:read cost:write")]);
    assert_eq!(provider.post("/token", &more).await.error(), "invalid_scope");
}

#[tokio::test]
async fn a_token_that_is_revoked_or_too_old_is_worth_nothing() {
    let provider = support::start().await;
    let tokens = provider.tokens().await;
    let token = tokens["refresh_token"].as_str().expect("a token");
    let form = [("client_id", CLIENT), ("client_secret", SECRET), ("token", token)];
    assert_eq!(provider.post("/revoke", &form).await.status, StatusCode::OK);
    assert_eq!(provider.post("/token", &renewal(&tokens["refresh_token"])).await.error(), "invalid_grant");
    // RFC 7009, section 2.2: that it is unknown by now is no error.
    assert_eq!(provider.post("/revoke", &form).await.status, StatusCode::OK);
    assert_eq!(provider.post("/revoke", &form[..2]).await.error(), "invalid_request");
    assert_eq!(provider.post("/revoke", &form[2..]).await.error(), "invalid_client");

    let provider = support::start_with(|settings| settings.refresh_lifetime = Duration::ZERO).await;
    let tokens = provider.tokens().await;
    assert_eq!(provider.post("/token", &renewal(&tokens["refresh_token"])).await.error(), "invalid_grant");
}

use http::StatusCode;
use penstock::identity_provider::TEST_GRANT;
use serde_json::json;

use super::support::{self, CLIENT, Pairs, RESOURCE, but};

fn wanted() -> Pairs<'static> {
    vec![("grant_type", TEST_GRANT), ("user", "bob"), ("scope", "cost:read"), ("resource", RESOURCE)]
}

#[tokio::test]
async fn a_test_has_a_token_for_whom_and_for_what_it_says() {
    let provider = support::start().await;
    let answer = provider.post("/token", &wanted()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let tokens = answer.json();
    assert!(tokens.get("refresh_token").is_none() && tokens.get("id_token").is_none(), "{tokens}");
    let claims = provider.claims(&tokens["access_token"]).await;
    assert_eq!((&claims["cognito:groups"], &claims["custom:tenant"]), (&json!(["developers"]), &json!("globex")));
    for (claim, value) in
        [("username", "bob"), ("scope", "cost:read"), ("aud", RESOURCE), ("client_id", CLIENT), ("token_use", "access")]
    {
        assert_eq!(claims[claim], value, "{claim}");
    }
    let everything = provider.post("/token", &but(wanted(), &[("scope", "")])).await.json();
    assert_eq!(everything["scope"], "cost:read cost:write");
}

#[tokio::test]
async fn who_or_what_is_unknown_is_refused_to_a_test_too() {
    let provider = support::start().await;
    for (change, error) in [
        (("user", ""), "invalid_request"),
        (("user", "mallory"), "invalid_request"),
        (("scope", "admin"), "invalid_scope"),
        (("resource", "https://another.example.com/mcp"), "invalid_target"),
    ] {
        assert_eq!(provider.post("/token", &but(wanted(), &[change])).await.error(), error, "{change:?}");
    }
}

//! `/token`: a code or refresh token is good for whom it was issued, once and in time.

use std::time::{Duration, SystemTime};

use hyper::Method;
use serde_json::json;

use crate::browser::encoded;
use crate::support::{RESOURCE, World, redemption, request};

fn changed<'a>(form: &[(&'a str, &'a str)], name: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    let kept = form.iter().copied().filter(|(known, _)| *known != name);
    kept.chain(Some((name, value)).filter(|_| !value.is_empty())).collect()
}

/// a code injected at another client, with another verifier or redirect URI, gives nothing, and is still good
/// for its own client.
#[tokio::test]
async fn a_code_is_redeemed_only_by_its_client_with_its_verifier_and_redirect_uri() {
    let mut world = World::start().await;
    let (client, other) = (world.client().await, world.client().await);
    let code = world.up_to_code(&request(&client)).await;
    let right = redemption(&client, &code);
    let wrong = [
        ("client_id", &*other),
        ("client_id", "https://clients.example/c.json"),
        ("code_verifier", "another-verifier-that-is-long-enough-0123456789"),
        ("code_verifier", "short"),
        ("redirect_uri", "http://127.0.0.1:3001/callback"),
        ("redirect_uri", "https://evil.example/cb"),
        ("code", &code[..code.len() - 1]),
        ("code", &client),
    ];
    for (name, value) in wrong {
        let answer = world.token(&changed(&right, name, value)).await;
        assert_eq!(answer.error(), (400, "invalid_grant".to_owned()), "{name} {value}");
    }
    assert!(world.provider.requests().is_empty(), "the provider has not heard of it");
    assert_eq!(world.token(&right).await.status, 200);
}

#[tokio::test]
async fn a_request_that_is_incomplete_doubled_or_for_another_grant_is_refused() {
    let mut world = World::start().await;
    let client = world.client().await;
    let code = world.up_to_code(&request(&client)).await;
    let right = redemption(&client, &code);
    for name in ["client_id", "grant_type", "code", "code_verifier"] {
        let missing = world.token(&changed(&right, name, "")).await;
        assert_eq!(missing.error(), (400, "invalid_request".to_owned()), "{name}");
    }
    for (name, value) in &right {
        let doubled = [&right[..], &[(*name, *value)]].concat();
        assert_eq!(world.token(&doubled).await.error(), (400, "invalid_request".to_owned()), "{name}");
    }
    for grant in ["password", "client_credentials", "urn:ietf:params:oauth:grant-type:jwt-bearer"] {
        let answer = world.token(&changed(&right, "grant_type", grant)).await;
        assert_eq!(answer.error(), (400, "unsupported_grant_type".to_owned()));
    }
    let answer = world.token(&changed(&right, "resource", "https://evil.example/mcp")).await;
    assert_eq!(answer.error(), (400, "invalid_target".to_owned()));
}

#[tokio::test]
async fn a_code_is_good_once() {
    let mut world = World::start().await;
    let client = world.client().await;
    let code = world.up_to_code(&request(&client)).await;
    assert_eq!(world.redeem(&client, &code).await.status, 200);
    assert_eq!(world.redeem(&client, &code).await.error(), (400, "invalid_grant".to_owned()));
}

#[tokio::test]
async fn a_code_expires_in_a_minute() {
    let mut world = World::start().await;
    let client = world.client().await;
    let code = world.up_to_code(&request(&client)).await;
    let mut late = world.at(|| SystemTime::now() + Duration::from_mins(1)).await;
    assert_eq!(late.redeem(&client, &code).await.error(), (400, "invalid_grant".to_owned()));
    let mut in_time = world.at(|| SystemTime::now() + Duration::from_secs(50)).await;
    assert_eq!(in_time.redeem(&client, &code).await.status, 200);
}

#[tokio::test]
async fn a_client_that_sends_a_secret_in_a_header_is_told_that_there_are_none() {
    let mut world = World::start().await;
    let client = world.client().await;
    let code = world.up_to_code(&request(&client)).await;
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("authorization", "Basic YTpi")];
    let body = encoded(&redemption(&client, &code));
    let answer = world.browser.send(Method::POST, &world.url("/token"), &headers, body).await;
    assert_eq!(answer.error(), (401, "invalid_client".to_owned()));
    assert!(answer.header("www-authenticate").starts_with("Basic "));
}

#[tokio::test]
async fn a_refresh_token_is_used_only_by_its_client_for_its_resource_and_scopes() {
    let mut world = World::start().await;
    let (client, other) = (world.client().await, world.client().await);
    let token = world.up_to_refresh_token(&client).await;
    let right = [
        ("grant_type", "refresh_token"),
        ("client_id", &client),
        ("refresh_token", &token),
        ("resource", RESOURCE),
        ("scope", "tools:read"),
    ];
    let cases = [
        ("client_id", &*other, "invalid_grant"),
        ("refresh_token", &token[..token.len() - 1], "invalid_grant"),
        ("refresh_token", "upstream-refresh-2", "invalid_grant"),
        ("refresh_token", "", "invalid_request"),
        ("scope", "tools:read tools:write", "invalid_scope"),
        ("scope", "admin", "invalid_scope"),
        ("resource", "https://evil.example/mcp", "invalid_target"),
    ];
    for (name, value, error) in cases {
        let answer = world.token(&changed(&right, name, value)).await;
        assert_eq!(answer.error(), (400, error.to_owned()), "{name} {value}");
    }
    assert_eq!(world.token(&right).await.status, 200);
}

#[tokio::test]
async fn the_providers_refusal_becomes_one_of_the_fronts_without_its_words() {
    let mut world = World::start().await;
    let client = world.client().await;
    let cases = [
        (400, json!({ "error": "invalid_grant" }), (400, "invalid_grant")),
        (400, json!({ "error": "invalid_scope" }), (400, "invalid_scope")),
        (401, json!({ "error": "invalid_client" }), (500, "server_error")),
        (400, json!("no object"), (500, "server_error")),
        (500, json!({ "error": "invalid_grant" }), (503, "temporarily_unavailable")),
        (429, json!({}), (503, "temporarily_unavailable")),
        (302, json!({}), (500, "server_error")),
        (200, json!({ "token_type": "Bearer" }), (500, "server_error")),
        (200, json!({ "access_token": "a", "token_type": "DPoP" }), (500, "server_error")),
    ];
    for (status, mut body, (expected, code)) in cases {
        if let Some(members) = body.as_object_mut() {
            members.insert("error_description".to_owned(), "their words".into());
        }
        let authorization_code = world.up_to_code(&request(&client)).await;
        world.provider.answer_with(status, body);
        let answer = world.redeem(&client, &authorization_code).await;
        assert_eq!(answer.error(), (expected, code.to_owned()));
        assert!(!answer.text.contains("their words"));
        assert_eq!(answer.headers.contains_key("retry-after"), expected == 503);
    }
}

#[tokio::test]
async fn the_fronts_own_secret_travels_as_the_provider_wants_it() {
    let cases = [
        (json!({}), true),
        (json!({ "token_endpoint_auth_methods_supported": ["client_secret_post"] }), false),
        (json!({ "token_endpoint_auth_methods_supported": null }), true),
    ];
    for (metadata, basic) in cases {
        let mut world = World::start().await;
        world.provider.describe_as(metadata);
        let client = world.client().await;
        let code = world.up_to_code(&request(&client)).await;
        assert_eq!(world.redeem(&client, &code).await.status, 200);
        let request = world.provider.requests().remove(0);
        assert_eq!((request.contains_key("(basic)"), request.contains_key("client_secret")), (basic, !basic));
    }
}

#[tokio::test]
async fn a_front_without_a_secret_names_itself() {
    let mut world = World::start_with(&[("PENSTOCK_UPSTREAM_CLIENT_SECRET", "")]).await;
    let client = world.client().await;
    let code = world.up_to_code(&request(&client)).await;
    assert_eq!(world.redeem(&client, &code).await.status, 200);
    assert_eq!(world.provider.requests()[0]["client_id"], "the-front");
}

#[tokio::test]
async fn a_body_beyond_its_bound_is_not_read() {
    let mut world = World::start().await;
    let large = "x".repeat(40_000);
    assert_eq!(world.token(&[("grant_type", &large)]).await.status, 413);
}

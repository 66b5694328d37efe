//! `/revoke` (RFC 7009).

use serde_json::json;

use crate::browser::Answer;
use crate::support::{World, request};

async fn revoke(world: &mut World, form: &[(&str, &str)]) -> Answer {
    let url = world.url("/revoke");
    world.browser.post(&url, form).await
}

#[tokio::test]
async fn a_revoked_refresh_token_gives_nothing_any_more() {
    let mut world = World::start().await;
    let client = world.client().await;
    let token = world.up_to_refresh_token(&client).await;
    let answer = revoke(&mut world, &[("token", &token), ("client_id", &client)]).await;
    assert_eq!((answer.status, &*answer.text), (200, ""));
    let form = [("grant_type", "refresh_token"), ("client_id", &client), ("refresh_token", &token)];
    assert_eq!(world.token(&form).await.error(), (400, "invalid_grant".to_owned()));
}

#[tokio::test]
async fn to_revoke_what_is_unknown_is_no_mistake() {
    let mut world = World::start().await;
    let client = world.client().await;
    let code = world.up_to_code(&request(&client)).await;
    for token in ["unknown", "upstream-refresh-1", &code] {
        assert_eq!(revoke(&mut world, &[("token", token)]).await.status, 200);
    }
    assert!(world.provider.requests().is_empty());
}

#[tokio::test]
async fn another_clients_token_a_missing_one_and_access_tokens_are_refused() {
    let mut world = World::start().await;
    let (client, other) = (world.client().await, world.client().await);
    let token = world.up_to_refresh_token(&client).await;
    let answer = revoke(&mut world, &[("token", &token), ("client_id", &other)]).await;
    assert_eq!(answer.error(), (400, "invalid_grant".to_owned()));
    assert_eq!(revoke(&mut world, &[]).await.error(), (400, "invalid_request".to_owned()));
    let answer = revoke(&mut world, &[("token", "a.b.c"), ("token_type_hint", "access_token")]).await;
    assert_eq!(answer.error(), (400, "unsupported_token_type".to_owned()));
}

#[tokio::test]
async fn a_provider_that_fails_or_cannot_revoke_is_not_hidden() {
    let mut world = World::start().await;
    let client = world.client().await;
    let token = world.up_to_refresh_token(&client).await;
    world.provider.answer_with(500, json!({}));
    assert_eq!(revoke(&mut world, &[("token", &token)]).await.error(), (503, "temporarily_unavailable".to_owned()));
    let mut world = World::start().await;
    world.provider.describe_as(json!({ "revocation_endpoint": null }));
    let client = world.client().await;
    let token = world.up_to_refresh_token(&client).await;
    assert_eq!(revoke(&mut world, &[("token", &token)]).await.error(), (400, "unsupported_token_type".to_owned()));
}

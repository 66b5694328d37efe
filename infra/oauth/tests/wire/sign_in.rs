//! The whole way.

use std::collections::HashMap;

use serde_json::json;

use crate::support::{REDIRECT_URI, RESOURCE, World, redemption, request, with};

/// A-11: a client signs in with a code, PKCE, a resource and `iss`, and the provider's access token reaches it.
#[tokio::test]
async fn a_registered_client_gets_the_providers_access_token() {
    let mut world = World::start().await;
    let client = world.client().await;
    let page = world.authorize(&request(&client)).await;
    assert_eq!(page.status, 200);
    let onward = world.decide(&page.ticket(), "allow").await;
    let asked = onward.parameters();
    assert_eq!((&*asked["resource"], &*asked["scope"]), (RESOURCE, "tools:read"));
    assert_eq!(asked["redirect_uri"], world.url("/callback"));
    let back = world.provider.sign_in(onward.header("location"));
    let answer = world.come_back(&back).await;
    assert_eq!(answer.target(), REDIRECT_URI);
    let parameters = answer.parameters();
    let mut names: Vec<_> = parameters.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["code", "iss", "state"]);
    assert_eq!((&*parameters["state"], &parameters["iss"]), ("the client's state & more", &world.front));
    let tokens = world.redeem(&client, &parameters["code"]).await;
    assert_eq!((tokens.status, tokens.header("cache-control")), (200, "no-store"));
    let tokens = tokens.json();
    assert_eq!(tokens["access_token"], format!("access-token-2-for-{RESOURCE}"));
    assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&"Bearer".into(), &3600.into()));
    assert_eq!(tokens["scope"], "tools:read");
    assert_eq!(tokens.get("id_token"), None, "an ID token is for the front");
}

#[tokio::test]
async fn nothing_of_the_providers_reaches_browser_or_client_but_the_access_token() {
    let mut world = World::start().await;
    let client = world.client().await;
    let code = world.up_to_code(&request(&client)).await;
    let tokens = world.redeem(&client, &code).await;
    for carried in [&code, &tokens.text] {
        assert!(!carried.contains("upstream"), "{carried}");
    }
}

#[tokio::test]
async fn a_refresh_token_gives_new_tokens_and_is_used_up() {
    let mut world = World::start().await;
    let client = world.client().await;
    let first = world.up_to_refresh_token(&client).await;
    let refresh = |token: &str| {
        let form = [("grant_type", "refresh_token"), ("client_id", &client), ("refresh_token", token)];
        form.map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let form = refresh(&first);
    let form: Vec<_> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
    let answer = world.token(&form).await.json();
    assert_eq!(answer["scope"], "tools:read");
    let second = answer["refresh_token"].as_str().expect("a refresh token");
    assert_ne!(first, second);
    assert_eq!(world.token(&form).await.error(), (400, "invalid_grant".to_owned()));
}

/// A client that has left out what it may leave out.
#[tokio::test]
async fn scope_resource_and_state_may_be_left_out() {
    let mut world = World::start().await;
    let client = world.client().await;
    let bare = with(&request(&client), &[("scope", ""), ("resource", ""), ("state", "")]);
    let parameters = world.up_to_callback(&bare).await;
    let answer = world.come_back(&parameters).await.parameters();
    assert!(!answer.contains_key("state"));
    let form: Vec<_> = redemption(&client, &answer["code"]);
    let form: Vec<_> = form.into_iter().filter(|(name, _)| !["resource", "redirect_uri"].contains(name)).collect();
    let tokens = world.token(&form).await.json();
    assert_eq!(tokens["scope"], "tools:read tools:write");
    assert_eq!(tokens["access_token"], format!("access-token-2-for-{RESOURCE}"));
}

#[tokio::test]
async fn hints_for_the_sign_in_page_are_passed_on() {
    let mut world = World::start().await;
    let client = world.client().await;
    let page = world.authorize(&with(&request(&client), &[("login_hint", "alice"), ("prompt", "login")])).await;
    let asked: HashMap<_, _> = world.decide(&page.ticket(), "allow").await.parameters();
    assert_eq!((&*asked["login_hint"], &*asked["prompt"]), ("alice", "login"));
}

#[tokio::test]
async fn without_scopes_of_its_own_the_front_leaves_them_to_the_provider() {
    let mut world = World::start_with(&[("PENSTOCK_SCOPES", "")]).await;
    let client = world.client().await;
    let page = world.authorize(&request(&client)).await;
    let onward = world.decide(&page.ticket(), "allow").await;
    assert!(!onward.parameters().contains_key("scope"));
    let back = world.provider.sign_in(onward.header("location"));
    let code = world.come_back(&back).await.parameters()["code"].clone();
    let body = json!({ "access_token": "a", "token_type": "Bearer", "scope": "given too", "refresh_token": "r" });
    world.provider.answer_with(200, body);
    let tokens = world.redeem(&client, &code).await.json();
    assert_eq!(tokens["scope"], "given too");
    let refresh_token = tokens["refresh_token"].as_str().expect("a refresh token");
    let form = [("grant_type", "refresh_token"), ("client_id", &*client), ("refresh_token", refresh_token)];
    assert_eq!(world.token(&[&form[..], &[("scope", "given")]].concat()).await.status, 200);
    assert_eq!(world.token(&[&form[..], &[("scope", "other")]].concat()).await.error().1, "invalid_scope");
}

#[tokio::test]
async fn scopes_of_the_providers_own_are_asked_for_and_never_shown() {
    let mut world = World::start_with(&[("PENSTOCK_UPSTREAM_SCOPES", "openid offline_access")]).await;
    let client = world.client().await;
    let page = world.authorize(&request(&client)).await;
    assert!(!page.text.contains("offline_access"));
    let onward = world.decide(&page.ticket(), "allow").await;
    assert_eq!(onward.parameters()["scope"], "tools:read openid offline_access");
    let back = world.provider.sign_in(onward.header("location"));
    let code = world.come_back(&back).await.parameters()["code"].clone();
    let tokens = world.redeem(&client, &code).await.json();
    assert_eq!(tokens["scope"], "tools:read");
    let refresh_token = tokens["refresh_token"].as_str().expect("a refresh token");
    let form = [("grant_type", "refresh_token"), ("client_id", &*client), ("refresh_token", refresh_token)];
    assert_eq!(world.token(&[&form[..], &[("scope", "tools:read")]].concat()).await.status, 200);
    assert_eq!(world.provider.requests().pop().expect("a request")["scope"], "tools:read");
}

#[tokio::test]
async fn two_sign_ins_in_one_browser_do_not_disturb_each_other() {
    let mut world = World::start().await;
    let client = world.client().await;
    let first = world.authorize(&request(&client)).await.ticket();
    let second = world.authorize(&request(&client)).await.ticket();
    assert_eq!(world.decide(&first, "allow").await.status, 303);
    assert_eq!(world.decide(&second, "allow").await.status, 303);
}

#[tokio::test]
async fn the_provider_is_asked_for_its_metadata_once() {
    let mut world = World::start().await;
    let client = world.client().await;
    for _ in 0..3 {
        let code = world.up_to_code(&request(&client)).await;
        assert_eq!(world.redeem(&client, &code).await.status, 200);
    }
    assert_eq!(world.provider.discoveries(), 1);
}

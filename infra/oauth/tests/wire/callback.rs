//! `/callback`: only what the provider has answered to this browser goes on.

use std::time::{Duration, SystemTime};

use serde_json::json;

use crate::browser::Browser;
use crate::support::{REDIRECT_URI, World, request};

/// neither a swapped state nor a victim's browser finishes what an attacker began (RFC 9700, section 4.7).
#[tokio::test]
async fn what_was_begun_in_another_browser_is_not_finished_in_this_one() {
    let mut attacker = World::start().await;
    let client = attacker.client().await;
    let answer = attacker.up_to_callback(&request(&client)).await;
    attacker.browser = Browser::new();
    attacker.come_back(&answer).await.is_a_refusal(403);
    attacker.authorize(&request(&client)).await;
    attacker.come_back(&answer).await.is_a_refusal(403);
}

#[tokio::test]
async fn a_state_that_is_forged_missing_doubled_or_of_another_kind_is_refused() {
    let mut world = World::start().await;
    let client = world.client().await;
    let ticket = world.authorize(&request(&client)).await.ticket();
    let answer = world.up_to_callback(&request(&client)).await;
    let state = answer[1].1.clone();
    for forged in ["", "x", &ticket, &client, &state[1..], &"x".repeat(9000)] {
        world.come_back(&[("code", "c".to_owned()), ("state", forged.to_owned())]).await.is_a_refusal(400);
    }
    world.come_back(&[("code", "c".to_owned()), ("state", state.clone()), ("state", state)]).await.is_a_refusal(400);
}

#[tokio::test]
async fn a_state_expires_in_ten_minutes() {
    let mut world = World::start().await;
    let client = world.client().await;
    let answer = world.up_to_callback(&request(&client)).await;
    let mut late = world.at(|| SystemTime::now() + Duration::from_mins(10)).await;
    late.come_back(&answer).await.is_a_refusal(400);
    assert_eq!(world.come_back(&answer).await.status, 303);
}

/// an answer of another authorization server is not redeemed here (RFC 9207).
#[tokio::test]
async fn an_answer_that_names_another_issuer_is_refused() {
    let mut world = World::start().await;
    let client = world.client().await;
    let answer = world.up_to_callback(&request(&client)).await;
    let from = |iss: &str| [answer.clone(), vec![("iss", iss.to_owned())]].concat();
    let refused = world.come_back(&from("https://evil.example")).await;
    assert_eq!((refused.target(), &*refused.parameters()["error"]), (REDIRECT_URI, "server_error"));
    let twice = [from(&world.provider.issuer), vec![("iss", "https://evil.example".to_owned())]].concat();
    assert_eq!(world.come_back(&twice).await.parameters()["error"], "server_error");
    let issuer = world.provider.issuer.clone();
    assert!(world.come_back(&from(&issuer)).await.parameters().contains_key("code"));
}

#[tokio::test]
async fn an_answer_without_an_issuer_is_refused_if_the_provider_always_names_itself() {
    let mut world = World::start().await;
    world.provider.describe_as(json!({ "authorization_response_iss_parameter_supported": true }));
    let client = world.client().await;
    let answer = world.up_to_callback(&request(&client)).await;
    assert_eq!(world.come_back(&answer).await.parameters()["error"], "server_error");
}

#[tokio::test]
async fn the_providers_error_becomes_one_of_the_fronts_without_its_words() {
    let mut world = World::start().await;
    let client = world.client().await;
    let state = world.up_to_callback(&request(&client)).await[1].1.clone();
    let cases = [
        ("access_denied", "access_denied"),
        ("invalid_scope", "invalid_scope"),
        ("temporarily_unavailable", "temporarily_unavailable"),
        ("unauthorized_client", "server_error"),
        ("<script>", "server_error"),
    ];
    for (theirs, ours) in cases {
        let words = ("error_description", "their words".to_owned());
        let answer = world.come_back(&[("error", theirs.to_owned()), words, ("state", state.clone())]).await;
        let parameters = answer.parameters();
        assert_eq!((answer.target(), &*parameters["error"]), (REDIRECT_URI, ours));
        assert!(!parameters["error_description"].contains("their words") && !parameters.contains_key("code"));
        assert_eq!((&*parameters["state"], &parameters["iss"]), ("the client's state & more", &world.front));
    }
}

#[tokio::test]
async fn an_answer_without_one_code_of_bounded_length_is_an_error() {
    let mut world = World::start().await;
    let client = world.client().await;
    let state = world.up_to_callback(&request(&client)).await[1].clone();
    let code = |code: &str| ("code", code.to_owned());
    for codes in [vec![], vec![code("")], vec![code("a"), code("b")], vec![code(&"x".repeat(2049))]] {
        let answer = world.come_back(&[codes, vec![state.clone()]].concat()).await;
        assert_eq!(answer.parameters()["error"], "server_error");
    }
}

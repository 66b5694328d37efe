//! `/consent`: only the person who was asked decides, and in time.

use std::time::{Duration, SystemTime};

use hyper::Method;

use crate::browser::{Browser, encoded};
use crate::support::{REDIRECT_URI, World, request};

#[tokio::test]
async fn whoever_denies_is_sent_back_without_a_code() {
    let mut world = World::start().await;
    let client = world.client().await;
    for decision in ["deny", "", "ALLOW", "yes"] {
        let page = world.authorize(&request(&client)).await;
        let answer = world.decide(&page.ticket(), decision).await;
        let parameters = answer.parameters();
        assert_eq!((answer.target(), &*parameters["error"]), (REDIRECT_URI, "access_denied"));
        assert_eq!((&*parameters["state"], &parameters["iss"]), ("the client's state & more", &world.front));
    }
}

/// nobody consents for another person, whatever page they get them to send a form from.
#[tokio::test]
async fn a_ticket_is_good_only_in_the_browser_that_was_asked() {
    let mut world = World::start().await;
    let client = world.client().await;
    let attackers = world.authorize(&request(&client)).await.ticket();
    world.browser = Browser::new();
    world.decide(&attackers, "allow").await.is_a_refusal(403);
    world.authorize(&request(&client)).await;
    world.decide(&attackers, "allow").await.is_a_refusal(403);
}

#[tokio::test]
async fn a_form_from_another_site_is_refused() {
    let mut world = World::start().await;
    let client = world.client().await;
    let ticket = world.authorize(&request(&client)).await.ticket();
    let body = encoded(&[("ticket", &ticket), ("decision", "allow")]);
    let url = world.url("/consent");
    let mut send = async |site: &str| {
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", site)];
        world.browser.send(Method::POST, &url, &headers, body.clone()).await
    };
    send("cross-site").await.is_a_refusal(403);
    send("same-site").await.is_a_refusal(403);
    assert_eq!(send("same-origin").await.status, 303);
}

#[tokio::test]
async fn a_ticket_that_is_forged_missing_doubled_or_of_another_kind_is_refused() {
    let mut world = World::start().await;
    let client = world.client().await;
    let ticket = world.authorize(&request(&client)).await.ticket();
    let code = world.up_to_code(&request(&client)).await;
    let refresh_token = world.up_to_refresh_token(&client).await;
    let long = "x".repeat(20_000);
    for forged in ["", "x", &ticket[..ticket.len() - 2], &client, &code, &refresh_token, &long] {
        world.decide(forged, "allow").await.is_a_refusal(400);
    }
    let url = world.url("/consent");
    let twice = [("ticket", &*ticket), ("ticket", &*ticket), ("decision", "allow")];
    world.browser.post(&url, &twice).await.is_a_refusal(400);
}

#[tokio::test]
async fn a_ticket_expires_in_ten_minutes() {
    let mut world = World::start().await;
    let client = world.client().await;
    let ticket = world.authorize(&request(&client)).await.ticket();
    let mut in_time = world.at(|| SystemTime::now() + Duration::from_secs(590)).await;
    assert_eq!(in_time.decide(&ticket, "allow").await.status, 303);
    let mut late = world.at(|| SystemTime::now() + Duration::from_mins(10)).await;
    late.decide(&ticket, "allow").await.is_a_refusal(400);
}

#[tokio::test]
async fn a_provider_that_does_not_answer_or_is_another_is_told_to_the_client() {
    let mut world = World::start().await;
    let client = world.client().await;
    let wrong = [
        serde_json::json!({ "issuer": "https://evil.example" }),
        serde_json::json!({ "token_endpoint": "http://evil.example/token" }),
        serde_json::json!({ "authorization_endpoint": "javascript:alert(1)" }),
    ];
    for metadata in wrong {
        world.provider.describe_as(metadata);
        let page = world.authorize(&request(&client)).await;
        let answer = world.decide(&page.ticket(), "allow").await;
        assert_eq!((answer.target(), &*answer.parameters()["error"]), (REDIRECT_URI, "temporarily_unavailable"));
    }
    world.provider.describe_as(serde_json::json!({}));
    let page = world.authorize(&request(&client)).await;
    let answer = world.decide(&page.ticket(), "allow").await;
    assert!(answer.target().starts_with(&world.provider.issuer), "a failure is not remembered");
}

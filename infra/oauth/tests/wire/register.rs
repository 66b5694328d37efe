//! `/register` (RFC 7591).

use std::time::SystemTime;

use hyper::Method;
use serde_json::json;

use crate::support::{REDIRECT_URI, World, request};

#[tokio::test]
async fn a_registration_is_answered_with_what_holds() {
    let mut world = World::start().await;
    let metadata = json!({
        "client_name": " An  editor ",
        "redirect_uris": [REDIRECT_URI, "cursor://anysphere.cursor-mcp/oauth", "com.example.app:/callback"],
        "token_endpoint_auth_method": "client_secret_basic",
        "grant_types": ["authorization_code", "refresh_token", "client_credentials"],
        "application_type": "native",
        "logo_uri": "https://evil.example/logo.png",
    });
    let answer = world.register(&metadata).await;
    assert_eq!((answer.status, answer.header("cache-control")), (201, "no-store"));
    let document = answer.json();
    assert_eq!(document["client_name"], "An editor");
    assert_eq!(document["redirect_uris"], metadata["redirect_uris"]);
    assert_eq!(document["token_endpoint_auth_method"], "none");
    assert_eq!(document["grant_types"], json!(["authorization_code", "refresh_token"]));
    assert!(document["client_id_issued_at"].is_u64());
    assert!(document.get("client_secret").is_none() && document.get("logo_uri").is_none());
}

/// Nothing is stored: another instance with the same keys knows the client.
#[tokio::test]
async fn every_instance_knows_every_client() {
    let mut world = World::start().await;
    let client = world.client().await;
    let mut other = world.at(SystemTime::now).await;
    assert_eq!(other.authorize(&request(&client)).await.status, 200);
}

#[tokio::test]
async fn a_redirect_uri_that_browsers_run_or_strangers_own_is_refused() {
    let uris = [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///x",
        "http://app.example/cb",
        "unknown:/cb",
        "https://a.example/#f",
        "",
    ];
    // Ten addresses' worth of tries: one front each, so that none is throttled.
    for uri in uris {
        let mut world = World::start().await;
        let answer = world.register(&json!({ "redirect_uris": [REDIRECT_URI, uri] })).await;
        assert_eq!(answer.error(), (400, "invalid_redirect_uri".to_owned()), "{uri}");
    }
    let mut world = World::start().await;
    for uris in [json!([]), json!(vec![REDIRECT_URI; 21]), json!([format!("https://a.example/{}", "x".repeat(1024))])] {
        assert_eq!(world.register(&json!({ "redirect_uris": uris })).await.error().1, "invalid_redirect_uri");
    }
}

#[tokio::test]
async fn metadata_that_is_none_or_too_much_is_refused() {
    let mut world = World::start().await;
    let long = |name: &str| format!("https://a.example/{name}{}", "x".repeat(900));
    let wrong = [
        json!("text"),
        json!({ "redirect_uris": REDIRECT_URI }),
        json!({ "redirect_uris": [REDIRECT_URI], "grant_types": ["client_credentials"] }),
        json!({ "redirect_uris": [REDIRECT_URI], "response_types": ["token"] }),
        json!({ "redirect_uris": [long("a"), long("b")] }),
    ];
    for metadata in wrong {
        assert_eq!(world.register(&metadata).await.error(), (400, "invalid_client_metadata".to_owned()), "{metadata}");
    }
    assert_eq!(world.register(&json!({ "client_name": "x".repeat(40_000) })).await.status, 413);
}

#[tokio::test]
async fn a_client_id_fits_into_a_url() {
    let mut world = World::start().await;
    let uris: Vec<_> = (0..7).map(|at| format!("https://a.example/{at}/{}", "x".repeat(150))).collect();
    let answer = world.register(&json!({ "client_name": "é".repeat(1000), "redirect_uris": uris })).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    assert!(answer.json()["client_id"].as_str().expect("an id").len() <= 2048);
}

#[tokio::test]
async fn registrations_are_throttled() {
    let mut world = World::start().await;
    for _ in 0..10 {
        world.client().await;
    }
    let answer = world.register(&json!({ "redirect_uris": [REDIRECT_URI] })).await;
    assert_eq!(answer.error(), (429, "temporarily_unavailable".to_owned()));
    let wait: u64 = answer.header("retry-after").parse().expect("seconds");
    assert!((1..=7).contains(&wait), "{wait}");
}

/// The front door names the viewer; nobody else's word for an address counts.
#[tokio::test]
async fn registrations_are_counted_by_the_address_the_front_door_names() {
    let secret = "s".repeat(32);
    for (variables, expected) in [(vec![("PENSTOCK_ORIGIN_SECRETS", &*secret)], 201), (vec![], 429)] {
        let mut world = World::start_with(&variables).await;
        let body = json!({ "redirect_uris": [REDIRECT_URI] }).to_string();
        let url = world.url("/register");
        let mut last = 0;
        for at in 0..11 {
            let viewer = format!("198.51.100.{at}:4711");
            let headers = [("x-penstock-origin", &*secret), ("cloudfront-viewer-address", &viewer)];
            last = world.browser.send(Method::POST, &url, &headers, body.clone()).await.status;
        }
        assert_eq!(last, expected);
    }
}

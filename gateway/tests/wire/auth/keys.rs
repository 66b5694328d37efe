//! Keys: where they are found, when they are fetched, and what happens when they cannot be.

use std::time::Duration;

use futures_util::future::join_all;
use penstock_gateway::Gateway;
use serde_json::{Value, json};

use super::issuer::{KEYS, METADATA};
use super::{Issuer, Page, Signer, claims, gateway, refused, status, with, with_token};

/// Lets time pass for whoever keeps keys.
async fn later(seconds: u64) {
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(seconds)).await;
    tokio::time::resume();
}

/// Has a gateway fetch its keys again, by a token that names an unknown one.
pub(super) async fn forget(gateway: &Gateway, signer: &Signer, issuer: &Issuer) {
    let header = with(signer.header(), "kid", json!("made up"));
    assert_eq!(status(gateway, &signer.token_with(&header, &claims(issuer))).await, 401);
}

/// `OpenID` Connect Discovery, RFC 8414, or a URL that is configured.
#[tokio::test]
async fn keys_are_found_in_three_ways() {
    let signer = Signer::p256("k");
    for way in ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server", ""] {
        let issuer = Issuer::of(&[&signer]).await;
        issuer.answers(METADATA, Page::Says(404, "", String::new()));
        let mut settings = issuer.settings();
        if way.is_empty() {
            settings[0]["jwksUri"] = json!(issuer.url.clone() + KEYS);
        } else {
            issuer.publishes(way, &json!({ "issuer": issuer.url, "jwks_uri": issuer.url.clone() + KEYS }));
        }
        let (gateway, _worker) = gateway(&settings);
        assert_eq!(status(&gateway, &signer.token(&claims(&issuer))).await, 200, "{way}");
    }
}

/// Whoever makes up names of keys does not make the gateway ask for them.
#[tokio::test]
async fn a_storm_of_unknown_keys_costs_two_fetches() {
    let signer = Signer::p256("k");
    let issuer = Issuer::of(&[&signer]).await;
    let (gateway, _worker) = gateway(&issuer.settings());
    let storm = |round: usize| {
        let tokens = (0..1000).map(move |at| format!("unknown {round} {at}"));
        let tokens: Vec<_> =
            tokens.map(|id| signer.token_with(&with(signer.header(), "kid", json!(id)), &claims(&issuer))).collect();
        tokens
    };
    for token in storm(0) {
        assert_eq!(refused(&gateway, &token).await, "the token's signing key is unknown");
    }
    assert_eq!((issuer.fetches(METADATA), issuer.fetches(KEYS)), (1, 2));
    assert_eq!(status(&gateway, &signer.token(&claims(&issuer))).await, 200);
    later(61).await;
    let drafts: Vec<_> = storm(1).iter().map(|token| with_token(token)).collect();
    let answers = join_all(drafts.iter().map(|draft| draft.send(&gateway))).await;
    assert!(answers.iter().all(|answer| answer.status() == 401));
    assert_eq!((issuer.fetches(METADATA), issuer.fetches(KEYS)), (1, 3));
}

#[tokio::test]
async fn a_crowd_at_the_start_waits_for_one_fetch() {
    let signer = Signer::p256("k");
    let issuer = Issuer::of(&[&signer]).await;
    let (gateway, _worker) = gateway(&issuer.settings());
    let crowd: Vec<_> =
        (0..100).map(|at| with_token(&signer.token(&with(claims(&issuer), "sub", json!(at.to_string()))))).collect();
    let answers = join_all(crowd.iter().map(|draft| draft.send(&gateway))).await;
    assert!(answers.iter().all(|answer| answer.status() == 200));
    assert_eq!(issuer.all_fetches(), 2, "the metadata and the keys");
}

/// Keys are rotated while tokens of both are in use; a key that is gone verifies nothing more.
#[tokio::test]
async fn a_new_key_is_found_and_an_old_one_forgotten() {
    let (old, new, newest) = (Signer::p256("old"), Signer::rsa("new"), Signer::p256("newest"));
    let issuer = Issuer::of(&[&old]).await;
    let (gateway, _worker) = gateway(&issuer.settings());
    let token = |signer: &Signer, subject: &str| signer.token(&with(claims(&issuer), "sub", json!(subject)));
    assert_eq!(status(&gateway, &token(&old, "1")).await, 200);
    issuer.has(&[&old, &new]);
    assert_eq!(status(&gateway, &token(&new, "2")).await, 200);
    issuer.has(&[&new, &newest]);
    assert_eq!(status(&gateway, &token(&newest, "3")).await, 401, "within a minute");
    later(61).await;
    assert_eq!(status(&gateway, &token(&newest, "4")).await, 200);
    assert_eq!(refused(&gateway, &token(&old, "5")).await, "the token's signing key is unknown");
}

/// Stale keys are used while they are replaced, and as long as they cannot be.
#[tokio::test]
async fn the_last_good_keys_survive_an_outage() {
    let signer = Signer::p256("k");
    let issuer = Issuer::of(&[&signer]).await;
    issuer
        .answers(KEYS, Page::Says(200, "cache-control: max-age=60\r\n", json!({ "keys": [signer.jwk()] }).to_string()));
    let (gateway, _worker) = gateway(&issuer.settings());
    let token = |at: usize| signer.token(&with(claims(&issuer), "sub", json!(at.to_string())));
    assert_eq!(status(&gateway, &token(0)).await, 200);
    later(120).await;
    assert_eq!((status(&gateway, &token(1)).await, issuer.fetches(KEYS)), (200, 1), "never before five minutes");
    for (at, page) in [Page::Says(500, "", String::new()), Page::Says(200, "", "{\"keys\":[]}".to_owned()), Page::Hangs]
        .into_iter()
        .enumerate()
    {
        issuer.answers(KEYS, page.clone());
        issuer.answers(METADATA, page);
        later(301).await;
        for round in 0..3 {
            assert_eq!(status(&gateway, &token(100 * at + round + 2)).await, 200);
        }
    }
}

/// A token that cannot be verified may still be good: the client is told to come back, not to sign in again.
#[tokio::test]
async fn without_any_keys_the_client_is_asked_to_come_back() {
    let signer = Signer::p256("k");
    let oversize = json!({ "keys": [signer.jwk()], "padding": "x".repeat(300 * 1024) }).to_string();
    for (path, page) in [
        (KEYS, Page::Says(500, "", String::new())),
        (KEYS, Page::Says(302, "location: /other\r\n", String::new())),
        (KEYS, Page::Says(200, "", oversize)),
        (KEYS, Page::Says(200, "", "no JSON".to_owned())),
        (METADATA, Page::Says(200, "", r#"{"issuer":"https://evil.example","jwks_uri":"/keys"}"#.to_owned())),
        (METADATA, Page::Says(500, "", String::new())),
    ] {
        let issuer = Issuer::of(&[&signer]).await;
        issuer.answers(path, page);
        let (gateway, _worker) = gateway(&issuer.settings());
        let token = signer.token(&claims(&issuer));
        for _ in 0..3 {
            let response = with_token(&token).send(&gateway).await;
            assert_eq!(
                (response.status().as_u16(), &response.headers()["retry-after"]),
                (503, &"5".parse().expect("5"))
            );
            assert!(!response.headers().contains_key("www-authenticate"));
        }
        let (_, body) = with_token(&token).json(&gateway).await;
        assert_eq!((&body["error"]["code"], &body["error"]["data"]), (&json!(503), &json!({ "retryAfterMs": 5000 })));
        assert!(issuer.all_fetches() <= 3, "a failure is remembered");
        issuer.publishes(METADATA, &json!({ "issuer": issuer.url, "jwks_uri": issuer.url.clone() + KEYS }));
        issuer.has(&[&signer]);
        later(6).await;
        assert_eq!(status(&gateway, &token).await, 200, "all is well again");
    }
}

#[tokio::test(start_paused = true)]
async fn an_issuer_that_never_answers_is_given_up() {
    let signer = Signer::p256("k");
    let issuer = Issuer::of(&[&signer]).await;
    issuer.answers(KEYS, Page::Hangs);
    let (gateway, _worker) = gateway(&issuer.settings());
    assert_eq!(status(&gateway, &signer.token(&claims(&issuer))).await, 503);
}

#[tokio::test]
async fn a_token_that_names_no_key_needs_one_that_is_beyond_doubt() {
    let (one, other) = (Signer::p256("one"), Signer::p256("other"));
    let issuer = Issuer::of(&[&one]).await;
    let header = with(one.header(), "kid", Value::Null);
    let token = one.token_with(&header, &claims(&issuer));
    let (single, _) = gateway(&issuer.settings());
    assert_eq!(status(&single, &token).await, 200);
    issuer.has(&[&one, &other]);
    let (double, _) = gateway(&issuer.settings());
    assert_eq!(refused(&double, &token).await, "the token's signing key is unknown");
}

//! Tokens that are good.

use serde_json::{Value, json};

use super::{Issuer, RESOURCE, Signer, claims, gateway, refused, seconds, status, with};

const ALL: [&str; 9] = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"];

/// A-4: the signature of every algorithm that an issuer may use, and of no other.
#[tokio::test]
async fn a_token_is_taken_if_its_algorithm_is_one_of_the_issuers() {
    let (rsa, p256, p384, ed) = (Signer::rsa("r"), Signer::p256("p"), Signer::p384("q"), Signer::ed25519("e"));
    let issuer = Issuer::of(&[&rsa, &p256, &p384, &ed]).await;
    let (all, _) = gateway(&json!([{ "issuer": issuer.url, "algorithms": ALL }]));
    let (by_default, _) = gateway(&issuer.settings());
    for algorithm in ALL {
        let signer = match algorithm {
            "ES256" => &p256,
            "ES384" => &p384,
            "EdDSA" => &ed,
            _ => &rsa,
        };
        let header = with(signer.header(), "alg", json!(algorithm));
        let token = signer.token_with(&header, &claims(&issuer));
        assert_eq!(status(&all, &token).await, 200, "{algorithm}");
        let by_default_too = matches!(algorithm, "RS256" | "ES256");
        assert_eq!(status(&by_default, &token).await, if by_default_too { 200 } else { 401 }, "{algorithm}");
    }
}

/// A-4: what issuers of several kinds put into access tokens.
#[tokio::test]
async fn the_spellings_of_several_issuers_are_understood() {
    let signer = Signer::p256("k");
    let issuer = Issuer::of(&[&signer]).await;
    let (gateway, _worker) = gateway(&issuer.settings());
    let good = claims(&issuer);
    for claims in [
        good.clone(),
        with(good.clone(), "aud", json!(["https://other.example", RESOURCE])),
        with(good.clone(), "exp", json!(600.5 + f64::from(u32::try_from(seconds(0)).expect("before 2106")))),
        with(good.clone(), "nbf", json!(seconds(-1))),
        with(with(good.clone(), "scope", Value::Null), "scp", json!(["tools:read"])),
        with(with(good.clone(), "client_id", Value::Null), "azp", json!("app")),
        with(with(good.clone(), "client_id", Value::Null), "scope", Value::Null),
        with(good.clone(), "token_use", json!("access")),
    ] {
        assert_eq!(status(&gateway, &signer.token(&claims)).await, 200, "{claims}");
    }
    for typ in [json!("JWT"), json!("jwt"), json!("AT+JWT"), json!("application/at+jwt"), Value::Null] {
        let header = with(signer.header(), "typ", typ.clone());
        assert_eq!(status(&gateway, &signer.token_with(&header, &good)).await, 200, "{typ}");
    }
}

/// A-4: clocks may differ by half a minute, not more.
#[tokio::test]
async fn a_token_is_good_from_its_beginning_to_its_end() {
    let signer = Signer::p256("k");
    let issuer = Issuer::of(&[&signer]).await;
    let (gateway, _worker) = gateway(&issuer.settings());
    let token = |name: &str, offset| signer.token(&with(claims(&issuer), name, json!(seconds(offset))));
    for (name, offset) in [("exp", -15), ("nbf", 15), ("iat", 15)] {
        assert_eq!(status(&gateway, &token(name, offset)).await, 200, "{name} {offset}");
    }
    assert_eq!(refused(&gateway, &token("exp", -45)).await, "the token has expired");
    assert_eq!(refused(&gateway, &token("nbf", 45)).await, "the token is not valid yet");
    assert_eq!(refused(&gateway, &token("iat", 45)).await, "the token is not valid yet");
}

/// Cognito names no audience unless the client asks for one: there, the client's id vouches for it.
#[tokio::test]
async fn an_access_token_without_audience_is_good_from_a_listed_client_only() {
    let signer = Signer::p256("k");
    let issuer = Issuer::of(&[&signer]).await;
    let (listing, _) = gateway(&json!([{ "issuer": issuer.url, "clientIds": ["app", "other"] }]));
    let (open, _) = gateway(&issuer.settings());
    let cognito = with(with(claims(&issuer), "aud", Value::Null), "token_use", json!("access"));
    assert_eq!(status(&listing, &signer.token(&cognito)).await, 200);
    assert_eq!(refused(&open, &signer.token(&cognito)).await, "the token is not for this resource");
    for (name, value, reason) in [
        ("client_id", json!("stranger"), "the token was issued to another client"),
        ("client_id", Value::Null, "the token was issued to another client"),
        ("token_use", Value::Null, "the token is not for this resource"),
        ("aud", json!("https://other.example"), "the token is not for this resource"),
        ("aud", json!("app"), "the token is not for this resource"),
        ("aud", json!([]), "the token is not for this resource"),
    ] {
        let claims = with(cognito.clone(), name, value.clone());
        assert_eq!(refused(&listing, &signer.token(&claims)).await, reason, "{name} {value}");
    }
}

/// A token that has been good is not verified again, and not believed beyond its end either.
#[tokio::test]
async fn a_token_in_use_is_verified_once_and_expires_all_the_same() {
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::{Duration, SystemTime};
    static LATER: AtomicU64 = AtomicU64::new(0);
    let clock = || SystemTime::now() + Duration::from_secs(LATER.load(Ordering::Relaxed));
    let signer = Signer::p256("k");
    let issuer = Issuer::of(&[&signer]).await;
    let (gateway, _worker) = super::of(&issuer.settings(), |services| penstock_gateway::Services { clock, ..services });
    let token = signer.token(&claims(&issuer));
    let long = signer.token(&with(claims(&issuer), "exp", json!(seconds(86400))));
    assert_eq!((status(&gateway, &token).await, status(&gateway, &long).await), (200, 200));
    // With another key under its name, whoever looks again refuses.
    issuer.has(&[&Signer::p256("k")]);
    super::keys::forget(&gateway, &signer, &issuer).await;
    assert_eq!((status(&gateway, &token).await, status(&gateway, &long).await), (200, 200));
    LATER.store(301, Ordering::Relaxed);
    assert_eq!(refused(&gateway, &long).await, "the token's signature is wrong");
    LATER.store(700, Ordering::Relaxed);
    assert_ne!(status(&gateway, &token).await, 200);
}

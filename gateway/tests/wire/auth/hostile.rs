//! Tokens of people who want in. Each is refused with 401, whatever else is right about it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::signer::unsigned;
use super::{Issuer, Signer, claims, gateway, refused, seconds, status, with};

/// A-4: wrong claims under a right signature.
#[tokio::test]
async fn claims_that_are_missing_or_say_something_else_are_refused() {
    let signer = Signer::rsa("k");
    let issuer = Issuer::of(&[&signer]).await;
    let pool = Issuer::of(&[&signer]).await;
    let (gateway, _worker) = gateway(&issuer.settings());
    let good = claims(&issuer);
    for (name, value, reason) in [
        ("exp", json!(seconds(-3600)), "the token has expired"),
        ("exp", Value::Null, "the token lacks a claim, or has one of the wrong type"),
        ("exp", json!("never"), "the token lacks a claim, or has one of the wrong type"),
        ("exp", json!(-1), "the token lacks a claim, or has one of the wrong type"),
        ("exp", json!(1e300), "the token lacks a claim, or has one of the wrong type"),
        ("exp", json!(u64::MAX), "the token lacks a claim, or has one of the wrong type"),
        ("nbf", json!(seconds(3600)), "the token is not valid yet"),
        ("nbf", json!({}), "the token lacks a claim, or has one of the wrong type"),
        ("iat", json!(seconds(3600)), "the token is not valid yet"),
        ("iss", json!("https://evil.example"), "the token was issued by somebody else"),
        ("iss", json!(pool.url), "the token was issued by somebody else"),
        ("iss", json!(issuer.url.clone() + "/"), "the token was issued by somebody else"),
        ("iss", json!([issuer.url]), "the token lacks a claim, or has one of the wrong type"),
        ("iss", Value::Null, "the token lacks a claim, or has one of the wrong type"),
        ("aud", json!("https://other.example/mcp"), "the token is not for this resource"),
        ("aud", json!("https://mcp.example.com"), "the token is not for this resource"),
        ("aud", json!([]), "the token is not for this resource"),
        ("aud", json!(7), "the token lacks a claim, or has one of the wrong type"),
        ("aud", Value::Null, "the token is not for this resource"),
        ("sub", Value::Null, "the token lacks a claim, or has one of the wrong type"),
        ("sub", json!(""), "the token lacks a claim, or has one of the wrong type"),
        ("sub", json!(["alice"]), "the token lacks a claim, or has one of the wrong type"),
        ("scope", json!(7), "the token lacks a claim, or has one of the wrong type"),
        ("cognito:groups", json!([{}]), "the token lacks a claim, or has one of the wrong type"),
        ("client_id", json!({}), "the token lacks a claim, or has one of the wrong type"),
        ("token_use", json!("id"), "the token is not an access token"),
        ("token_use", json!(true), "the token lacks a claim, or has one of the wrong type"),
    ] {
        let claims = with(good.clone(), name, value.clone());
        assert_eq!(refused(&gateway, &signer.token(&claims)).await, reason, "{name} {value}");
    }
    assert_eq!(status(&gateway, &signer.token(&good)).await, 200, "the rest of it is right");
    assert_eq!(pool.all_fetches(), 0, "issuers that are not known are not asked");
}

/// A-4: an ID token is for the client that asked who signed in, even if it names this resource.
#[tokio::test]
async fn an_id_token_opens_nothing() {
    let signer = Signer::p256("k");
    let issuer = Issuer::of(&[&signer]).await;
    let (gateway, _worker) = gateway(&issuer.settings());
    let header = with(signer.header(), "typ", json!("JWT"));
    for claim in ["nonce", "at_hash", "c_hash"] {
        let claims = with(claims(&issuer), claim, json!("abc"));
        assert_eq!(refused(&gateway, &signer.token_with(&header, &claims)).await, "the token is not an access token");
    }
    for typ in ["dpop+jwt", "logout+jwt", "JOSE", ""] {
        let header = with(signer.header(), "typ", json!(typ));
        let token = signer.token_with(&header, &claims(&issuer));
        assert_eq!(refused(&gateway, &token).await, "the token is not an access token", "{typ}");
    }
}

/// A-4: signatures that are missing, made with what everybody knows, or made with another key.
#[tokio::test]
async fn a_signature_that_is_not_the_issuers_is_refused() {
    let (rsa, p256, stranger) = (Signer::rsa("r"), Signer::p256("p"), Signer::p256("p"));
    let issuer = Issuer::of(&[&rsa, &p256]).await;
    let (gateway, _worker) = gateway(&issuer.settings());
    let good = claims(&issuer);
    for algorithm in ["none", "None", "NONE", "nOnE", "", "HS257"] {
        let token = unsigned(algorithm, &good);
        assert_eq!(refused(&gateway, &token).await, "the token's signature algorithm is not allowed", "{algorithm}");
    }
    let empty = unsigned("ES256", &good);
    assert_eq!(status(&gateway, &empty).await, 401, "no signature at all");
    let modulus = rsa.jwk()["n"].as_str().expect("text").to_owned();
    let document = rsa.jwk().to_string();
    for secret in [modulus.as_bytes(), &URL_SAFE_NO_PAD.decode(&modulus).expect("Base64url"), document.as_bytes(), b""]
    {
        assert_eq!(
            refused(&gateway, &rsa.confused(secret, &good)).await,
            "the token's signature algorithm is not allowed"
        );
    }
    assert_eq!(refused(&gateway, &stranger.token(&good)).await, "the token's signature is wrong");
    // Another key of the issuer's, and an algorithm that is not the key's.
    let crossed = with(p256.header(), "kid", json!("r"));
    assert_eq!(refused(&gateway, &p256.token_with(&crossed, &good)).await, "the token's signing key is unknown");
    let crossed = rsa.sign(&with(rsa.header(), "alg", json!("ES256")).to_string(), &good.to_string(), "RS256");
    assert_eq!(refused(&gateway, &crossed).await, "the token's signing key is unknown");
    let sound = rsa.token(&good);
    assert_eq!(status(&gateway, &sound).await, 200);
    let (signed, signature) = sound.rsplit_once('.').expect("a signature");
    for tampered in [
        format!("{signed}.{}", &signature[..signature.len() - 4]),
        format!("{signed}.{signature}AAAA"),
        format!("{signed}.{}", signature.chars().rev().collect::<String>()),
        format!("{}.{signature}", signed.replacen('.', "A.", 1)),
        format!(
            "{}.{signature}",
            rsa.token(&with(good.clone(), "sub", json!("bob"))).rsplit_once('.').expect("parts").0
        ),
    ] {
        assert_eq!(status(&gateway, &tampered).await, 401, "{tampered}");
    }
}

/// A-4: keys that a token brings along are not looked at, and what they name is not fetched.
#[tokio::test]
async fn a_token_that_brings_its_key_along_is_refused() {
    let (signer, stranger) = (Signer::p256("k"), Signer::p256("k"));
    let (issuer, elsewhere) = (Issuer::of(&[&signer]).await, Issuer::of(&[&stranger]).await);
    let (gateway, _worker) = gateway(&issuer.settings());
    for (name, value) in [
        ("jwk", stranger.jwk()),
        ("jku", json!(format!("{}/keys", elsewhere.url))),
        ("x5u", json!(format!("{}/keys", elsewhere.url))),
        ("x5c", json!(["MIIB"])),
        ("crit", json!(["exp"])),
        ("crit", json!([])),
    ] {
        for by in [&stranger, &signer] {
            let token = by.token_with(&with(by.header(), name, value.clone()), &claims(&issuer));
            let reason = "the token's header brings a key along or demands an extension";
            assert_eq!(refused(&gateway, &token).await, reason, "{name}");
        }
    }
    assert_eq!(elsewhere.all_fetches(), 0);
    assert_eq!(issuer.all_fetches(), 0, "refused before any key is looked for");
}

/// S-6: what is named twice is read differently by different readers.
#[tokio::test]
async fn a_token_that_says_something_twice_is_refused() {
    let signer = Signer::p256("k");
    let issuer = Issuer::of(&[&signer]).await;
    let (gateway, _worker) = gateway(&issuer.settings());
    let (header, claims) = (signer.header().to_string(), claims(&issuer).to_string());
    let twice = |text: &str, member: &str| text.replacen('{', &format!("{{{member},"), 1);
    for (header, claims) in [
        (header.clone(), twice(&claims, r#""sub":"bob""#)),
        (header.clone(), twice(&claims, r#""\u0073ub":"bob""#)),
        (header.clone(), twice(&claims, r#""address":{"a":1,"a":2}"#)),
        (twice(&header, r#""alg":"none""#), claims.clone()),
        (twice(&header, r#""kid":"other""#), claims.clone()),
        (header.clone(), format!("{claims} {claims}")),
        (header.clone(), "[]".to_owned()),
        (header.clone(), "[".repeat(2000)),
        (header.clone(), "{\"a\":".repeat(1000)),
        ("{}".to_owned(), claims.clone()),
        ("[]".to_owned(), claims.clone()),
        (r#"{"alg":7}"#.to_owned(), claims.clone()),
        (r#"{"alg":"ES256","kid":7}"#.to_owned(), claims.clone()),
    ] {
        let token = signer.sign(&header, &claims, "ES256");
        let reason = "the token is not a JSON Web Token that is understood here";
        assert_eq!(refused(&gateway, &token).await, reason, "{header} {claims}");
    }
    assert_eq!(status(&gateway, &signer.sign(&header, &claims, "ES256")).await, 200, "said once, it is right");
}

/// S-7: long tokens are not looked at, and what is no token is no trouble.
#[tokio::test]
async fn what_is_too_long_or_no_token_is_refused() {
    let signer = Signer::p256("k");
    let issuer = Issuer::of(&[&signer]).await;
    let (gateway, _worker) = gateway(&issuer.settings());
    let padded = |length: usize| signer.token(&with(claims(&issuer), "padding", json!("x".repeat(length))));
    assert_eq!(status(&gateway, &padded(5000)).await, 200);
    assert_eq!(refused(&gateway, &padded(8000)).await, "the token is too long");
    for token in ["opaque", "a.b", "a.b.c", "..", ".a.", "a.b.c.d.e", "e30.e30.e30", "AAAA.AAAA.AAAA", "-_~+/=", "1"] {
        assert_eq!(
            refused(&gateway, token).await,
            "the token is not a JSON Web Token that is understood here",
            "{token}"
        );
    }
}

/// A-4: no character of a token can be changed, and none left out.
#[tokio::test]
async fn a_token_that_is_changed_anywhere_is_refused() {
    let signer = Signer::p256("k");
    let issuer = Issuer::of(&[&signer]).await;
    let (gateway, _worker) = gateway(&issuer.settings());
    let token = signer.token(&claims(&issuer));
    assert_eq!(status(&gateway, &token).await, 200);
    for at in 0..token.len() {
        let other = if token.as_bytes()[at] == b'A' { "B" } else { "A" };
        for changed in [
            format!("{}{other}{}", &token[..at], &token[at + 1..]),
            format!("{}{}", &token[..at], &token[at + 1..]),
            format!("{}.{}", &token[..at], &token[at..]),
        ] {
            assert_eq!(status(&gateway, &changed).await, 401, "{at}: {changed}");
        }
    }
    assert!(issuer.all_fetches() <= 3, "names of keys that were changed cost one fetch");
}

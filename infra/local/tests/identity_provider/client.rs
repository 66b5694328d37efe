use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::{StatusCode, header};

use super::support::{self, CLIENT, SECRET, but, redemption};

/// RFC 6749, section 2.3.1: both parts are form-encoded.
const BASIC: &str = "the-client:a+secret%3A+100%25";

fn basic(pair: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(pair))
}

#[tokio::test]
async fn the_client_authenticates_by_header_or_by_form_but_not_by_both() {
    let provider = support::start().await;
    let (right, wrong, other) = (basic(BASIC), basic("the-client:guess"), basic("other:a+secret%3A+100%25"));
    let none = [("client_id", ""), ("client_secret", "")];
    for (header, form, error) in [
        (None, vec![], ""),
        (Some(right.as_str()), none.to_vec(), ""),
        (Some(right.as_str()), vec![("client_secret", "")], ""),
        (Some(right.as_str()), vec![], "invalid_request"),
        (Some(right.as_str()), vec![("client_id", "other"), ("client_secret", "")], "invalid_request"),
        (Some(wrong.as_str()), none.to_vec(), "invalid_client"),
        (Some(other.as_str()), none.to_vec(), "invalid_client"),
        (Some("Basic !"), none.to_vec(), "invalid_client"),
        (Some("Bearer token"), none.to_vec(), "invalid_client"),
        (None, none.to_vec(), "invalid_client"),
        (None, vec![("client_secret", "")], "invalid_client"),
        (None, vec![("client_secret", "guess")], "invalid_client"),
        (None, vec![("client_id", "other")], "invalid_client"),
    ] {
        let code = provider.code().await;
        let headers: Vec<_> = header.iter().map(|value| ("authorization", *value)).collect();
        let answer = provider.post_with("/token", &headers, &but(redemption(&code), &form)).await;
        match error {
            "" => assert_eq!(answer.status, StatusCode::OK, "{header:?} {form:?} {}", answer.body),
            error => assert_eq!(answer.error(), error, "{header:?} {form:?}"),
        }
        if error == "invalid_client" {
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
            assert!(answer.headers.contains_key(header::WWW_AUTHENTICATE));
        }
    }
}

#[tokio::test]
async fn a_client_without_a_secret_is_known_by_its_id_and_its_verifier() {
    let provider = support::start_with(|settings| settings.client.secret = None).await;
    let metadata = provider.get("/.well-known/openid-configuration", &[]).await.json();
    assert_eq!(metadata["token_endpoint_auth_methods_supported"], serde_json::json!(["none"]));
    for (change, error) in [
        (vec![("client_secret", "")], ""),
        (vec![("client_secret", SECRET)], "invalid_client"),
        (vec![("client_secret", ""), ("client_id", "other")], "invalid_client"),
        (vec![("client_secret", ""), ("code_verifier", CLIENT)], "invalid_grant"),
    ] {
        let code = provider.code().await;
        let answer = provider.post("/token", &but(redemption(&code), &change)).await;
        match error {
            "" => assert_eq!(answer.status, StatusCode::OK, "{}", answer.body),
            error => assert_eq!(answer.error(), error, "{change:?}"),
        }
    }
}

#[tokio::test]
async fn what_is_not_a_form_is_an_invalid_request() {
    let provider = support::start().await;
    let request = http::Request::post(provider.url("/token")).header("content-type", "application/json");
    let answer = provider.send(request.body("{}".into()).expect("a request")).await;
    assert_eq!(answer.error(), "invalid_request");
}

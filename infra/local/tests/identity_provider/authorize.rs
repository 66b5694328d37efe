use http::{StatusCode, header};

use super::support::{self, ALICE, but, challenge, wanted};

#[tokio::test]
async fn a_user_is_not_sent_where_the_client_is_not_registered() {
    let provider = support::start().await;
    let challenge = challenge();
    for change in [
        ("client_id", ""),
        ("client_id", "another"),
        ("redirect_uri", ""),
        ("redirect_uri", "http://127.0.0.1:9/callback"),
        ("redirect_uri", "http://127.0.0.1:9/callback?kept=yes&more=yes"),
        ("redirect_uri", "http://127.0.0.1:8/callback?kept=yes"),
        ("redirect_uri", "https://evil.example.com/"),
    ] {
        let request = but(wanted(&challenge), &[change]);
        let shown = provider.get("/authorize", &request).await;
        let submitted = provider.post("/authorize", &[request, ALICE.to_vec()].concat()).await;
        for answer in [shown, submitted] {
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{change:?}");
            assert!(!answer.headers.contains_key(header::LOCATION), "{change:?}");
            assert!(answer.body.contains("<h1>This cannot go on</h1>"), "{change:?}");
        }
    }
}

#[tokio::test]
async fn every_other_mistake_is_told_to_the_client_with_its_state_and_the_issuer() {
    let provider = support::start().await;
    let challenge = challenge();
    for (change, error) in [
        (("response_type", ""), "invalid_request"),
        (("response_type", "token"), "unsupported_response_type"),
        (("code_challenge", ""), "invalid_request"),
        (("code_challenge", "short"), "invalid_request"),
        (("code_challenge_method", ""), "invalid_request"),
        (("code_challenge_method", "plain"), "invalid_request"),
        (("scope", "cost:read admin"), "invalid_scope"),
        (("scope", "cost:read  openid"), "invalid_scope"),
        (("resource", "https://another.example.com/mcp"), "invalid_target"),
        (("prompt", "none"), "login_required"),
    ] {
        let request = but(wanted(&challenge), &[change]);
        let answers = [
            provider.get("/authorize", &request).await,
            provider.post("/authorize", &[request, ALICE.to_vec()].concat()).await,
        ];
        for answer in answers {
            let told = answer.sent_back();
            assert_eq!(told["error"], error, "{change:?}");
            assert_eq!(told["state"], "a state & more");
            assert_eq!(told["iss"], provider.provider.issuer());
            assert!(!told.contains_key("code"), "{change:?}");
        }
    }
}

#[tokio::test]
async fn a_parameter_that_is_there_twice_or_a_form_that_is_too_large_is_refused() {
    let provider = support::start().await;
    let challenge = challenge();
    let twice = [wanted(&challenge), vec![("redirect_uri", "https://evil.example.com/")]].concat();
    let long = "x".repeat(17 * 1024);
    let large = [wanted(&challenge), vec![("more", long.as_str())]].concat();
    let answers = [
        provider.get("/authorize", &twice).await,
        provider.post("/authorize", &[twice, ALICE.to_vec()].concat()).await,
        provider.post("/authorize", &[large, ALICE.to_vec()].concat()).await,
    ];
    for answer in answers {
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert!(!answer.headers.contains_key(header::LOCATION));
    }
}

#[tokio::test]
async fn a_user_who_cancels_is_unknown_or_grants_nothing_has_denied_access() {
    let provider = support::start().await;
    let challenge = challenge();
    for changes in [
        vec![("cancel", "yes")],
        vec![("user", "")],
        vec![("user", "mallory")],
        vec![("grant.cost:read", ""), ("grant.openid", "")],
    ] {
        let form = but([wanted(&challenge), ALICE.to_vec()].concat(), &changes);
        let told = provider.post("/authorize", &form).await.sent_back();
        assert_eq!(told["error"], "access_denied", "{changes:?}");
        assert!(!told.contains_key("code"), "{changes:?}");
    }
}

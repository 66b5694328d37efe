use http::{Request, StatusCode, header};

use super::support::{self, ALICE, challenge, wanted};

#[tokio::test]
async fn a_name_that_was_made_to_lead_here_is_not_served() {
    let provider = support::start().await;
    let issuer = provider.provider.issuer();
    let address = issuer.trim_start_matches("http://").split_once('/').expect("a path").0;
    for (host, status) in [
        (address, StatusCode::OK),
        ("evil.example.com", StatusCode::MISDIRECTED_REQUEST),
        ("127.0.0.1:1", StatusCode::MISDIRECTED_REQUEST),
        ("127.0.0.1", StatusCode::MISDIRECTED_REQUEST),
    ] {
        let request = Request::get(provider.url("/jwks")).header(header::HOST, host);
        assert_eq!(provider.send(request.body("".into()).expect("a request")).await.status, status, "{host}");
    }
}

#[tokio::test]
async fn a_form_that_another_sites_page_submits_signs_nobody_in() {
    let provider = support::start().await;
    let challenge = challenge();
    let form = [wanted(&challenge), ALICE.to_vec()].concat();
    let own = provider.provider.issuer().trim_end_matches("/development-only").to_owned();
    let answer = provider.post_with("/authorize", &[("origin", &own)], &form).await;
    assert!(answer.sent_back().contains_key("code"));
    for origin in ["https://evil.example.com", "http://127.0.0.1:1", "null"] {
        let answer = provider.post_with("/authorize", &[("origin", origin)], &form).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{origin}");
    }
}

use http::{StatusCode, header};

use super::support::{self, but, challenge, redemption, wanted};

/// Names and values of a page's inputs; of boxes and radios only the checked.
fn inputs(page: &str) -> Vec<(String, String)> {
    let attribute = |input: &str, name: &str| {
        let (_, rest) = input.split_once(&format!(" {name}=\""))?;
        rest.split_once('"').map(|(value, _)| value.replace("&#38;", "&").replace("&#34;", "\""))
    };
    let sent = |input: &str| {
        let is_hidden = input.contains("type=\"hidden\"");
        let pair = (attribute(input, "name")?, attribute(input, "value")?);
        (is_hidden || input.contains(" checked")).then_some(pair)
    };
    page.split("<input").skip(1).filter_map(|rest| sent(rest.split_once('>')?.0)).collect()
}

#[tokio::test]
async fn the_page_as_it_stands_signs_in_whom_the_client_hints_at() {
    let provider = support::start().await;
    let challenge = challenge();
    for (hint, name) in [("", "alice"), ("alice", "alice"), ("bob", "bob"), ("mallory", "alice")] {
        let page = provider.get("/authorize", &but(wanted(&challenge), &[("login_hint", hint)])).await;
        assert_eq!(page.status, StatusCode::OK);
        let inputs = inputs(&page.body);
        let form: Vec<_> = inputs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let told = provider.post("/authorize", &form).await.sent_back();
        assert_eq!(told["state"], "a state & more");
        let tokens = provider.post("/token", &redemption(&told["code"])).await.json();
        assert_eq!(tokens["scope"], "cost:read openid");
        let claims = provider.claims(&tokens["access_token"]).await;
        assert_eq!(claims["username"], name, "hinted at {hint:?}");
    }
}

#[tokio::test]
async fn every_page_says_that_it_is_for_development_has_no_script_and_cannot_be_framed() {
    let provider = support::start().await;
    let challenge = challenge();
    for (request, heading) in [(wanted(&challenge), "<h1>Sign in</h1>"), (Vec::new(), "<h1>This cannot go on</h1>")] {
        let page = provider.get("/authorize", &request).await;
        assert!(page.body.contains(heading), "{}", page.body);
        assert!(page.body.contains("For development only"), "{}", page.body);
        assert!(!page.body.contains("<script"), "{}", page.body);
        let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert_eq!(page.headers[header::X_FRAME_OPTIONS], "DENY");
        assert_eq!(page.headers[header::CACHE_CONTROL], "no-store");
    }
}

#[tokio::test]
async fn what_a_request_says_is_text_on_the_page() {
    let provider = support::start().await;
    let challenge = challenge();
    let request = but(wanted(&challenge), &[("state", "\"><script>alert(1)</script>")]);
    let page = provider.get("/authorize", &request).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("<script"), "{}", page.body);
    assert!(page.body.contains("alert(1)"), "{}", page.body);
}

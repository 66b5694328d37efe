//! What people see on their way, in a browser as hostile pages and clients use it.

use http::StatusCode;
use penstock_e2e::{browser, http as client};
use serde_json::{Value, json};

use crate::Site;
use crate::landing::Landing;

/// Of the right length, for which nobody knows a verifier.
const CHALLENGE: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// What a client asks the front for.
fn authorization(site: &Site, client: &str, redirect_uri: &str) -> String {
    let parameters = [
        ("response_type", "code"),
        ("client_id", client),
        ("redirect_uri", redirect_uri),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("state", "what-was-sent"),
        ("resource", site.url()),
    ];
    let url = url::Url::parse_with_params(&format!("{}/authorize", site.issuer()), parameters);
    url.expect("the front has a URL").into()
}

/// The query of the address a visit landed at.
fn query(landed: &str) -> Vec<(String, String)> {
    let url = url::Url::parse(landed).expect("an address");
    url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

/// The titles of the pages.
fn titles(pages: &[Value]) -> Vec<&str> {
    pages.iter().filter_map(|page| page["title"].as_str()).collect()
}

#[tokio::test]
async fn the_pages_work_by_keyboard_alone_and_without_script() -> anyhow::Result<()> {
    let (site, landing) = (Site::start().await?, Landing::open().await?);
    let url = authorization(&site, site.document.url(), landing.redirect_uri());
    let options = json!({ "keyboard": true, "script": false, "user": "bob" });
    let visit = browser::sign_in(&url, &options).await?;
    assert_eq!(titles(&visit.pages), ["Allow access to 127.0.0.1?", "Sign in (development only)"]);
    assert!(visit.landed.starts_with(landing.redirect_uri()), "landed elsewhere");
    let names: Vec<_> = query(&visit.landed).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["code", "state", "iss"]);
    Ok(())
}

#[tokio::test]
async fn the_pages_are_accessible() -> anyhow::Result<()> {
    let (site, landing) = (Site::start().await?, Landing::open().await?);
    let url = authorization(&site, site.document.url(), landing.redirect_uri());
    let visit = browser::sign_in(&url, &json!({ "audit": true })).await?;
    assert_eq!(visit.pages.len(), 2);
    for page in &visit.pages {
        assert_eq!(page["violations"], json!([]), "{page}");
        assert_eq!(page["headings"].as_array().map(Vec::len), Some(1), "one h1: {page}");
    }
    Ok(())
}

#[tokio::test]
async fn the_consent_page_says_who_asks_for_what_and_where_the_answer_goes() -> anyhow::Result<()> {
    let (site, landing) = (Site::start().await?, Landing::open().await?);
    let url = authorization(&site, site.document.url(), landing.redirect_uri());
    let visit = browser::sign_in(&url, &json!({})).await?;
    let text = visit.pages[0]["text"].as_str().expect("text");
    let authority = landing.redirect_uri().strip_prefix("http://").and_then(|rest| rest.split('/').next());
    for part in ["Penstock end-to-end", "localhost", site.url(), "cost:read", authority.expect("a host")] {
        assert!(text.contains(part), "{part} in {text}");
    }
    Ok(())
}

#[tokio::test]
async fn whoever_denies_is_sent_back_without_a_code() -> anyhow::Result<()> {
    let (site, landing) = (Site::start().await?, Landing::open().await?);
    let url = authorization(&site, site.document.url(), landing.redirect_uri());
    let visit = browser::sign_in(&url, &json!({ "answer": "Deny" })).await?;
    assert!(visit.landed.starts_with(landing.redirect_uri()), "landed elsewhere");
    let query = query(&visit.landed);
    let value = |wanted: &str| query.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    assert_eq!((value("error"), value("state")), (Some("access_denied"), Some("what-was-sent")));
    assert_eq!((value("code"), value("iss")), (None, Some(site.issuer())));
    Ok(())
}

#[tokio::test]
async fn no_page_can_be_framed() -> anyhow::Result<()> {
    let (site, landing) = (Site::start().await?, Landing::open().await?);
    let consent = authorization(&site, site.document.url(), landing.redirect_uri());
    let refusal = authorization(&site, site.document.url(), "https://attacker.example.com/");
    for url in [&consent, &refusal] {
        let headers = client::client().get(url).send().await?.headers().clone();
        let policy = headers["content-security-policy"].to_str()?;
        for directive in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"] {
            assert!(policy.contains(directive), "{policy}");
        }
        assert!(!policy.contains("script-src"), "{policy}");
        assert_eq!(headers["x-frame-options"], "DENY");
    }
    assert_eq!(browser::framed(&[&consent, &refusal]).await?, ["", ""]);
    Ok(())
}

#[tokio::test]
async fn a_redirect_uri_of_an_attacker_is_never_redirected_to() -> anyhow::Result<()> {
    let (site, attacker) = (Site::start().await?, Landing::open().await?);
    let registered = site.register("http://127.0.0.1:9/callback").await?;
    let port = attacker.redirect_uri().rsplit(':').next().expect("a port");
    for client in [site.document.url(), &registered] {
        for redirect_uri in [
            attacker.redirect_uri().replace("/callback", "/elsewhere"),
            attacker.redirect_uri().replace("/callback", "/callback/../elsewhere"),
            attacker.redirect_uri().replace("/callback", "/callback?also=this"),
            format!("http://attacker@127.0.0.1:{port}"),
            format!("http://localhost:{port}"),
            format!("https://127.0.0.1:{port}"),
            format!("http://127.0.0.1.attacker.example.com:{port}"),
            "https://attacker.example.com/callback".to_owned(),
            "javascript:alert(1)".to_owned(),
        ] {
            let url = authorization(&site, client, &redirect_uri);
            // What follows redirects would end elsewhere, or not at all.
            let answer = client::client().get(&url).send().await?;
            assert_eq!(answer.url().as_str(), url, "{redirect_uri}");
            assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{redirect_uri}");
            assert!(!answer.text().await?.contains("Allow</button>"), "{redirect_uri}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_sign_in_begun_in_one_browser_does_not_end_in_another() -> anyhow::Result<()> {
    let (site, landing) = (Site::start().await?, Landing::open().await?);
    let client = site.register(landing.redirect_uri()).await?;
    let url = authorization(&site, &client, landing.redirect_uri());
    // The attacker allows and stops before the provider; the victim is lured to what would follow.
    let page = client::client().get(&url).send().await?.text().await?;
    let ticket = page.split("name=\"ticket\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let form = [("ticket", ticket.expect("a ticket")), ("decision", "allow")];
    let other = client::client().post(format!("{}/consent", site.issuer())).form(&form).send().await?;
    assert_eq!(other.status(), StatusCode::FORBIDDEN);
    assert!(other.url().as_str().ends_with("/consent"), "not sent on: {}", other.url());
    Ok(())
}

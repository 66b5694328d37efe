use penstock::doctor::{Level, Order, examine};
use serde_json::json;

use super::server::{self, Answer};
use super::site::{ISSUER, Site, TOKEN};
use super::{Row, assert_found, assert_says};

const REGISTRATION: &[Row] = &[
    (
        "a throttle",
        |site| site.register = || Answer::new(429).header("retry-after", "30"),
        "registration.dynamic",
        Level::Skipped,
        "throttled, which is as it should be; wait “30”",
    ),
    (
        "credentials wanted",
        |site| site.register = || Answer::new(401),
        "registration.dynamic",
        Level::Warning,
        "asks for credentials",
    ),
    (
        "no loopback",
        |site| site.register = || Answer::json(400, &json!({ "error": "invalid_redirect_uri" })),
        "registration.dynamic",
        Level::Wrong,
        "HTTP 400, “invalid_redirect_uri”",
    ),
    (
        "no client id",
        |site| site.register = || Answer::json(201, &json!({})),
        "registration.dynamic",
        Level::Wrong,
        "without a client_id",
    ),
    (
        "a secret",
        |site| site.register = || Answer::json(201, &json!({ "client_id": "a", "client_secret": "b" })),
        "registration.dynamic",
        Level::Warning,
        "with a secret",
    ),
    (
        "none offered",
        |site| site.change(ISSUER, |document| document["registration_endpoint"] = json!(null)),
        "registration.dynamic",
        Level::Skipped,
        "offers no registration",
    ),
    (
        "none offered",
        |site| site.change(ISSUER, |document| document["registration_endpoint"] = json!(null)),
        "authorize.page",
        Level::Skipped,
        "--client-id",
    ),
];

const AUTHORIZATION: &[Row] = &[
    (
        "a well-formed request is refused",
        |site| site.authorize = |_| Answer::new(400),
        "authorize.page",
        Level::Wrong,
        "HTTP 400",
    ),
    (
        "an error is sent back",
        |site| {
            site.authorize =
                |_| Answer::new(302).header("location", "http://127.0.0.1:33418/callback?error=invalid_target");
        },
        "authorize.page",
        Level::Wrong,
        "“invalid_target”",
    ),
    (
        "a code for nothing",
        |site| {
            site.authorize = |_| Answer::new(302).header("location", "http://127.0.0.1:33418/callback?code=secret");
        },
        "authorize.page",
        Level::Wrong,
        "nobody has signed in",
    ),
    (
        "a page that can be framed",
        |site| site.authorize = |_| Answer::new(200),
        "authorize.page",
        Level::Warning,
        "may frame",
    ),
    (
        "an open redirect",
        |site| site.authorize = |_| Answer::new(302).header("location", "https://doctor.invalid/callback?error=x"),
        "authorize.redirect",
        Level::Wrong,
        "codes can be stolen",
    ),
    (
        "a redirect URI that is looked at late",
        |site| site.authorize = |_| Answer::new(302).header("location", "https://login.example/"),
        "authorize.redirect",
        Level::Warning,
        "not refused at once",
    ),
    (
        "a sign-in elsewhere",
        |site| site.authorize = |_| Answer::new(302).header("location", "https://login.example/"),
        "authorize.page",
        Level::Ok,
        "leads on",
    ),
    (
        "no PKCE demanded",
        |site| site.authorize = |_| Answer::new(200),
        "authorize.pkce",
        Level::Warning,
        "without PKCE is not refused",
    ),
];

#[tokio::test]
async fn registration_is_tried_and_judged() {
    assert_found(REGISTRATION).await;
}

#[tokio::test]
async fn the_authorization_endpoint_is_judged_by_what_it_refuses() {
    assert_found(AUTHORIZATION).await;
}

#[tokio::test]
async fn a_client_id_that_is_given_is_used_instead_of_registering() {
    let mut site = Site::healthy();
    site.register = || panic!("nobody is to register");
    site.authorize = |query| Answer::new(if query.contains("client_id=known") { 200 } else { 400 });
    let url = server::start(site.with_token(TOKEN));
    let order = Order { url, client_id: Some("known".to_owned()), ..Order::default() };
    let report = examine(&order).await.expect("a good order");
    assert_says(&report, "a client id", "registration.dynamic", Level::Skipped, "was given");
    assert_says(&report, "a client id", "authorize.page", Level::Warning, "shows a page");
}

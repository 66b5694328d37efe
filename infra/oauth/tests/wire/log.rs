//! The log says how requests ended, and nothing anybody could use.

use std::cell::RefCell;
use std::io;
use std::sync::Once;

use serde_json::Value;
use tracing_subscriber::filter::LevelFilter;

use crate::support::{World, request, with};

thread_local! {
    static LINES: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// The lines of the thread that writes them: a front runs on the thread of its test.
struct ThisThread;

impl io::Write for ThisThread {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LINES.with_borrow_mut(|lines| lines.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Keeps what this thread logs. Every test does, before its front runs: a line whose first writer finds nobody
/// listening may stay off for the whole process.
pub(crate) fn keep() {
    static ONCE: Once = Once::new();
    let lines = || tracing_subscriber::fmt().json().flatten_event(true).with_max_level(LevelFilter::TRACE);
    ONCE.call_once(|| lines().with_writer(|| ThisThread).init());
}

/// S-5: no credentials and nobody's name, at any level.
#[tokio::test]
async fn a_sign_in_is_a_line_a_request_without_codes_tokens_states_or_people() {
    let mut world = World::start().await;
    let client = world.client().await;
    let asked = with(&request(&client), &[("login_hint", "alice@example.com"), ("state", "their-own-state")]);
    let code = world.up_to_code(&asked).await;
    let tokens = world.redeem(&client, &code).await.json();
    world.authorize(&with(&asked, &[("redirect_uri", "https://evil.example/cb")])).await;
    world.redeem(&client, &code).await;
    let text = String::from_utf8(LINES.take()).expect("text");
    let (token, refresh) = (tokens["access_token"].as_str(), tokens["refresh_token"].as_str());
    let cookie = world.browser.cookie.clone().expect("a cookie");
    let secrets = [
        &*code,
        token.expect("a token"),
        refresh.expect("a refresh token"),
        cookie.split('=').nth(1).expect("a value"),
        &client,
        "alice",
        "their-own-state",
        "upstream-code",
        "a secret",
    ];
    for secret in secrets {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let requests: Vec<_> = lines.filter(|line| line["message"] == "request").collect();
    let said: Vec<_> = requests.iter().map(|line| (line["path"].as_str(), line["outcome"].as_str())).collect();
    let expected = [
        ("/register", "registered"),
        ("/authorize", "asked"),
        ("/consent", "allowed"),
        ("/callback", "code"),
        ("/token", "issued"),
        ("/authorize", "invalid_redirect_uri"),
        ("/token", "invalid_grant"),
    ];
    assert_eq!(said, expected.map(|(path, outcome)| (Some(path), Some(outcome))));
    assert_eq!(requests[0]["client"], requests[4]["client"]);
}

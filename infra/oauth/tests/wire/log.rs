//! The log says how requests ended, and nothing anybody could use.

use std::io;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tracing_subscriber::fmt::MakeWriter;

use crate::support::{World, request, with};

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("not poisoned").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// S-5: no credentials and nobody's name, at any level.
#[tokio::test]
async fn a_sign_in_is_a_line_a_request_without_codes_tokens_states_or_people() {
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(lines.clone())
        .finish();
    // The front runs on this thread: see the test attribute.
    let _guard = tracing::subscriber::set_default(subscriber);
    let mut world = World::start().await;
    let client = world.client().await;
    let asked = with(&request(&client), &[("login_hint", "alice@example.com"), ("state", "their-own-state")]);
    let code = world.up_to_code(&asked).await;
    let tokens = world.redeem(&client, &code).await.json();
    world.authorize(&with(&asked, &[("redirect_uri", "https://evil.example/cb")])).await;
    world.redeem(&client, &code).await;
    let text = String::from_utf8(lines.0.lock().expect("not poisoned").clone()).expect("text");
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

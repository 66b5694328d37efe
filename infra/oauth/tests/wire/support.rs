//! A front, its provider, a client and a browser.

use std::collections::BTreeMap;
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hyper::Method;
use penstock_oauth::Front;
use penstock_oauth::config::Config;
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::browser::{Answer, Browser, encoded};
use crate::log;
use crate::provider::{CLIENT_ID, CLIENT_SECRET, Provider};

pub(crate) const RESOURCE: &str = "https://mcp.example.com/mcp";
pub(crate) const VERIFIER: &str = "a-verifier-that-nobody-guesses-0123456789-abc";
pub(crate) const REDIRECT_URI: &str = "http://127.0.0.1:3000/callback";
const KEYS: &str = "test:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

#[derive(Clone)]
pub(crate) struct World {
    pub(crate) front: String,
    pub(crate) provider: Provider,
    pub(crate) browser: Browser,
}

/// A sign-in's parameters; tests change what they are about.
pub(crate) type Request = BTreeMap<&'static str, String>;

pub(crate) fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()))
}

pub(crate) fn request(client_id: &str) -> Request {
    let pairs = [
        ("client_id", client_id),
        ("redirect_uri", REDIRECT_URI),
        ("response_type", "code"),
        ("state", "the client's state & more"),
        ("code_challenge", &challenge(VERIFIER)),
        ("code_challenge_method", "S256"),
        ("resource", RESOURCE),
        ("scope", "tools:read"),
    ];
    pairs.into_iter().map(|(name, value)| (name, value.to_owned())).collect()
}

pub(crate) fn with(request: &Request, changes: &[(&'static str, &str)]) -> Request {
    let mut request = request.clone();
    request.extend(changes.iter().map(|(name, value)| (*name, (*value).to_owned())));
    request
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::start_with(&[]).await
    }

    pub(crate) async fn start_with(variables: &[(&str, &str)]) -> Self {
        let provider = Provider::start().await;
        Self { front: front(&provider, variables, SystemTime::now).await, provider, browser: Browser::new() }
    }

    /// The same front at another time: what it has sealed is that much older.
    pub(crate) async fn at(&self, clock: fn() -> SystemTime) -> Self {
        let front = front(&self.provider, &[("PENSTOCK_OAUTH_ISSUER", &self.front)], clock).await;
        Self { front, provider: self.provider.clone(), browser: self.browser.clone() }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.front)
    }

    /// A client id for clients with these redirect URIs.
    pub(crate) async fn client_of(&mut self, redirect_uris: &[&str]) -> String {
        let answer = self.register(&json!({ "client_name": "An editor", "redirect_uris": redirect_uris })).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.json()["client_id"].as_str().expect("an id").to_owned()
    }

    /// A client id.
    pub(crate) async fn client(&mut self) -> String {
        self.client_of(&[REDIRECT_URI]).await
    }

    pub(crate) async fn register(&mut self, metadata: &Value) -> Answer {
        let headers = [("content-type", "application/json")];
        self.browser.send(Method::POST, &self.url("/register"), &headers, metadata.to_string()).await
    }

    pub(crate) async fn authorize(&mut self, request: &Request) -> Answer {
        let parameters: Vec<_> = request.iter().map(|(name, value)| (*name, &**value)).collect();
        self.authorize_with(&encoded(&parameters)).await
    }

    pub(crate) async fn authorize_with(&mut self, query: &str) -> Answer {
        let url = self.url(&format!("/authorize?{query}"));
        self.browser.get(&url).await
    }

    pub(crate) async fn decide(&mut self, ticket: &str, decision: &str) -> Answer {
        let url = self.url("/consent");
        self.browser.post(&url, &[("ticket", ticket), ("decision", decision)]).await
    }

    pub(crate) async fn come_back(&mut self, parameters: &[(&'static str, String)]) -> Answer {
        let parameters: Vec<_> = parameters.iter().map(|(name, value)| (*name, &**value)).collect();
        let url = self.url(&format!("/callback?{}", encoded(&parameters)));
        self.browser.get(&url).await
    }

    /// Up to the provider: what it comes back with.
    pub(crate) async fn up_to_callback(&mut self, request: &Request) -> Vec<(&'static str, String)> {
        let page = self.authorize(request).await;
        let answer = self.decide(&page.ticket(), "allow").await;
        assert_eq!(answer.status, 303, "{answer:?}");
        self.provider.sign_in(answer.header("location"))
    }

    /// Up to the client's redirect URI: the code.
    pub(crate) async fn up_to_code(&mut self, request: &Request) -> String {
        let parameters = self.up_to_callback(request).await;
        let answer = self.come_back(&parameters).await;
        assert_eq!(answer.target(), request["redirect_uri"]);
        answer.parameters()["code"].clone()
    }

    pub(crate) async fn token(&mut self, form: &[(&str, &str)]) -> Answer {
        let url = self.url("/token");
        Browser::new().post(&url, form).await
    }

    pub(crate) async fn redeem(&mut self, client_id: &str, code: &str) -> Answer {
        self.token(&redemption(client_id, code)).await
    }

    /// A refresh token of a client.
    pub(crate) async fn up_to_refresh_token(&mut self, client_id: &str) -> String {
        let code = self.up_to_code(&request(client_id)).await;
        let answer = self.redeem(client_id, &code).await;
        answer.json()["refresh_token"].as_str().expect("a refresh token").to_owned()
    }
}

pub(crate) fn redemption<'a>(client_id: &'a str, code: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("grant_type", "authorization_code"),
        ("client_id", client_id),
        ("code", code),
        ("code_verifier", VERIFIER),
        ("redirect_uri", REDIRECT_URI),
        ("resource", RESOURCE),
    ]
}

async fn front(provider: &Provider, changes: &[(&str, &str)], clock: fn() -> SystemTime) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let origin = format!("http://{}", listener.local_addr().expect("an address"));
    let mut variables = BTreeMap::from([
        ("PENSTOCK_OAUTH_ISSUER", &*origin),
        ("PENSTOCK_RESOURCE", RESOURCE),
        ("PENSTOCK_KEYS", KEYS),
        ("PENSTOCK_UPSTREAM_ISSUER", &provider.issuer),
        ("PENSTOCK_UPSTREAM_CLIENT_ID", CLIENT_ID),
        ("PENSTOCK_UPSTREAM_CLIENT_SECRET", CLIENT_SECRET),
        ("PENSTOCK_SCOPES", "tools:read tools:write"),
        ("PENSTOCK_CLIENT_HOSTS", "clients.example"),
    ]);
    variables.extend(changes.iter().copied());
    let mut config =
        Config::from_source(|name| variables.get(name).map(|value| (*value).to_owned())).expect("in order");
    config.clock = clock;
    log::keep();
    let router = Front::new(config).expect("a front").router();
    let service = router.into_make_service_with_connect_info::<std::net::SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    origin
}

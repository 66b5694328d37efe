//! A provider, a client that follows no redirect, and what a sign-in takes.

use std::collections::HashMap;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64URL;
use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper_util::client::legacy::Client as Http;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use penstock::identity_provider::{self, Client, IdentityProvider, Settings};
use ring::digest::{SHA256, digest};
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde_json::Value;
use url::Url;
use url::form_urlencoded::Serializer;

const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) const CLIENT: &str = "the-client";
pub(crate) const SECRET: &str = "a secret: 100%";
pub(crate) const REDIRECT: &str = "http://127.0.0.1:9/callback?kept=yes";
pub(crate) const RESOURCE: &str = "http://127.0.0.1:9/mcp";
pub(crate) const VERIFIER: &str = "a-verifier-of-at-least-forty-three-characters";

/// A running provider with the scopes `cost:read` and `cost:write`.
pub(crate) struct Provider {
    pub(crate) provider: IdentityProvider,
    http: Http<HttpConnector, Full<Bytes>>,
}

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

pub(crate) type Pairs<'a> = Vec<(&'a str, &'a str)>;

pub(crate) async fn start() -> Provider {
    start_with(|_| {}).await
}

/// Starts a provider after `change` had its say.
pub(crate) async fn start_with(change: impl FnOnce(&mut Settings)) -> Provider {
    let client = Client { id: CLIENT.to_owned(), secret: Some(SECRET.to_owned()), redirect_uri: REDIRECT.to_owned() };
    let scopes = ["cost:read", "cost:write"].map(ToOwned::to_owned);
    let mut settings = Settings::new(client, scopes.into(), RESOURCE);
    change(&mut settings);
    let provider = identity_provider::start(settings).await.expect("it starts");
    Provider { provider, http: Http::builder(TokioExecutor::new()).build_http() }
}

pub(crate) fn challenge() -> String {
    BASE64URL.encode(digest(&SHA256, VERIFIER.as_bytes()))
}

/// `pairs` with some values changed, or left out where they are empty.
pub(crate) fn but<'a>(mut pairs: Pairs<'a>, changes: &[(&'a str, &'a str)]) -> Pairs<'a> {
    pairs.retain(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    pairs.extend(changes.iter().filter(|(_, value)| !value.is_empty()));
    pairs
}

/// A request for a code that is granted.
pub(crate) fn wanted(challenge: &str) -> Pairs<'_> {
    vec![
        ("client_id", CLIENT),
        ("redirect_uri", REDIRECT),
        ("response_type", "code"),
        ("scope", "cost:read openid"),
        ("state", "a state & more"),
        ("code_challenge", challenge),
        ("code_challenge_method", "S256"),
        ("resource", RESOURCE),
        ("nonce", "a nonce"),
    ]
}

/// What alice adds to it on the page.
pub(crate) const ALICE: [(&str, &str); 3] = [("user", "alice"), ("grant.cost:read", "yes"), ("grant.openid", "yes")];

/// A request for the tokens of a code that is granted.
pub(crate) fn redemption(code: &str) -> Pairs<'_> {
    vec![
        ("grant_type", "authorization_code"),
        ("client_id", CLIENT),
        ("client_secret", SECRET),
        ("code", code),
        ("code_verifier", VERIFIER),
        ("redirect_uri", REDIRECT),
    ]
}

impl Provider {
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.provider.issuer())
    }

    pub(crate) async fn get(&self, path: &str, query: &[(&str, &str)]) -> Answer {
        let target = format!("{}?{}", self.url(path), encoded(query));
        self.send(Request::get(target).body(Full::default()).expect("a request")).await
    }

    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.post_with(path, &[], form).await
    }

    pub(crate) async fn post_with(&self, path: &str, headers: &[(&str, &str)], form: &[(&str, &str)]) -> Answer {
        let mut request = Request::post(self.url(path));
        request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Full::from(encoded(form))).expect("a request")).await
    }

    pub(crate) async fn send(&self, request: Request<Full<Bytes>>) -> Answer {
        let answer = tokio::time::timeout(PATIENCE, self.http.request(request)).await;
        Answer::read(answer.expect("in time").expect("an answer")).await
    }

    /// The code alice is sent back with.
    pub(crate) async fn code(&self) -> String {
        self.code_for(&[]).await
    }

    /// The same, after some changes to the request.
    pub(crate) async fn code_for(&self, changes: &[(&str, &str)]) -> String {
        let challenge = challenge();
        let form = but([wanted(&challenge), ALICE.to_vec()].concat(), changes);
        self.post("/authorize", &form).await.sent_back()["code"].clone()
    }

    /// Alice's tokens.
    pub(crate) async fn tokens(&self) -> Value {
        let answer = self.post("/token", &redemption(&self.code().await)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.json()
    }

    /// The claims of a token, once its signature is checked against the key set.
    pub(crate) async fn claims(&self, token: &Value) -> Value {
        let token = token.as_str().expect("a token");
        let (signed, signature) = token.rsplit_once('.').expect("a signature");
        let (header, claims) = signed.split_once('.').expect("two parts");
        let set = self.get("/jwks", &[]).await.json();
        let key = &set["keys"][0];
        let decode = |text: &str| BASE64URL.decode(text).expect("base64url");
        let header: Value = serde_json::from_slice(&decode(header)).expect("JSON");
        assert_eq!((&header["alg"], &header["kid"]), (&key["alg"], &key["kid"]));
        let coordinate = |name: &str| decode(key[name].as_str().expect("a coordinate"));
        let point = [vec![4], coordinate("x"), coordinate("y")].concat();
        let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
        key.verify(signed.as_bytes(), &decode(signature)).expect("the signature is that of the key");
        serde_json::from_slice(&decode(claims)).expect("JSON")
    }
}

impl Answer {
    async fn read(response: Response<Incoming>) -> Self {
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a body").to_bytes();
        Self { status: parts.status, headers: parts.headers, body: String::from_utf8(body.into()).expect("text") }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// What the client is told by the redirect to it.
    pub(crate) fn sent_back(&self) -> HashMap<String, String> {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.body);
        let target = self.headers[header::LOCATION].to_str().expect("text");
        assert!(target.starts_with(REDIRECT), "{target}");
        Url::parse(target).expect("a URL").query_pairs().into_owned().collect()
    }

    /// The error of an answer that sends nobody anywhere.
    pub(crate) fn error(&self) -> String {
        assert_eq!(self.headers[header::CACHE_CONTROL], "no-store");
        assert!(!self.headers.contains_key(header::LOCATION));
        self.json()["error"].as_str().expect("an error").to_owned()
    }
}

fn encoded(pairs: &[(&str, &str)]) -> String {
    Serializer::new(String::new()).extend_pairs(pairs).finish()
}

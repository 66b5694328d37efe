//! An OpenID provider that signs everybody in at once and remembers what it was asked.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};
use tokio::net::TcpListener;

pub(crate) const CLIENT_ID: &str = "the-front";
pub(crate) const CLIENT_SECRET: &str = "a secret";

/// Form parameters as they arrived.
pub(crate) type Parameters = HashMap<String, String>;

#[derive(Clone)]
pub(crate) struct Provider {
    pub(crate) issuer: String,
    state: Arc<Mutex<Known>>,
}

#[derive(Default)]
struct Known {
    /// Codes that have not been redeemed, with the authorization request of each.
    codes: HashMap<String, Parameters>,
    refresh_tokens: HashMap<String, Parameters>,
    requests: Vec<Parameters>,
    /// Replaces the next answers of the token and revocation endpoints.
    answer: Option<(StatusCode, Value)>,
    /// Replaces members of the metadata.
    metadata: Option<Value>,
    discoveries: usize,
    issued: usize,
}

impl Provider {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let issuer = format!("http://{}/pool", listener.local_addr().expect("an address"));
        let provider = Self { issuer, state: Arc::default() };
        let router = Router::new()
            .route("/pool/.well-known/openid-configuration", get(discovery))
            .route("/pool/token", post(token))
            .route("/pool/revoke", post(revoke))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        provider
    }

    /// What a browser does at the authorization endpoint: the parameters to come back with.
    pub(crate) fn sign_in(&self, location: &str) -> Vec<(&'static str, String)> {
        let url = url::Url::parse(location).expect("a URL");
        assert_eq!(format!("{}/authorize", self.issuer), location.split('?').next().expect("a URL"));
        let asked: Parameters = url.query_pairs().into_owned().collect();
        assert_eq!((&*asked["response_type"], &*asked["client_id"]), ("code", CLIENT_ID));
        assert_eq!(asked["code_challenge_method"], "S256");
        let mut known = self.state.lock().expect("not poisoned");
        known.issued += 1;
        let code = format!("upstream-code-{}", known.issued);
        let state = asked["state"].clone();
        known.codes.insert(code.clone(), asked);
        vec![("code", code), ("state", state)]
    }

    /// Token and revocation requests so far.
    pub(crate) fn requests(&self) -> Vec<Parameters> {
        self.state.lock().expect("not poisoned").requests.clone()
    }

    pub(crate) fn discoveries(&self) -> usize {
        self.state.lock().expect("not poisoned").discoveries
    }

    pub(crate) fn answer_with(&self, status: u16, body: Value) {
        let status = StatusCode::from_u16(status).expect("a status");
        self.state.lock().expect("not poisoned").answer = Some((status, body));
    }

    pub(crate) fn describe_as(&self, members: Value) {
        self.state.lock().expect("not poisoned").metadata = Some(members);
    }
}

async fn discovery(State(provider): State<Provider>) -> Json<Value> {
    let issuer = &provider.issuer;
    let mut document = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "revocation_endpoint": format!("{issuer}/revoke"),
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    });
    let mut known = provider.state.lock().expect("not poisoned");
    known.discoveries += 1;
    if let Some(Value::Object(members)) = &known.metadata {
        document.as_object_mut().expect("an object").extend(members.clone());
    }
    Json(document)
}

fn refuse(status: StatusCode, code: &str) -> Response {
    (status, Json(json!({ "error": code, "error_description": "words of the provider" }))).into_response()
}

/// By the `Authorization` header or in the body, whichever comes.
fn is_the_front(headers: &HeaderMap, form: &Parameters) -> bool {
    let basic = base64::engine::general_purpose::STANDARD.encode(format!("{CLIENT_ID}:a+secret"));
    headers.get("authorization").is_some_and(|value| *value == *format!("Basic {basic}"))
        || (form.get("client_id").is_some_and(|id| id == CLIENT_ID)
            && form.get("client_secret").is_none_or(|secret| secret == CLIENT_SECRET))
}

async fn token(State(provider): State<Provider>, headers: HeaderMap, Form(form): Form<Parameters>) -> Response {
    let mut known = provider.state.lock().expect("not poisoned");
    let mut seen = form.clone();
    seen.extend(headers.get("authorization").map(|_| ("(basic)".to_owned(), String::new())));
    known.requests.push(seen);
    if let Some((status, body)) = known.answer.clone() {
        return (status, Json(body)).into_response();
    }
    if !is_the_front(&headers, &form) {
        return refuse(StatusCode::UNAUTHORIZED, "invalid_client");
    }
    let grant = match &*form["grant_type"] {
        "authorization_code" => known.codes.remove(&form["code"]).filter(|asked| {
            let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, form["code_verifier"].as_bytes()));
            asked["code_challenge"] == challenge && asked["redirect_uri"] == form["redirect_uri"]
        }),
        _ => known.refresh_tokens.remove(&form["refresh_token"]),
    };
    let Some(grant) = grant else { return refuse(StatusCode::BAD_REQUEST, "invalid_grant") };
    known.issued += 1;
    let refresh_token = format!("upstream-refresh-{}", known.issued);
    known.refresh_tokens.insert(refresh_token.clone(), grant.clone());
    let body = json!({
        "access_token": format!("access-token-{}-for-{}", known.issued, grant["resource"]),
        "token_type": "bearer",
        "expires_in": 3600,
        "scope": form.get("scope").or(grant.get("scope")),
        "refresh_token": refresh_token,
        "id_token": "an.id.token",
    });
    Json(body).into_response()
}

async fn revoke(State(provider): State<Provider>, headers: HeaderMap, Form(form): Form<Parameters>) -> Response {
    let mut known = provider.state.lock().expect("not poisoned");
    known.requests.push(form.clone());
    if let Some((status, body)) = known.answer.clone() {
        return (status, Json(body)).into_response();
    }
    if !is_the_front(&headers, &form) {
        return refuse(StatusCode::UNAUTHORIZED, "invalid_client");
    }
    known.refresh_tokens.remove(&form["token"]);
    StatusCode::OK.into_response()
}

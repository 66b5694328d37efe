//! `penstock token` is for `penstock dev --auth` and nothing else: what it says of anything else.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use penstock::token::{DOCUMENT, TokenError, TokenRequest, request};
use serde_json::{Value, json};
use tokio::net::TcpListener;

const METADATA: &str = "/.well-known/oauth-protected-resource/mcp";

/// A server of a few documents; everything else is not found.
struct Server {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// `documents` is given the server's own origin.
    async fn start(documents: impl FnOnce(&str) -> HashMap<&'static str, (u16, Value)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a loopback port");
        let address = listener.local_addr().expect("bound");
        let documents = Arc::new(documents(&format!("http://{address}")));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&asked);
        let router = Router::new().fallback(move |request: Request| {
            let path = request.uri().path().to_owned();
            let answer: Response = match documents.get(path.as_str()) {
                Some((status, body)) => {
                    (StatusCode::from_u16(*status).expect("a status"), body.to_string()).into_response()
                }
                None => StatusCode::NOT_FOUND.into_response(),
            };
            seen.lock().expect("no test panics with it").push(path);
            async move { answer }
        });
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, asked }
    }

    fn url(&self) -> String {
        format!("http://{}/mcp", self.address)
    }

    async fn token(&self) -> Result<String, TokenError> {
        request(&wanted(&self.url())).await
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("no test panics with it").clone()
    }
}

fn wanted(url: &str) -> TokenRequest {
    TokenRequest { url: url.to_owned(), user: "alice".to_owned(), scope: None }
}

fn metadata(origin: &str) -> (u16, Value) {
    (200, json!({ "resource": format!("{origin}/mcp"), "authorization_servers": [origin] }))
}

#[tokio::test]
async fn nothing_but_this_machine_is_asked() {
    for url in [
        "https://mcp.example.com/mcp",
        "http://mcp.example.com/mcp",
        "http://192.0.2.1/mcp",
        "https://127.0.0.1/mcp",
        "http://127.0.0.1@mcp.example.com/mcp",
        "nonsense",
    ] {
        let error = request(&wanted(url)).await.expect_err("no token");
        assert!(matches!(&error, TokenError::NotLocal(named) if named == url), "{error}");
        assert!(error.to_string().contains("`cargo run -- dev --auth` and nothing else"), "{error}");
    }
}

#[tokio::test]
async fn a_gateway_on_this_machine_whose_metadata_leads_elsewhere_is_left_there() {
    for elsewhere in ["https://login.example.com", "http://login.example.com"] {
        let server = Server::start(|origin| {
            let metadata = json!({ "resource": format!("{origin}/mcp"), "authorization_servers": [elsewhere] });
            [(METADATA, (200, metadata))].into()
        });
        let error = server.await.token().await.expect_err("no token");
        assert!(matches!(&error, TokenError::NotLocal(named) if named == elsewhere), "{error}");

        let server = Server::start(|origin| {
            let development = json!({ "token_endpoint": format!("{elsewhere}/token") });
            [(METADATA, metadata(origin)), (DOCUMENT, (200, development))].into()
        });
        let error = server.await.token().await.expect_err("no token");
        assert!(matches!(error, TokenError::NotLocal(_)), "{error}");
    }
}

#[tokio::test]
async fn a_gateway_that_is_no_development_gateway_is_said_not_to_be() {
    let server = Server::start(|origin| [(METADATA, metadata(origin))].into()).await;
    let error = server.token().await.expect_err("no token");
    assert!(matches!(error, TokenError::NotDevelopment(_)), "{error}");
    assert_eq!(server.asked(), [METADATA, DOCUMENT]);

    let nobody = |origin: &str| json!({ "resource": format!("{origin}/mcp"), "authorization_servers": [] });
    let server = Server::start(|origin| [(METADATA, (200, nobody(origin)))].into()).await;
    assert!(matches!(server.token().await, Err(TokenError::NotDevelopment(_))));
}

#[tokio::test]
async fn a_gateway_without_sign_in_is_told_from_one_that_is_not_running() {
    let server = Server::start(|_| HashMap::new()).await;
    let error = server.token().await.expect_err("no token");
    assert!(matches!(error, TokenError::Open(_)), "{error}");
    assert_eq!(server.asked(), [METADATA]);

    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a loopback port");
    let address = listener.local_addr().expect("bound");
    drop(listener);
    let error = request(&wanted(&format!("http://{address}/mcp"))).await.expect_err("no token");
    assert!(matches!(error, TokenError::NotRunning { .. }), "{error}");
}

#[tokio::test]
async fn the_url_a_gateway_is_known_by_is_named() {
    let server = Server::start(|origin| [(METADATA, metadata(origin))].into()).await;
    let other = format!("http://localhost:{}/mcp", server.address.port());
    let error = request(&wanted(&other)).await.expect_err("no token");
    assert!(error.to_string().ends_with(&format!("say --url {}", server.url())), "{error}");
}

#[tokio::test]
async fn what_the_provider_refuses_is_told_with_its_reason() {
    let server = Server::start(|origin| {
        let development = json!({ "token_endpoint": format!("{origin}/tokens") });
        let refusal = json!({ "error": "invalid_scope", "error_description": "there is no such scope" });
        [(METADATA, metadata(origin)), (DOCUMENT, (200, development)), ("/tokens", (400, refusal))].into()
    });
    let error = server.await.token().await.expect_err("no token").to_string();
    assert_eq!(error, "the identity provider refuses: there is no such scope (invalid_scope)");
}

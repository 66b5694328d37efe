//! Sign-in from beginning to end: clients that have never heard of this gateway, a browser, the OAuth front, and the
//! development identity provider behind it.
//!
//! Not moto's Cognito, which has neither an authorization nor a token endpoint; `cognito` has what can be tested with it.

mod cognito;
mod conformance;
mod consent_page;
mod document;
mod landing;
mod rust_sdk;
mod typescript;

use anyhow::{Context as _, ensure};
use document::ClientDocument;
use penstock_e2e::{Penstock, http};
use serde_json::{Value, json};

/// How a client that nobody has registered makes itself known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Registration {
    /// By the https URL of a document about it (Client ID Metadata Documents).
    Document,
    /// By registering (RFC 7591).
    Dynamic,
}

/// What there is to sign in to, with the shipped tools.
struct Site {
    penstock: Penstock,
    document: ClientDocument,
}

impl Site {
    async fn start() -> anyhow::Result<Self> {
        let document = ClientDocument::serve("Penstock end-to-end").await?;
        let penstock = Penstock::start(&["--auth", "--ca-bundle", document.authority()?]).await?;
        Ok(Self { penstock, document })
    }

    /// The MCP endpoint.
    fn url(&self) -> &str {
        self.penstock.url()
    }

    /// Where the OAuth front is: at the gateway's origin.
    fn issuer(&self) -> &str {
        self.url().strip_suffix("/mcp").expect("the endpoint's path is /mcp")
    }

    /// Registers a client that is sent back to `redirect_uri`, and answers its id.
    async fn register(&self, redirect_uri: &str) -> anyhow::Result<String> {
        let registration = json!({ "client_name": "Penstock end-to-end", "redirect_uris": [redirect_uri] }).to_string();
        let request = http::client().post(format!("{}/register", self.issuer())).body(registration);
        let answer = request.header("content-type", "application/json").send().await?;
        ensure!(answer.status() == 201, "{}", answer.text().await?);
        let client: Value = serde_json::from_slice(&answer.bytes().await?)?;
        client["client_id"].as_str().map(str::to_owned).context("no client_id")
    }

    /// The client's document, where it makes itself known by one.
    fn document(&self, registration: Registration) -> Option<&str> {
        (registration == Registration::Document).then(|| self.document.url())
    }
}

/// A port that nobody listened at a moment ago, for programs that must be told one.
fn free_port() -> std::io::Result<String> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port().to_string())
}

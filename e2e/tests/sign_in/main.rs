//! Sign-in from beginning to end: clients that have never heard of this gateway, a browser, the OAuth front, and the
//! development identity provider behind it.
//!
//! Not moto's Cognito, which has neither an authorization nor a token endpoint; `cognito` has what can be tested with it.

mod document;
mod landing;
mod rust_sdk;
mod typescript;

use document::ClientDocument;
use penstock_e2e::Penstock;

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

    /// The client's document, where it makes itself known by one.
    fn document(&self, registration: Registration) -> Option<&str> {
        (registration == Registration::Document).then(|| self.document.url())
    }
}

//! How far each client would come, and by which way it would register. What they do was read in their sources and
//! manuals, as of late 2026.

use super::case::Case;
use super::document::Document;
use super::finding::Finding;
use super::issuer::Issuer;
use super::resource::{self, Fit, Metadata};

/// A client, and in what it differs from the others.
struct Client {
    check: &'static str,
    name: &'static str,
    /// Whether it looks at the well-known places when the document of the challenge fails.
    looks_on: bool,
    /// How well `resource` has to fit.
    fit: Fit,
    /// Whether it stops at metadata of an issuer by another name.
    checks_issuer: bool,
    /// Whether it stops where PKCE is not announced. All stop where it is announced without S256.
    wants_pkce: bool,
    documents: Documents,
}

/// When a client identifies itself by a metadata document.
enum Documents {
    /// Never.
    No,
    /// When the server reads them.
    Flag,
    /// When the server reads them and takes clients without a secret.
    FlagAndNone,
}

const CLIENTS: [Client; 7] = [
    // claude.com/docs/connectors/building/authentication; where that is silent, as the specification demands.
    Client {
        check: "clients.claude",
        name: "Claude",
        looks_on: true,
        fit: Fit::Exact,
        checks_issuer: true,
        wants_pkce: true,
        documents: Documents::FlagAndNone,
    },
    // microsoft/vscode: src/vs/base/common/oauth.ts; extHostMcp.ts and extHostAuthentication.ts in
    // src/vs/workbench/api/common
    Client {
        check: "clients.vscode",
        name: "VS Code",
        looks_on: false,
        fit: Fit::Normalised,
        checks_issuer: false,
        wants_pkce: false,
        documents: Documents::Flag,
    },
    // No public source: taken for the TypeScript SDK without a metadata document, as users report.
    Client {
        check: "clients.cursor",
        name: "Cursor",
        looks_on: false,
        fit: Fit::Within,
        checks_issuer: true,
        wants_pkce: false,
        documents: Documents::No,
    },
    // Both bring no metadata document: modelcontextprotocol/inspector client/src/lib/oauth-state-machine.ts,
    // geelen/mcp-remote src/lib/node-oauth-client-provider.ts
    Client {
        check: "clients.inspector",
        name: "MCP Inspector, mcp-remote",
        looks_on: false,
        fit: Fit::Within,
        checks_issuer: false,
        wants_pkce: false,
        documents: Documents::No,
    },
    // modelcontextprotocol/typescript-sdk, @modelcontextprotocol/client 2.4: src/client/auth.ts
    Client {
        check: "clients.typescript",
        name: "TypeScript SDK",
        looks_on: false,
        fit: Fit::Within,
        checks_issuer: true,
        wants_pkce: false,
        documents: Documents::Flag,
    },
    // modelcontextprotocol/python-sdk: src/mcp/client/auth/utils.py
    Client {
        check: "clients.python",
        name: "Python SDK",
        looks_on: true,
        fit: Fit::Within,
        checks_issuer: true,
        wants_pkce: false,
        documents: Documents::Flag,
    },
    // rmcp 3.9: src/transport/auth.rs
    Client {
        check: "clients.rmcp",
        name: "rmcp",
        looks_on: true,
        fit: Fit::Within,
        checks_issuer: true,
        wants_pkce: false,
        documents: Documents::Flag,
    },
];

/// A line a client.
pub(super) fn judge(case: &Case, metadata: &Metadata, issuer: Option<&Issuer>) -> Vec<Finding> {
    CLIENTS.iter().map(|client| client.judge(case, metadata, issuer)).collect()
}

impl Client {
    fn judge(&self, case: &Case, metadata: &Metadata, issuer: Option<&Issuer>) -> Finding {
        match self.walk(case, metadata, issuer) {
            Ok(way) => Finding::ok(self.check, format!("{}: signs in, {way}", self.name)),
            Err(Stop::AtRegistration) => {
                let text = format!("{}: signs in only with a client id that the person pastes", self.name);
                Finding::warning(self.check, text, "register a client for it by hand, or mend what is said above")
            }
            Err(Stop::At(place)) => {
                Finding::wrong(self.check, format!("{}: stops, because {place}", self.name), "see the finding above")
            }
        }
    }

    /// Goes the client's way until it is registered.
    fn walk(&self, case: &Case, metadata: &Metadata, issuer: Option<&Issuer>) -> Result<&'static str, Stop> {
        if let Some(document) = self.document(metadata) {
            let resource = document.text("resource").unwrap_or_default();
            if resource::fit(case, resource) < self.fit {
                return Err(Stop::At("resource is not the URL that was typed"));
            }
        } else if self.fit == Fit::Exact {
            return Err(Stop::At("there is no protected-resource metadata"));
        }
        let issuer = issuer.ok_or(Stop::At("there is no authorization-server metadata"))?;
        // What is left to a client without metadata is the MCP host itself.
        if self.document(metadata).is_none() && !issuer.is_at_host(case) {
            return Err(Stop::At("the document that the challenge names is missing"));
        }
        if self.checks_issuer && !issuer.is_itself() {
            return Err(Stop::At("the issuer is not the one named"));
        }
        match issuer.has_s256() {
            Some(false) => return Err(Stop::At("there is no PKCE with S256")),
            None if self.wants_pkce => return Err(Stop::At("PKCE is not announced")),
            _ => {}
        }
        let reads = issuer.reads_client_metadata();
        let documents = match self.documents {
            Documents::No => false,
            Documents::Flag => reads,
            Documents::FlagAndNone => reads && issuer.takes_public_clients(),
        };
        match issuer.endpoint(case, "registration_endpoint") {
            _ if documents => Ok("by a client ID metadata document"),
            Some(_) => Ok("by registering"),
            None => Err(Stop::AtRegistration),
        }
    }

    fn document<'a>(&self, metadata: &'a Metadata) -> Option<&'a Document> {
        match &metadata.advertised {
            Some(document) if !self.looks_on => Some(document).filter(|document| document.content.is_ok()),
            _ => metadata.found().next(),
        }
    }
}

/// Where a client comes no further.
enum Stop {
    /// Nothing to go on with.
    At(&'static str),
    /// Only a person can help.
    AtRegistration,
}

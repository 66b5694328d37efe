//! `dev --auth`: an identity provider, the OAuth front before it, and one origin for front and gateway.
//!
//! The resource is `http://127.0.0.1:PORT/mcp`, spelled like that: a resource has one identifier, which clients compare
//! with the URL they were given (RFC 8707, section 2, and RFC 9728, section 3.3), so `localhost` in its place is refused
//! by them. The address is the one spelling that cannot lead elsewhere: `localhost` may also mean `::1`, where nobody or
//! somebody else listens (RFC 8252, section 8.3).

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::json;
use uuid::Uuid;

use super::functions::{Environment, FRONT, GATEWAY};
use crate::catalog::Tool;
use crate::host::Origin;
use crate::identity_provider::{self, Client, IdentityProvider, Settings};
use crate::token;

/// Where the front describes itself (RFC 8414), and so where one sees that it is ready.
pub(super) const FRONT_METADATA: &str = "/.well-known/oauth-authorization-server";

/// Where the identity provider sends users back to.
const CALLBACK: &str = "/callback";

/// What the front serves of the origin; everything else is the gateway's.
const FRONT_PATHS: [&str; 7] = [FRONT_METADATA, "/authorize", "/consent", CALLBACK, "/token", "/revoke", "/register"];

/// What the front asks for besides: with it a user can grant something without granting any scope of the catalog.
const UPSTREAM_SCOPES: &str = identity_provider::OPENID;

/// Whose metadata documents clients may name: any public host's, and for development this machine's.
const CLIENT_HOSTS: &str = "*,localhost,127.0.0.1";

/// A running identity provider, and what gateway, front and origin have to know.
#[derive(Debug)]
pub(super) struct Auth {
    origin: String,
    scopes: BTreeSet<String>,
    client: Client,
    provider: IdentityProvider,
    ca_bundle: Option<PathBuf>,
}

impl Auth {
    /// Starts an identity provider that knows the scopes of these tools, for the origin on `port`.
    pub(super) async fn start(port: u16, tools: &[Tool], ca_bundle: Option<PathBuf>) -> anyhow::Result<Self> {
        let origin = format!("http://127.0.0.1:{port}");
        let scopes: BTreeSet<_> = tools.iter().flat_map(|tool| tool.manifest.scopes.iter().cloned()).collect();
        let client = Client {
            id: "penstock-oauth".to_owned(),
            secret: Some(Uuid::new_v4().to_string()),
            redirect_uri: format!("{origin}{CALLBACK}"),
        };
        let settings = Settings::new(client.clone(), scopes.clone(), resource(&origin));
        let provider = identity_provider::start(settings).await?;
        Ok(Self { origin, scopes, client, provider, ca_bundle })
    }

    /// The identity provider's issuer.
    pub(super) fn issuer(&self) -> &str {
        self.provider.issuer()
    }

    /// The scopes users can be asked for.
    pub(super) fn scopes(&self) -> &BTreeSet<String> {
        &self.scopes
    }

    /// What the gateway is told.
    pub(super) fn gateway(&self) -> Environment {
        let issuers = json!([{
            "issuer": self.issuer(),
            "algorithms": ["ES256"],
            "groupsClaim": "cognito:groups",
            "tenantClaim": identity_provider::TENANT_CLAIM,
        }]);
        let mut environment = self.both();
        environment.insert("PENSTOCK_AUTH".to_owned(), "oauth".into());
        environment.insert("PENSTOCK_ISSUERS".to_owned(), issuers.to_string().into());
        environment.insert("PENSTOCK_AUTHORIZATION_SERVERS".to_owned(), self.origin.clone().into());
        environment
    }

    /// What the front is told.
    pub(super) fn front(&self) -> Environment {
        let mut environment = self.both();
        for (name, value) in [
            ("PENSTOCK_OAUTH_ISSUER", self.origin.as_str()),
            ("PENSTOCK_UPSTREAM_ISSUER", self.issuer()),
            ("PENSTOCK_UPSTREAM_CLIENT_ID", &self.client.id),
            ("PENSTOCK_UPSTREAM_CLIENT_SECRET", self.client.secret.as_deref().unwrap_or_default()),
            ("PENSTOCK_UPSTREAM_SCOPES", UPSTREAM_SCOPES),
            ("PENSTOCK_CLIENT_HOSTS", CLIENT_HOSTS),
        ] {
            environment.insert(name.to_owned(), value.into());
        }
        environment
    }

    fn both(&self) -> Environment {
        let scopes: Vec<_> = self.scopes.iter().map(String::as_str).collect();
        let mut environment = Environment::new();
        environment.insert("PENSTOCK_RESOURCE".to_owned(), resource(&self.origin).into());
        environment.insert("PENSTOCK_SCOPES".to_owned(), scopes.join(" ").into());
        environment.extend(self.ca_bundle.iter().map(|file| ("PENSTOCK_CA_BUNDLE".to_owned(), file.into())));
        environment
    }

    /// Who serves what of the origin, and the document `penstock token` looks for.
    pub(super) fn origin(&self) -> Origin {
        let development = json!({ "token_endpoint": self.provider.token_endpoint() });
        Origin {
            function: GATEWAY.to_owned(),
            paths: FRONT_PATHS.iter().map(|path| ((*path).to_owned(), FRONT.to_owned())).collect(),
            documents: [(token::DOCUMENT.to_owned(), development.to_string().into())].into(),
        }
    }
}

fn resource(origin: &str) -> String {
    format!("{origin}/mcp")
}

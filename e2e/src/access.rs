use anyhow::{Context as _, ensure};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::HeaderValue;
use serde_json::{Value, json};
use tokio::process::Command;

use crate::Penstock;

/// Who may call the gateway under test. What holds for one gateway holds for the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anyone on this machine.
    Open,
    /// Callers with a token. A proxy adds one of `alice` to every request that comes without, since most clients know
    /// nothing of tokens.
    Authenticated,
}

impl Access {
    /// Headers with which a page from elsewhere gives itself away. Where callers prove who they are, any `Host` will do:
    /// the gateway is known by the name of whatever is in front of it.
    pub fn foreign(self) -> &'static [(&'static str, &'static str)] {
        const FOREIGN: [(&str, &str); 2] = [("origin", "https://evil.example.com"), ("host", "evil.example.com")];
        match self {
            Self::Open => &FOREIGN,
            Self::Authenticated => &FOREIGN[..1],
        }
    }
}

/// A test token, and what a further gateway has to know to accept it.
#[derive(Debug)]
pub(crate) struct Token {
    pub(crate) authorization: HeaderValue,
    /// Of the development provider, which vouches for it.
    pub(crate) issuer: String,
    /// The URI of the one MCP endpoint it is for.
    pub(crate) resource: String,
}

impl Token {
    /// Asks `penstock token` for one, as a person would.
    ///
    /// # Errors
    /// If the gateway at `url` is none of `penstock dev --auth`, or the token is not one.
    pub(crate) async fn of(user: &str, url: &str) -> anyhow::Result<Self> {
        let mut command = Command::new(Penstock::binary().await?);
        let output = command.args(["token", "--url", url, "--user", user]).output().await?;
        ensure!(output.status.success(), "penstock token: {}", String::from_utf8_lossy(&output.stderr));
        let token = String::from_utf8(output.stdout)?;
        let claims = claims(token.trim())?;
        let claim = |name: &str| claims[name].as_str().map(str::to_owned).with_context(|| format!("no {name}"));
        let mut authorization = HeaderValue::from_str(&format!("Bearer {}", token.trim()))?;
        authorization.set_sensitive(true);
        Ok(Self { authorization, issuer: claim("iss")?, resource: claim("aud")? })
    }

    /// The environment of a gateway that accepts it.
    pub(crate) fn environment(&self) -> [(&'static str, String); 3] {
        let issuers = json!([{ "issuer": self.issuer, "algorithms": ["ES256"] }]).to_string();
        [
            ("PENSTOCK_AUTH", "oauth".to_owned()),
            ("PENSTOCK_RESOURCE", self.resource.clone()),
            ("PENSTOCK_ISSUERS", issuers),
        ]
    }
}

/// What a token says, whoever signed it.
///
/// # Errors
/// If it is no JWT.
pub fn claims(token: &str) -> anyhow::Result<Value> {
    let payload = token.split('.').nth(1).context("a token has three parts")?;
    Ok(serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload)?)?)
}

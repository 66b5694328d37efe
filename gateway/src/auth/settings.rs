//! What a resource server is told: who it is, whose tokens it takes, and what clients should ask for.

use std::str::FromStr;

use jsonwebtoken::{Algorithm, AlgorithmFamily};
use penstock_fetch::{Roots, configured_url};
use serde::Deserialize;

use super::resource::Resource;

/// Most issuers, and most authorization servers.
const MAX_ISSUERS: usize = 16;

/// Most scopes that clients are told of.
const MAX_SCOPES: usize = 64;

/// Everything a [`Verifier`](super::Verifier) works by.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The gateway's own canonical URI.
    pub resource: Resource,
    /// Whose tokens are taken.
    pub issuers: Issuers,
    /// Where clients get tokens, if that is not the issuers themselves.
    pub authorization_servers: Option<AuthorizationServers>,
    /// What clients are told to ask for when they sign in.
    pub scopes: Scopes,
    /// Who is trusted to vouch for the issuers' hosts.
    pub roots: Roots,
}

/// An issuer whose tokens are taken.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct IssuerSettings {
    /// Its identifier: what its tokens have as `iss`, and its metadata as `issuer`.
    pub issuer: String,
    /// Where its keys are; what its metadata says, if this does not.
    #[serde(default)]
    pub jwks_uri: Option<String>,
    /// The clients whose tokens are taken; any client's, if this does not say.
    #[serde(default)]
    pub client_ids: Option<Vec<String>>,
    /// The algorithms its tokens may be signed with.
    #[serde(default = "default_algorithms")]
    pub algorithms: Vec<Algorithm>,
    /// The claim that names the caller's tenant.
    #[serde(default)]
    pub tenant_claim: Option<String>,
    /// The claim that names the caller's groups.
    #[serde(default = "default_groups_claim")]
    pub groups_claim: String,
}

fn default_algorithms() -> Vec<Algorithm> {
    vec![Algorithm::RS256, Algorithm::ES256]
}

fn default_groups_claim() -> String {
    "cognito:groups".to_owned()
}

/// The issuers whose tokens are taken.
#[derive(Debug, Clone)]
pub struct Issuers(pub(super) Vec<IssuerSettings>);

/// The authorization servers that clients are sent to.
#[derive(Debug, Clone)]
pub struct AuthorizationServers(pub(super) Vec<String>);

/// The scopes clients are told to ask for, in the order given.
#[derive(Debug, Clone, Default)]
pub struct Scopes(pub(super) Vec<String>);

/// Why a setting cannot be used, in words for who wrote it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidSetting(String);

impl FromStr for Issuers {
    type Err = InvalidSetting;

    /// Reads a JSON array of issuers.
    fn from_str(text: &str) -> Result<Self, InvalidSetting> {
        let issuers: Vec<IssuerSettings> =
            serde_json::from_str(text).map_err(|error| InvalidSetting(format!("not an array of issuers: {error}")))?;
        if issuers.is_empty() || issuers.len() > MAX_ISSUERS {
            return Err(InvalidSetting(format!("1 to {MAX_ISSUERS} issuers are needed")));
        }
        let mut mistakes: Vec<_> = issuers.iter().flat_map(IssuerSettings::mistakes).collect();
        for (at, issuer) in issuers.iter().enumerate() {
            if issuers[..at].iter().any(|earlier| earlier.issuer == issuer.issuer) {
                mistakes.push(format!("{:?} is named twice", issuer.issuer));
            }
        }
        if mistakes.is_empty() { Ok(Self(issuers)) } else { Err(InvalidSetting(mistakes.join(", "))) }
    }
}

impl IssuerSettings {
    fn mistakes(&self) -> Vec<String> {
        let mut mistakes = Vec::new();
        let issuer = &self.issuer;
        if !is_issuer(issuer) {
            mistakes.push(format!("{issuer:?} is no issuer: {AN_ISSUER}"));
        }
        if let Some(uri) = self.jwks_uri.as_ref().filter(|uri| configured_url(uri).is_err()) {
            mistakes.push(format!("{uri:?} is no jwksUri: only https, or http on this machine"));
        }
        if self.client_ids.as_ref().is_some_and(|ids| ids.is_empty() || ids.iter().any(String::is_empty)) {
            mistakes.push(format!("{issuer:?}: clientIds must name clients, or be left out"));
        }
        if self.algorithms.is_empty() {
            mistakes.push(format!("{issuer:?}: algorithms must name some, or be left out"));
        }
        // Who could verify such a token could also make it.
        for shared in self.algorithms.iter().filter(|algorithm| algorithm.family() == AlgorithmFamily::Hmac) {
            mistakes.push(format!("{issuer:?}: {shared:?} signs with a shared secret and is never taken"));
        }
        mistakes
    }
}

/// What [`is_issuer`] takes, in words.
const AN_ISSUER: &str = "an https URL is needed (http on this machine only), without query or fragment";

/// RFC 8414, section 2.
fn is_issuer(text: &str) -> bool {
    configured_url(text).is_ok_and(|url| url.query().is_none())
}

impl FromStr for AuthorizationServers {
    type Err = InvalidSetting;

    /// Reads issuer identifiers separated by commas.
    fn from_str(text: &str) -> Result<Self, InvalidSetting> {
        let servers: Vec<_> = text.split(',').map(|server| server.trim().to_owned()).collect();
        if let Some(wrong) = servers.iter().find(|server| !is_issuer(server)) {
            return Err(InvalidSetting(format!("{wrong:?} is no issuer: {AN_ISSUER}")));
        }
        if servers.len() > MAX_ISSUERS {
            return Err(InvalidSetting(format!("more than {MAX_ISSUERS} authorization servers")));
        }
        Ok(Self(servers))
    }
}

impl FromStr for Scopes {
    type Err = InvalidSetting;

    /// Reads scopes separated by spaces.
    fn from_str(text: &str) -> Result<Self, InvalidSetting> {
        let scopes: Vec<_> = text.split_ascii_whitespace().map(str::to_owned).collect();
        // RFC 6749, section 3.3.
        let is_scope = |scope: &String| scope.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"\\".contains(&byte));
        if let Some(wrong) = scopes.iter().find(|scope| !is_scope(scope)) {
            return Err(InvalidSetting(format!("{wrong:?} is no scope")));
        }
        // A matter between client and authorization server (rule A-7).
        if scopes.iter().any(|scope| scope == "offline_access") {
            return Err(InvalidSetting("offline_access is no scope of a resource".to_owned()));
        }
        if scopes.len() > MAX_SCOPES {
            return Err(InvalidSetting(format!("more than {MAX_SCOPES} scopes")));
        }
        Ok(Self(scopes))
    }
}

//! Configuration: a few environment variables, every mistake reported at once and by name.

use std::fmt;
use std::net::SocketAddr;
use std::path::Path;
use std::str::FromStr;
use std::time::SystemTime;

use penstock_fetch::{Roots, configured_url};
pub use penstock_function::ConfigError;
use penstock_function::log::LogLevel;
use penstock_function::{Environment, OriginSecrets};
use penstock_seal::Keys;

use crate::client::ClientHosts;
use crate::identity::{Issuer, Resource};
use crate::scope::Scopes;

/// A front's configuration.
#[derive(Debug, Clone)]
pub struct Config {
    /// `PENSTOCK_OAUTH_ISSUER`: the front's own issuer, an origin. Required.
    pub issuer: Issuer,
    /// `PENSTOCK_RESOURCE`: the gateway's canonical URI, which tokens are for. Required.
    pub resource: Resource,
    /// `PENSTOCK_KEYS`: what codes, refresh tokens and client ids are sealed with, as `id:base64` of 32 bytes,
    /// separated by commas. The first seals, all open; every instance has the same. Required.
    pub keys: Keys,
    /// `PENSTOCK_UPSTREAM_ISSUER`: the OpenID provider's issuer. Required.
    pub upstream_issuer: ConfiguredUrl,
    /// `PENSTOCK_UPSTREAM_CLIENT_ID`: the front's client id there. Required.
    pub upstream_client_id: String,
    /// `PENSTOCK_UPSTREAM_CLIENT_SECRET`: the client's secret, if it has one.
    pub upstream_client_secret: Option<Secret>,
    /// `PENSTOCK_UPSTREAM_SCOPES`: scopes the provider wants for itself, `offline_access` say, separated by spaces.
    /// Clients neither ask for them nor see them. None by default.
    pub upstream_scopes: Scopes,
    /// `PENSTOCK_SCOPES`: what clients may ask for, separated by spaces. Without any, the front asks for none.
    pub scopes: Scopes,
    /// `PENSTOCK_CLIENT_HOSTS`: hosts whose client documents are read, separated by commas; `*` is any public host.
    /// `localhost` and `127.0.0.1` only with an issuer on this machine. Required.
    pub client_hosts: ClientHosts,
    /// `PENSTOCK_ORIGIN_SECRETS`: one secret, or two while one replaces the other, separated by a comma; requests have to carry one
    /// as `X-Penstock-Origin`. None by default.
    pub origin_secrets: OriginSecrets,
    /// `PENSTOCK_CA_BUNDLE`: a PEM file of authorities to trust besides Mozilla's.
    pub roots: Roots,
    /// `PENSTOCK_LISTEN`: the address to serve HTTP on. Unset, the front runs as a Lambda function.
    pub listen: Option<SocketAddr>,
    /// `AWS_LAMBDA_LOG_LEVEL`, which Lambda's logging controls set. `INFO` by default.
    pub log_level: LogLevel,
    /// What time it is.
    pub clock: fn() -> SystemTime,
}

/// A URL an operator names: https, or http on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfiguredUrl(String);

/// Text that nothing prints.
#[derive(Clone)]
pub struct Secret(String);

impl ConfiguredUrl {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ConfiguredUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        configured_url(text).map(|_| Self(text.to_owned())).map_err(|error| error.to_string())
    }
}

impl Secret {
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for Secret {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl Config {
    /// Reads the process environment.
    ///
    /// # Errors
    /// [`ConfigError`] with every mistake.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_source(|name| std::env::var(name).ok())
    }

    /// Reads any source of variables.
    ///
    /// # Errors
    /// [`ConfigError`] with every mistake.
    pub fn from_source(source: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let mut reader = Environment::new(source);
        let issuer = reader.required::<Issuer>("PENSTOCK_OAUTH_ISSUER");
        let resource = reader.required("PENSTOCK_RESOURCE");
        let keys = reader.required("PENSTOCK_KEYS");
        let upstream_issuer = reader.required("PENSTOCK_UPSTREAM_ISSUER");
        let upstream_client_id = reader.required("PENSTOCK_UPSTREAM_CLIENT_ID");
        let client_hosts = reader.required::<ClientHosts>("PENSTOCK_CLIENT_HOSTS");
        let upstream_client_secret = reader.optional("PENSTOCK_UPSTREAM_CLIENT_SECRET");
        let upstream_scopes = reader.optional("PENSTOCK_UPSTREAM_SCOPES").unwrap_or_default();
        let scopes = reader.optional("PENSTOCK_SCOPES").unwrap_or_default();
        let origin_secrets = reader.optional("PENSTOCK_ORIGIN_SECRETS").unwrap_or_default();
        let roots = reader.optional("PENSTOCK_CA_BUNDLE").map(|Bundle(roots)| roots).unwrap_or_default();
        let listen = reader.optional("PENSTOCK_LISTEN");
        let log_level = reader.optional("AWS_LAMBDA_LOG_LEVEL").unwrap_or_default();
        let local_clients = client_hosts.as_ref().is_some_and(|hosts| !hosts.on_this_machine().is_empty());
        if local_clients && issuer.as_ref().is_some_and(|issuer| !issuer.is_on_this_machine()) {
            reader.mistake("PENSTOCK_CLIENT_HOSTS names this machine, which PENSTOCK_OAUTH_ISSUER is not on");
        }
        let own = issuer.zip(resource).zip(keys).zip(client_hosts);
        let upstream = upstream_issuer.zip(upstream_client_id);
        let required = own.zip(upstream);
        reader.finish(required.map(
            |((((issuer, resource), keys), client_hosts), (upstream_issuer, upstream_client_id))| Self {
                issuer,
                resource,
                keys,
                upstream_issuer,
                upstream_client_id,
                upstream_client_secret,
                upstream_scopes,
                scopes,
                client_hosts,
                origin_secrets,
                roots,
                listen,
                log_level,
                clock: SystemTime::now,
            },
        ))
    }
}

struct Bundle(Roots);

impl FromStr for Bundle {
    type Err = String;

    fn from_str(path: &str) -> Result<Self, String> {
        Roots::with_file(Path::new(path)).map(Self).map_err(|error| error.to_string())
    }
}

//! Configuration: a few environment variables, every mistake reported at once and by name.

mod oauth;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

pub use penstock_function::ConfigError;
use penstock_function::log::LogLevel;
use penstock_function::{Environment, OriginSecrets};

use crate::auth::Auth;
use crate::catalog::Location;
use crate::http::OriginPolicy;
use crate::seal::Keys;

/// A gateway's configuration. What AWS needs (region, credentials, `AWS_ENDPOINT_URL_LAMBDA`,
/// `AWS_CA_BUNDLE`) follows the AWS SDK's own variables.
#[derive(Debug, Clone)]
pub struct Config {
    /// `PENSTOCK_CATALOG`: the folder of catalog entries, one JSON document a tool, or `ssm:` and the path of
    /// Parameter Store they are right below. Required.
    pub catalog: Location,
    /// `PENSTOCK_AUTH`: how callers are authenticated. Required. With `oauth`, `PENSTOCK_RESOURCE` and
    /// `PENSTOCK_ISSUERS` are too; `PENSTOCK_AUTHORIZATION_SERVERS`, `PENSTOCK_SCOPES` and `PENSTOCK_CA_BUNDLE`
    /// may follow: see [`Settings`](crate::auth::Settings).
    pub auth: Auth,
    /// `PENSTOCK_ORIGIN_SECRETS`: one or two secrets, separated by a comma, of which every request brings one in
    /// `X-Penstock-Origin`. None by default.
    pub origin_secrets: OriginSecrets,
    /// `PENSTOCK_POLICIES`: the folder of authorization policies, `*.cedar`. Not with `PENSTOCK_AUTH=none`: without
    /// callers there is nobody to decide on.
    pub policies: Option<PathBuf>,
    /// `PENSTOCK_KEYS`: what session ids and request states are sealed with, as `id:base64` of 32 bytes,
    /// separated by commas. The first seals, all open; every instance has the same. Required.
    pub keys: Keys,
    /// `PENSTOCK_STORE_TABLE`: the `DynamoDB` table that instances share. Required of a Lambda function;
    /// a gateway on a socket keeps things in its own memory without one.
    pub store_table: Option<String>,
    /// `PENSTOCK_SUBSCRIPTIONS`: `on` if clients can subscribe to changes, which takes an invocation for as
    /// long as each listens. Off if not set.
    pub subscriptions: bool,
    /// `PENSTOCK_TOOL_SEARCH`: how many tools a catalog may have before clients get a tool to find one, or `off`.
    /// 100 if not set.
    pub tool_search: ToolSearchAbove,
    /// `PENSTOCK_ALLOWED_ORIGINS`: web origins whose pages may call, separated by commas. None by default.
    pub origins: OriginPolicy,
    /// `PENSTOCK_LISTEN`: the address to serve HTTP on. Unset, the gateway runs as a Lambda function.
    pub listen: Option<SocketAddr>,
    /// `AWS_LAMBDA_FUNCTION_NAME` and `_VERSION`, which Lambda sets: the function this process runs as, and
    /// calls to run tasks.
    pub function: Option<String>,
    /// `AWS_LAMBDA_LOG_LEVEL`, which Lambda's logging controls set. `INFO` by default.
    pub log_level: LogLevel,
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
        let catalog = reader.required("PENSTOCK_CATALOG");
        let auth = oauth::auth(&mut reader);
        let origin_secrets = reader.optional("PENSTOCK_ORIGIN_SECRETS").unwrap_or_default();
        let keys = reader.required("PENSTOCK_KEYS");
        let policies = reader.optional::<PathBuf>("PENSTOCK_POLICIES");
        let store_table = reader.optional::<String>("PENSTOCK_STORE_TABLE");
        let subscriptions = reader.optional::<On>("PENSTOCK_SUBSCRIPTIONS").is_some();
        let tool_search = reader.optional("PENSTOCK_TOOL_SEARCH").unwrap_or_default();
        let origins = reader.optional("PENSTOCK_ALLOWED_ORIGINS");
        let listen = reader.optional::<SocketAddr>("PENSTOCK_LISTEN");
        let function = reader.optional::<String>("AWS_LAMBDA_FUNCTION_NAME");
        let version = reader.optional::<String>("AWS_LAMBDA_FUNCTION_VERSION");
        let function = match (function, version) {
            (Some(function), Some(version)) => Some(format!("{function}:{version}")),
            (function, _) => function,
        };
        let log_level = reader.optional("AWS_LAMBDA_LOG_LEVEL");
        if matches!(auth, Some(Auth::None)) && listen.is_some_and(|address| !address.ip().is_loopback()) {
            reader.mistake("PENSTOCK_LISTEN must be a loopback address while PENSTOCK_AUTH is \"none\"");
        }
        if matches!(auth, Some(Auth::None)) && policies.is_some() {
            reader.mistake("PENSTOCK_POLICIES is set while PENSTOCK_AUTH is \"none\": nobody is known");
        }
        if listen.is_none() && store_table.is_none() {
            reader.mistake("PENSTOCK_STORE_TABLE is not set: the instances of a function share nothing but a table");
        }
        let required = catalog.zip(auth).zip(keys);
        reader.finish(required.map(|((catalog, auth), keys)| Self {
            catalog,
            auth,
            origin_secrets,
            policies,
            keys,
            store_table,
            subscriptions,
            tool_search,
            origins: origins.unwrap_or_default(),
            listen,
            function,
            log_level: log_level.unwrap_or_default(),
        }))
    }
}

/// The one value of a switch that is off unless it is set.
struct On;

impl FromStr for On {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "on" { Ok(Self) } else { Err(format!("{text:?} is not \"on\"")) }
    }
}

/// How many tools clients are expected to read without help with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ToolSearchAbove(pub usize);

impl Default for ToolSearchAbove {
    fn default() -> Self {
        Self(100)
    }
}

impl FromStr for ToolSearchAbove {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "off" {
            return Ok(Self(usize::MAX));
        }
        text.parse().map(Self).map_err(|_| format!("{text:?} is neither a number of tools nor \"off\""))
    }
}

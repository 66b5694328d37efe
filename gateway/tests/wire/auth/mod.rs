//! Only the right callers: an issuer on this machine, its tokens, and a gateway that takes them.

mod callers;
mod challenges;
mod hostile;
mod issuer;
mod keys;
mod metadata;
mod origin_secrets;
mod signer;
mod tokens;

use std::time::{SystemTime, UNIX_EPOCH};

use penstock_gateway::auth::Auth;
use penstock_gateway::catalog::Catalog;
use penstock_gateway::config::Config;
use penstock_gateway::{Gateway, Services};
use serde_json::{Value, json};

use crate::support::{self, Draft, Worker, entry, scripted_invoker};
pub(crate) use issuer::{Issuer, Page};
pub(crate) use signer::Signer;

/// The canonical URI of every gateway here.
pub(crate) const RESOURCE: &str = "https://mcp.example.com/mcp";

const METADATA: &str = "https://mcp.example.com/.well-known/oauth-protected-resource/mcp";

/// `Auth` as these variables configure it, beside those every gateway has.
pub(crate) fn auth(variables: &[(&str, &str)]) -> Auth {
    let always = [
        ("PENSTOCK_CATALOG", "/tools"),
        ("PENSTOCK_KEYS", "1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
        ("PENSTOCK_LISTEN", "127.0.0.1:0"),
        ("PENSTOCK_AUTH", "oauth"),
        ("PENSTOCK_RESOURCE", RESOURCE),
    ];
    let value = |name: &str| {
        variables.iter().chain(&always).find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
    };
    Config::from_source(value).expect("a sound configuration").auth
}

/// A gateway of one tool that takes the tokens of these issuers.
pub(crate) fn gateway(issuers: &Value) -> (Gateway, Worker) {
    of(issuers, |services| services)
}

/// The same, changed.
fn of(issuers: &Value, change: impl FnOnce(Services) -> Services) -> (Gateway, Worker) {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("tool.json"), entry("tool").to_string()).expect("written");
    let catalog = Catalog::from_folder(folder.path()).expect("a catalog");
    let (invoker, worker) = scripted_invoker();
    let auth = auth(&[("PENSTOCK_ISSUERS", &issuers.to_string()), ("PENSTOCK_SCOPES", "tools:read tools:write")]);
    let origins = "https://app.example.com".parse().expect("an origin");
    (Gateway::new(change(Services { auth, origins, ..Services::alone(catalog, invoker) })), worker)
}

/// Seconds since 1970, `offset` from now.
pub(crate) fn seconds(offset: i64) -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
    i64::try_from(now).expect("not so late") + offset
}

/// The claims of an access token that is good here, of an issuer.
pub(crate) fn claims(issuer: &Issuer) -> Value {
    json!({
        "iss": issuer.url,
        "sub": "alice",
        "aud": RESOURCE,
        "client_id": "app",
        "scope": "tools:read tools:write",
        "iat": seconds(-10),
        "exp": seconds(600),
    })
}

/// Claims with one of them set, or taken away by null.
pub(crate) fn with(mut claims: Value, name: &str, value: Value) -> Value {
    match value {
        Value::Null => drop(claims.as_object_mut().expect("an object").remove(name)),
        value => claims[name] = value,
    }
    claims
}

/// A request that answers with 200 whoever may send it.
pub(crate) fn list() -> Draft {
    support::request("tools/list", json!({})).header("host", "mcp.example.com")
}

/// The same with a token.
pub(crate) fn with_token(token: &str) -> Draft {
    list().header("authorization", format!("Bearer {token}"))
}

/// The HTTP status a token gets.
async fn status(gateway: &Gateway, token: &str) -> u16 {
    with_token(token).send(gateway).await.status().as_u16()
}

/// The `error_description` a token is refused with.
async fn refused(gateway: &Gateway, token: &str) -> String {
    let response = with_token(token).send(gateway).await;
    assert_eq!(response.status(), 401);
    let challenge = response.headers()["www-authenticate"].to_str().expect("text").to_owned();
    assert!(challenge.starts_with("Bearer error=\"invalid_token\", error_description=\""), "{challenge}");
    challenge.split('"').nth(3).expect("a description").to_owned()
}

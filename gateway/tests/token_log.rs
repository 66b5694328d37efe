//! What the log says of tokens: why they are refused, and nothing of them. A process of its own: the log belongs to the
//! process.

mod recording;

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::Request;
use penstock_gateway::catalog::Catalog;
use penstock_gateway::config::Config;
use penstock_gateway::invoke::{Invoke, PayloadStream};
use penstock_gateway::{Gateway, Services};
use recording::Log;
use tracing_subscriber::filter::LevelFilter;

const ORIGIN_SECRET: &str = "0123456789abcdef0123456789abcdef";

struct Nobody;

impl Invoke for Nobody {
    fn invoke(&self, _: &str, _: Option<&str>, _: Vec<u8>) -> PayloadStream {
        stream::empty().boxed()
    }
}

/// A gateway whose only issuer cannot be reached.
fn gateway() -> Gateway {
    let variables = [
        ("PENSTOCK_CATALOG", "/tools"),
        ("PENSTOCK_KEYS", "1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
        ("PENSTOCK_LISTEN", "127.0.0.1:0"),
        ("PENSTOCK_AUTH", "oauth"),
        ("PENSTOCK_RESOURCE", "https://mcp.example.com/mcp"),
        ("PENSTOCK_ISSUERS", r#"[{"issuer":"http://127.0.0.1:9"}]"#),
        ("PENSTOCK_ORIGIN_SECRETS", ORIGIN_SECRET),
    ];
    let value = |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
    let config = Config::from_source(value).expect("a sound configuration");
    let folder = tempfile::tempdir().expect("a folder");
    let alone = Services::alone(Catalog::from_folder(folder.path()).expect("a catalog"), Nobody);
    Gateway::new(Services { auth: config.auth, origin_secrets: config.origin_secrets, ..alone })
}

/// S-5: neither tokens nor the secret of the distribution are logged, however they are refused.
#[tokio::test]
async fn the_log_says_why_a_token_is_refused_and_nothing_of_it() {
    let log = Log::start(LevelFilter::TRACE);
    let gateway = gateway();
    // The header and claims of an ES256 token of the issuer's, subject s3cr3t, without a true signature.
    let claims = "eyJpc3MiOiJodHRwOi8vMTI3LjAuMC4xOjkiLCJzdWIiOiJzM2NyM3QifQ";
    let token = format!("eyJhbGciOiJFUzI1NiIsImtpZCI6ImsifQ.{claims}.c2lnbmVk");
    for (header, path, status) in [
        (format!("Bearer {token}"), "/mcp".to_owned(), 503),
        ("Bearer s3cr3t".to_owned(), "/mcp".to_owned(), 401),
        ("Bearer s3cr3t,s3cr3t".to_owned(), "/mcp".to_owned(), 400),
        ("s3cr3t".to_owned(), format!("/mcp?access_token={token}"), 400),
    ] {
        let request = Request::post(path).header("authorization", header).header("x-penstock-origin", ORIGIN_SECRET);
        let answer = gateway.handle(request.body(Bytes::new()).expect("a request")).await;
        assert_eq!(answer.status(), status);
    }
    let log = log.text();
    for told in ["an issuer's keys could not be had", "tokens cannot be verified", "query string", "\"status\":401"] {
        assert!(log.contains(told), "{told} in {log}");
    }
    for secret in ["s3cr3t", claims, ORIGIN_SECRET] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}

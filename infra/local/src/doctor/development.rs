//! A token without a person: `penstock dev --auth` gives them out for tests.

use penstock_fetch::is_loopback;
use tokio::time::timeout_at;

use super::case::Case;
use super::finding::Finding;
use crate::token::{self, TokenRequest};

/// Gets a token if none was given and the gateway is this machine's own. Says so, if there is one.
pub(super) async fn token(case: &Case) -> Option<(String, Finding)> {
    if case.token.is_some() || !is_loopback(&case.url) {
        return None;
    }
    let wanted = TokenRequest { url: case.typed.clone(), user: "alice".to_owned(), scope: None };
    let token = timeout_at(case.probe.end(), token::request(&wanted)).await.ok()?.ok()?;
    Some((token, Finding::ok("token.development", "the development identity provider signed alice in")))
}

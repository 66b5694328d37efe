//! The same odd requests for the gateway and for a server of the official Rust SDK: where their
//! answers differ, a rule says why ours is right.
//!
//! Compared are the HTTP status, the kind of the body, the JSON-RPC error code and the id. A
//! difference that [`expected`] does not list fails the test, and so does a listed one that is gone.

mod bodies;
mod eras;
mod expected;
mod headers;
mod peer;
mod wire;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use expected::{DIFFERENCES, WITH_TOKENS};
use peer::Peer;
use penstock_e2e::{Access, Penstock};
use rstest::rstest;
use wire::Case;

/// What is known to differ, ours and theirs, and why, by the name of the case.
fn known(access: Access) -> BTreeMap<&'static str, (&'static str, &'static str, &'static str)> {
    let with_tokens = if access == Access::Authenticated { WITH_TOKENS } else { &[] };
    [DIFFERENCES, with_tokens]
        .into_iter()
        .flatten()
        .flat_map(|known| known.cases.iter().map(move |case| (*case, (known.ours, known.theirs, known.rule))))
        .collect()
}

#[rstest]
#[tokio::test]
async fn odd_requests_are_answered_as_the_rust_sdk_does_but_where_a_rule_says_otherwise(
    #[values(Access::Open, Access::Authenticated)] access: Access,
) -> anyhow::Result<()> {
    let (penstock, peer) = (Penstock::with_fixtures(access).await?, Peer::start().await?);
    let mut complaints = String::new();
    let mut differences = BTreeMap::new();
    let cases = [bodies::cases(), headers::cases(), eras::cases()].concat();
    for Case { name, request } in &cases {
        let ours = request.send(penstock.url()).await?;
        if let Err(mistake) = request.check(&ours) {
            writeln!(complaints, "{name}: {mistake}")?;
        }
        let theirs = request.send(peer.url()).await?;
        let (ours, theirs) = (request.summary(&ours), request.summary(&theirs));
        if ours != theirs {
            let before = differences.insert(name.as_str(), (ours, theirs));
            assert!(before.is_none(), "two cases are named {name}");
        }
    }
    let known = known(access);
    for (name, (ours, theirs)) in &differences {
        match known.get(name) {
            Some((known_ours, known_theirs, _)) if (known_ours, known_theirs) == (&&**ours, &&**theirs) => {}
            Some((known_ours, known_theirs, rule)) => writeln!(
                complaints,
                "{name}: ours {ours:?}, theirs {theirs:?}; known: {known_ours:?}, {known_theirs:?} by {rule}"
            )?,
            None => writeln!(complaints, "{name}: ours {ours:?}, theirs {theirs:?}; no difference is known")?,
        }
    }
    for (name, (.., rule)) in known.iter().filter(|(name, _)| !differences.contains_key(**name)) {
        writeln!(complaints, "{name}: no longer differs, nor is there need for {rule}")?;
    }
    assert!(complaints.is_empty(), "of {} cases\n{complaints}", cases.len());
    Ok(())
}

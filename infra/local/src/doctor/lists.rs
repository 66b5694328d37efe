//! `tools/list`, once in every revision that clients speak.

use penstock_protocol::revision::Revision;
use serde_json::{Value, json};

use super::case::Case;
use super::finding::{Finding, count, quote};
use super::mcp::{self, Dialect, Trouble};

const REVISIONS: [(Revision, &str); 3] = [
    (Revision::V2026_07_28, "tools.2026-07-28"),
    (Revision::V2025_11_25, "tools.2025-11-25"),
    (Revision::V2025_06_18, "tools.2025-06-18"),
];

/// What a revision lists.
#[derive(Debug)]
pub(super) struct Listing {
    pub(super) revision: Revision,
    pub(super) tools: Vec<String>,
}

/// Lists in each revision; the newest that works comes first.
pub(super) async fn judge(case: &Case, guarded: bool) -> (Vec<Listing>, Vec<Finding>) {
    let (mut listings, mut findings) = (Vec::new(), Vec::new());
    for (revision, check) in REVISIONS {
        match list(case, revision).await {
            Ok(result) => {
                let listing = read(revision, &result);
                findings.extend(shape(check, &listing, &result, guarded));
                listings.push(listing);
            }
            Err(trouble) => findings.push(failed(check, revision, &trouble)),
        }
    }
    findings.extend(agreement(&listings));
    (listings, findings)
}

async fn list(case: &Case, revision: Revision) -> Result<Value, Trouble> {
    let dialect = Dialect::begin(case, revision).await?;
    let ask = dialect.request(case, "tools/list", json!({}));
    let reply = case.probe.send(mcp::authorized(case, ask)).await;
    dialect.end(case).await;
    mcp::result(&reply?)
}

fn read(revision: Revision, result: &Value) -> Listing {
    let tools = result["tools"].as_array().map(Vec::as_slice).unwrap_or_default();
    let names = tools.iter().filter_map(|tool| tool["name"].as_str());
    Listing { revision, tools: names.map(ToOwned::to_owned).collect() }
}

fn shape(check: &'static str, listing: &Listing, result: &Value, guarded: bool) -> Vec<Finding> {
    if !result["tools"].is_array() {
        let text = format!("{}: the result has no tools", listing.revision);
        return vec![Finding::wrong(check, text, "answer tools/list with an array, be it empty")];
    }
    let more = if result["nextCursor"].is_string() { " and more" } else { "" };
    let mut findings =
        vec![Finding::ok(check, format!("{}: {}{more}", listing.revision, count(listing.tools.len(), "tool")))];
    let modern = listing.revision.is_stateless();
    if modern && (result["resultType"] != "complete" || !result["ttlMs"].is_u64() || !result["cacheScope"].is_string())
    {
        let text = "2026-07-28: resultType, ttlMs or cacheScope is missing: strict clients refuse the list";
        findings.push(Finding::wrong(check, text, "add them (rules R-1 and R-2)"));
    }
    if !modern && !result["resultType"].is_null() {
        let text = format!("{}: resultType in a revision that has none", listing.revision);
        findings.push(Finding::warning(check, text, "leave it out after a handshake (rule R-1)"));
    }
    if guarded && result["cacheScope"] == "public" {
        let text = "cacheScope is public although lists are for one caller: a cache may show them to others";
        findings.push(Finding::warning(check, text, "set it to private (rule R-3)"));
    }
    findings
}

fn failed(check: &'static str, revision: Revision, trouble: &Trouble) -> Finding {
    let text = format!("{revision}: {trouble}");
    match trouble {
        Trouble::Unauthorized(_) => {
            let mend = "get a fresh token for this URL; if it is fresh, compare its iss, aud and client_id with what the \
                        gateway's log says it was refused for";
            Finding::wrong(check, text, mend)
        }
        Trouble::Forbidden(challenge) => {
            let scope = challenge.scope.as_deref().map(|scope| format!(": {}", quote(scope))).unwrap_or_default();
            Finding::wrong(check, text, format!("get a token with the scopes it asks for{scope}"))
        }
        Trouble::Rpc { code: -32022, .. } | Trouble::Other(_) => {
            Finding::warning(check, text, "serve this revision, or do without the clients that speak no other")
        }
        _ => Finding::wrong(check, text, "look into the log of the gateway"),
    }
}

fn agreement(listings: &[Listing]) -> Option<Finding> {
    let (first, rest) = listings.split_first()?;
    let other = rest.iter().find(|other| other.tools.len() != first.tools.len())?;
    let text = format!("{} and {} list different numbers of tools", first.revision, other.revision);
    // Legitimate where a tool can run as a task only, which older revisions do not have.
    Some(Finding::warning(
        "tools.agreement",
        text,
        "see whether a tool is for one revision only, e.g. one that is a task",
    ))
}

//! What a client without a token meets.

use penstock_fetch::is_loopback;
use penstock_protocol::revision::Revision;
use reqwest::StatusCode;
use serde_json::json;

use super::case::Case;
use super::challenge::{self, Carrier, Challenge};
use super::finding::{Finding, quote};
use super::mcp::{self, Dialect};
use super::probe::{Ask, Reply};

const CHECK: &str = "entry.access";

/// Who is let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Access {
    /// Everyone.
    Open,
    /// Whoever has a token. The challenge says where to get one, if clients can see it.
    Guarded(Option<Challenge>),
    /// Nobody: what answers is no MCP server.
    Closed,
}

/// Begins as clients do, in both eras.
pub(super) async fn knock(case: &Case) -> (Access, Vec<Finding>) {
    let discover = Dialect::stateless().request(case, "server/discover", json!({}));
    let (modern, mut findings) = first(case, "server/discover (2026-07-28)", discover).await;
    let initialize = mcp::initialize(case, Revision::LATEST_HANDSHAKE);
    let (legacy, more) = first(case, "initialize (2025-11-25)", initialize).await;
    let more: Vec<_> = more.into_iter().filter(|finding| !findings.contains(finding)).collect();
    findings.extend(more);
    if matches!((&modern, &legacy), (Access::Open, Access::Guarded(_)) | (Access::Guarded(_), Access::Open)) {
        let text = "one era is let in without a token, the other is not";
        findings.push(Finding::wrong(CHECK, text, "authenticate every request, whatever its method (rule A-9)"));
    }
    let access = match (modern, legacy) {
        (Access::Guarded(Some(challenge)), _) | (_, Access::Guarded(Some(challenge))) => {
            Access::Guarded(Some(challenge))
        }
        (Access::Guarded(None), _) | (_, Access::Guarded(None)) => Access::Guarded(None),
        (Access::Open, _) | (_, Access::Open) => Access::Open,
        (Access::Closed, Access::Closed) => Access::Closed,
    };
    (access, findings)
}

async fn first(case: &Case, what: &str, ask: Ask) -> (Access, Vec<Finding>) {
    let reply = match case.probe.send(ask).await {
        Ok(reply) => reply,
        Err(silence) => {
            let mend = "look into the log of the gateway, and of what stands in front of it";
            return (Access::Closed, vec![Finding::wrong(CHECK, format!("{what}: {silence}"), mend)]);
        }
    };
    if reply.status == StatusCode::UNAUTHORIZED {
        let mut findings = vec![Finding::ok(CHECK, format!("{what} without a token is refused: HTTP 401"))];
        findings.extend(challenge_of(case, &reply));
        // Clients look at the header and nowhere else.
        let seen = challenge::find(&reply).filter(|(carrier, _)| *carrier == Carrier::Header);
        return (Access::Guarded(seen.map(|(_, challenge)| challenge)), findings);
    }
    match mcp::result(&reply) {
        Ok(_) => (Access::Open, vec![open(case, what)]),
        // An older server knows no server/discover: that is an answer, and it came without a token.
        Err(mcp::Trouble::Rpc { code, message }) => {
            let text = format!("{what} is answered with error {code} {message}, without asking for a token");
            let mend = "serve 2026-07-28 too: clients of that revision ask for it first";
            (Access::Open, vec![Finding::warning(CHECK, text, mend)])
        }
        Err(_) => (Access::Closed, vec![closed(what, &reply)]),
    }
}

fn open(case: &Case, what: &str) -> Finding {
    let text = format!("{what} is answered without a token: the gateway is open to whoever reaches it");
    if is_loopback(&case.url) {
        return Finding::ok(CHECK, text);
    }
    Finding::warning(CHECK, text, "if that is not meant, set PENSTOCK_AUTH=oauth on the gateway")
}

fn closed(what: &str, reply: &Reply) -> Finding {
    let status = reply.status.as_u16();
    let mend = match status {
        300..400 => "type the URL it redirects to; clients lose the body of a POST on the way",
        403 => {
            "if this is the function's own URL, use the one of the distribution in front of it, which knows the origin secret; \
             else look for a firewall rule, or add the host name to those the gateway may be called by"
        }
        404 | 405 => "the URL is probably not the endpoint: Penstock's ends in /mcp",
        429 => "wait, then run this again",
        500.. => "look into the log of the gateway, and of what stands in front of it",
        _ => "check that the URL is the MCP endpoint",
    };
    let place = reply.header("location").map(|place| format!(" to {}", quote(place))).unwrap_or_default();
    Finding::wrong(CHECK, format!("{what}: HTTP {status}{place}, not MCP and not a demand for a token"), mend)
}

/// Rule A-2: what a 401 has to say, and where.
fn challenge_of(case: &Case, reply: &Reply) -> Vec<Finding> {
    const CHECK: &str = "entry.challenge";
    let Some((carrier, challenge)) = challenge::find(reply) else {
        let text =
            "the 401 has no WWW-Authenticate: Bearer header; clients of 2025-06-18 learn nothing, others must guess";
        return vec![Finding::wrong(CHECK, text, mend_header(case))];
    };
    let lost = match carrier {
        Carrier::Header => None,
        Carrier::Remapped => Some(
            "the challenge arrives as x-amzn-Remapped-www-authenticate only: Lambda or API Gateway renamed it, and the edge \
             does not restore it; no client looks there",
        ),
        Carrier::Body => Some("the challenge arrives in the JSON-RPC error only: its header was lost on the way"),
    };
    if let Some(text) = lost {
        let mend = "restore WWW-Authenticate at the edge: answer requests without a token there, or rename the header in an \
                    origin-response function, which runs for errors too";
        return vec![Finding::wrong(CHECK, text, mend)];
    }
    let mut findings = vec![pointer(case, &challenge)];
    if challenge.error.is_some() {
        let text = "the challenge names an error although no token was sent (RFC 6750 section 3.1)";
        findings.push(Finding::warning(CHECK, text, "leave error out where there was no token"));
    }
    if challenge.scope.as_deref().is_some_and(|scope| scope.split(' ').any(|scope| scope == "offline_access")) {
        let text = "the challenge asks for offline_access, which is for clients to decide (rule A-7)";
        findings.push(Finding::warning(CHECK, text, "take it out of PENSTOCK_SCOPES"));
    }
    findings
}

fn pointer(case: &Case, challenge: &Challenge) -> Finding {
    const CHECK: &str = "entry.challenge";
    match &challenge.resource_metadata {
        None => {
            let text =
                "WWW-Authenticate names no resource_metadata: clients of 2025-06-18 stop, others guess the place";
            Finding::warning(CHECK, text, mend_header(case))
        }
        Some(url) if case.follow(url).is_none() => {
            let text = format!("resource_metadata is {}, which clients will not follow", quote(url));
            Finding::wrong(CHECK, text, "name an https URL: PENSTOCK_RESOURCE must be the public URL")
        }
        Some(url) => Finding::ok(CHECK, format!("WWW-Authenticate points to {}", quote(url))),
    }
}

fn mend_header(case: &Case) -> String {
    let url = case.at(&format!("/.well-known/oauth-protected-resource{}", case.url.path().trim_end_matches('/')));
    format!("answer with WWW-Authenticate: Bearer resource_metadata=\"{url}\"")
}

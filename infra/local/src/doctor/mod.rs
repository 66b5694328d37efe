//! `penstock doctor`: does what MCP clients do when they meet a URL, and says what is wrong and how to mend it.
//!
//! [`examine`] asks in the order of a client that has never heard of the server; each step takes what the steps
//! before it found. Nobody signs in, no token is printed, and what a server says is quoted, never obeyed.
//!
//! | module | asks |
//! |---|---|
//! | `reach` | does anything answer? |
//! | `entry` | what does a client without a token meet? |
//! | `resource` | who issues tokens, and for which URL? (RFC 9728) |
//! | `issuer` | where does one sign in? (RFC 8414, OIDC) |
//! | `clients` | how far would each client come? |
//! | `registration`, `authorize` | can a client register, and is it sent where people sign in? |
//! | `development` | is there a token to go on with? |
//! | `guard`, `origin` | what must not get in? |
//! | `lists`, `stream` | does it work once inside? |
//!
//! `case` is what is examined, `probe` sends within bounds, `mcp` speaks, `challenge` and `document` read, `recording`
//! listens; `finding` and `report` are what comes of it.

mod authorize;
mod case;
mod challenge;
mod clients;
mod development;
mod document;
mod entry;
mod finding;
mod guard;
mod issuer;
mod lists;
mod mcp;
mod origin;
mod probe;
mod reach;
mod recording;
mod registration;
mod report;
mod resource;
mod stream;

use std::time::Duration;

use reqwest::Url;
use serde_json::Value;
use tokio::time::Instant;

use self::case::Case;
use self::challenge::Challenge;
use self::entry::Access;
use self::probe::Probe;
use self::resource::Metadata;

pub use finding::{Finding, Level};
pub(crate) use finding::{count, quote};
pub use report::Report;

/// How long a whole run may take. What was not asked by then counts as unanswered.
const TIME: Duration = Duration::from_secs(55);

/// What to examine.
#[derive(Debug, Clone, Default)]
pub struct Order {
    /// The MCP endpoint, as people type it.
    pub url: String,
    /// An access token for it.
    pub token: Option<String>,
    /// A client id to ask for a sign-in page with, instead of registering.
    pub client_id: Option<String>,
    /// The tool to call; `long_operation` if none is named.
    pub tool: Option<String>,
    /// Its arguments, a JSON object.
    pub arguments: Option<String>,
}

/// Why nothing was examined.
#[derive(Debug, thiserror::Error)]
pub enum OrderError {
    /// Not an address of HTTP.
    #[error("{0:?} is not an http or https URL; it looks like https://mcp.example.com/mcp")]
    Url(String),
    /// `--token` cannot stand in a header.
    #[error("--token holds characters that no access token has")]
    Token,
    /// `--arguments` is not a JSON object.
    #[error("--arguments is not a JSON object; write it as in '{{\"steps\": 5}}', quotes included")]
    Arguments,
    /// The HTTP client cannot be set up.
    #[error("cannot set up HTTP: {0}")]
    Http(#[from] reqwest::Error),
}

/// Examines a URL. Takes a minute at most.
///
/// # Errors
/// [`OrderError`] if there is nothing to ask. Whatever is wrong with the server is in the report.
pub async fn examine(order: &Order) -> Result<Report, OrderError> {
    let mut case = open(order)?;
    let findings = run(&mut case).await;
    let mut report = Report { url: case.typed.clone(), findings };
    if let Some(token) = case.token.as_deref().filter(|token| !token.is_empty()) {
        report.conceal(token);
    }
    Ok(report)
}

fn open(order: &Order) -> Result<Case, OrderError> {
    let url = Url::parse(&order.url).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let url = url.ok_or_else(|| OrderError::Url(order.url.clone()))?;
    let arguments = order.arguments.as_deref().map(serde_json::from_str::<Value>);
    let arguments = arguments.transpose().ok().filter(|value| value.as_ref().is_none_or(Value::is_object));
    if order.token.as_deref().is_some_and(|token| token.is_empty() || case::bearer(token).is_none()) {
        return Err(OrderError::Token);
    }
    Ok(Case {
        typed: order.url.clone(),
        url,
        probe: Probe::new(Instant::now() + TIME)?,
        token: order.token.clone(),
        client_id: order.client_id.clone(),
        tool: order.tool.clone(),
        arguments: arguments.ok_or(OrderError::Arguments)?,
    })
}

async fn run(case: &mut Case) -> Vec<Finding> {
    let mut findings = case::address(case);
    if findings.iter().any(|finding| finding.level == Level::Wrong) {
        // Not even to look: the token would travel in the clear.
        findings.push(Finding::skipped("entry.access", "nothing was asked"));
        return findings;
    }
    match reach::health(case).await {
        Ok(more) => findings.extend(more),
        Err(unreachable) => {
            findings.extend([unreachable, Finding::skipped("entry.access", "nothing else was asked")]);
            return findings;
        }
    }
    let (access, more) = entry::knock(case).await;
    findings.extend(more);
    match &access {
        Access::Closed => return findings,
        Access::Open => findings.push(Finding::skipped("resource.place", "the gateway is open: nobody signs in")),
        Access::Guarded(challenge) => {
            findings.extend(sign_in(case, challenge.as_ref()).await);
            if let Some((token, finding)) = development::token(case).await {
                case.token = Some(token);
                findings.push(finding);
            }
            findings.extend(guard::judge(case).await);
        }
    }
    findings.extend(origin::judge(case).await);
    let guarded = access != Access::Open;
    if guarded && case.token.is_none() {
        let text = "no token to go on with; pass one with --token";
        findings.extend(["tools.2026-07-28", "stream.events"].map(|check| Finding::skipped(check, text)));
        return findings;
    }
    let (listings, more) = lists::judge(case, guarded).await;
    findings.extend(more);
    findings.extend(stream::judge(case, &listings).await);
    findings
}

/// The way of a client that is asked for a token, up to the page where a person signs in.
async fn sign_in(case: &Case, challenge: Option<&Challenge>) -> Vec<Finding> {
    let metadata = Metadata::fetch(case, challenge).await;
    let mut findings = resource::judge(case, &metadata);
    let (issuer, more) = issuer::find(case, metadata.issuer()).await;
    findings.extend(more);
    findings.extend(issuer.iter().flat_map(|issuer| issuer::judge(case, issuer)));
    findings.extend(clients::judge(case, &metadata, issuer.as_ref()));
    if let Some(issuer) = &issuer {
        let (client, more) = registration::register(case, issuer).await;
        findings.extend(more);
        // The resource is the metadata's, not the one that was typed: so the SDKs do it.
        let resource = metadata.found().next().and_then(|document| document.text("resource"));
        let resource = resource.unwrap_or(&case.typed);
        findings.extend(authorize::judge(case, issuer, resource, client.as_deref()).await);
    }
    findings
}

//! Protected-resource metadata (RFC 9728), looked for where clients look.

use reqwest::Url;

use super::case::Case;
use super::challenge::Challenge;
use super::document::Document;
use super::finding::{Finding, quote};

const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";

/// The documents at the three places clients look at, in their order.
#[derive(Debug)]
pub(super) struct Metadata {
    /// The one the challenge names.
    pub(super) advertised: Option<Document>,
    /// The one whose path ends in the endpoint's.
    pub(super) path: Document,
    /// The one at the root.
    pub(super) root: Document,
}

impl Metadata {
    /// Fetches all three.
    pub(super) async fn fetch(case: &Case, challenge: Option<&Challenge>) -> Self {
        let endpoint = case.url.path().trim_end_matches('/');
        let path = Document::fetch(case, case.at(&format!("{WELL_KNOWN}{endpoint}"))).await;
        let root = Document::fetch(case, case.at(WELL_KNOWN)).await;
        let named = challenge.and_then(|challenge| challenge.resource_metadata.as_deref());
        let advertised = match named.and_then(|named| case.follow(named)) {
            Some(url) if url == path.url => Some(path.clone()),
            Some(url) if url == root.url => Some(root.clone()),
            Some(url) => Some(Document::fetch(case, url).await),
            None => None,
        };
        Self { advertised, path, root }
    }

    /// The documents that exist, first the one clients prefer.
    pub(super) fn found(&self) -> impl Iterator<Item = &Document> {
        let all = self.advertised.iter().chain([&self.path, &self.root]);
        all.filter(|document| document.content.is_ok())
    }

    /// The authorization server most clients take: the first one named.
    pub(super) fn issuer(&self) -> Option<&str> {
        self.found().next()?.list("authorization_servers")?.first().copied()
    }
}

/// How much of `resource` fits the URL that was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// Another resource.
    None,
    /// Same origin, and the path begins with the resource's.
    Within,
    /// The same once both are parsed as URLs.
    Normalised,
    /// The same letters.
    Exact,
}

/// Compares `resource` with the URL that was typed.
pub(super) fn fit(case: &Case, resource: &str) -> Fit {
    let Ok(parsed) = Url::parse(resource) else { return Fit::None };
    let (typed, own) = (slashed(case.url.path()), slashed(parsed.path()));
    if resource == case.typed {
        Fit::Exact
    } else if parsed == case.url {
        Fit::Normalised
    } else if parsed.origin() == case.url.origin() && typed.starts_with(&own) {
        Fit::Within
    } else {
        Fit::None
    }
}

fn slashed(path: &str) -> String {
    format!("{}/", path.trim_end_matches('/'))
}

/// Judges where the documents are and what they say.
pub(super) fn judge(case: &Case, metadata: &Metadata) -> Vec<Finding> {
    let mut findings = places(metadata);
    let Some(first) = metadata.found().next() else { return findings };
    findings.push(identity(case, first));
    findings.extend(members(first));
    for other in metadata.found().skip(1).filter(|other| other.content != first.content) {
        let text = format!("{} says something else than {}: clients disagree on whom to ask", other.url, first.url);
        findings.push(Finding::warning("resource.place", text, "serve one document at all places"));
    }
    findings
}

/// Rule A-1: the path form must be there, the root form should.
fn places(metadata: &Metadata) -> Vec<Finding> {
    const CHECK: &str = "resource.place";
    let mut findings = Vec::new();
    let advertised = metadata.advertised.as_ref();
    let own = advertised.filter(|document| document.url != metadata.path.url && document.url != metadata.root.url);
    for (document, failure) in [
        (own, "clients that follow the challenge (VS Code, the TypeScript SDK) look nowhere else"),
        (Some(&metadata.path), "this is the place of RFC 9728, where every client looks"),
        (Some(&metadata.root), "older clients look here only"),
    ] {
        let Some(document) = document else { continue };
        let mend = "pass this path on to the gateway, which serves it with PENSTOCK_AUTH=oauth";
        findings.push(match &document.content {
            Ok(_) => Finding::ok(CHECK, format!("{} is there", document.url)),
            Err(reason) => {
                let text = format!("{}: {reason}; {failure}", document.url);
                let is_root = document.url == metadata.root.url && metadata.path.url != metadata.root.url;
                if is_root { Finding::warning(CHECK, text, mend) } else { Finding::wrong(CHECK, text, mend) }
            }
        });
    }
    findings
}

/// Rules: `resource` is the URL as it is typed.
fn identity(case: &Case, document: &Document) -> Finding {
    const CHECK: &str = "resource.identity";
    let mend = format!("set PENSTOCK_RESOURCE to the URL people type, letter by letter: {}", case.typed);
    let Some(resource) = document.text("resource") else {
        return Finding::wrong(CHECK, "resource is missing: the document is of no use to clients", mend);
    };
    let named = quote(resource);
    match fit(case, resource) {
        Fit::Exact => Finding::ok(CHECK, format!("resource is the URL that was typed: {named}")),
        Fit::Normalised => {
            let text =
                format!("resource is {named}, spelled otherwise than the URL that was typed; tokens are made for it");
            Finding::warning(CHECK, text, mend)
        }
        Fit::Within => {
            let text =
                format!("resource is {named}, not the URL that was typed; the SDKs accept it, Claude and VS Code stop");
            Finding::wrong(CHECK, text, mend)
        }
        Fit::None => {
            Finding::wrong(CHECK, format!("resource is {named}, not the URL that was typed; clients stop"), mend)
        }
    }
}

fn members(document: &Document) -> Vec<Finding> {
    let mut findings = vec![servers(document)];
    let scopes = document.list("scopes_supported");
    findings.push(match &scopes {
        Some(scopes) if scopes.contains(&"offline_access") => {
            let text = "scopes_supported holds offline_access, which is for clients to decide (rule A-7)";
            Finding::warning("resource.scopes", text, "take it out of PENSTOCK_SCOPES")
        }
        Some(scopes) => Finding::ok("resource.scopes", format!("clients ask for {}", quote(&scopes.join(" ")))),
        None => {
            Finding::ok("resource.scopes", "no scopes_supported: clients ask for what the authorization server lists")
        }
    });
    if document.list("bearer_methods_supported").is_some_and(|methods| methods != ["header"]) {
        let text = "bearer_methods_supported is not [\"header\"]: MCP sends tokens in no other way (rule A-3)";
        findings.push(Finding::warning("resource.methods", text, "set it to [\"header\"], or leave it out"));
    }
    findings
}

fn servers(document: &Document) -> Finding {
    const CHECK: &str = "resource.issuer";
    match document.list("authorization_servers").as_deref() {
        None | Some([]) => {
            let text = "authorization_servers names nobody: clients try the MCP host itself";
            Finding::wrong(CHECK, text, "name the issuer in PENSTOCK_AUTHORIZATION_SERVERS (RFC 9728 section 2)")
        }
        Some([one]) => Finding::ok(CHECK, format!("tokens are issued by {}", quote(one))),
        Some([first, ..]) => {
            let text = format!("several authorization_servers; most clients use only the first, {}", quote(first));
            Finding::ok(CHECK, text)
        }
    }
}

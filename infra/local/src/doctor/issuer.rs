//! Authorization-server metadata (RFC 8414, OIDC Discovery), looked for in the order clients use.

use reqwest::Url;

use super::case::Case;
use super::document::Document;
use super::finding::{Finding, quote};

const OAUTH: &str = "/.well-known/oauth-authorization-server";
const OIDC: &str = "/.well-known/openid-configuration";

const PLACE: &str = "issuer.place";

/// An authorization server whose metadata was found.
#[derive(Debug)]
pub(super) struct Issuer {
    /// As the resource names it.
    pub(super) named: String,
    pub(super) document: Document,
}

impl Issuer {
    /// An endpoint that clients would use.
    pub(super) fn endpoint(&self, case: &Case, name: &str) -> Option<Url> {
        case.follow(self.document.text(name)?)
    }

    /// Whether clients may identify themselves by the URL of their metadata.
    pub(super) fn reads_client_metadata(&self) -> bool {
        self.document.is("client_id_metadata_document_supported")
    }

    /// Whether clients without a secret may redeem codes. RFC 8414: absent means `client_secret_basic`.
    pub(super) fn takes_public_clients(&self) -> bool {
        self.document.list("token_endpoint_auth_methods_supported").is_some_and(|methods| methods.contains(&"none"))
    }

    /// Whether PKCE with S256 is announced; none where nothing is said about PKCE.
    pub(super) fn has_s256(&self) -> Option<bool> {
        Some(self.document.list("code_challenge_methods_supported")?.contains(&"S256"))
    }

    /// Whether it is at the MCP host, where clients look that know no better.
    pub(super) fn is_at_host(&self, case: &Case) -> bool {
        self.document.url.origin() == case.url.origin()
    }

    /// Whether `issuer` is the name it was found by.
    pub(super) fn is_itself(&self) -> bool {
        self.document.text("issuer").is_some_and(|issuer| same(issuer, &self.named))
    }
}

/// Equal but for a slash after the host, which parsing a URL adds.
fn same(left: &str, right: &str) -> bool {
    let root = |text: &str| Url::parse(text).is_ok_and(|url| url.path() == "/");
    left == right || (root(left) && left.trim_end_matches('/') == right.trim_end_matches('/'))
}

/// The places where clients look, in their order: RFC 8414 section 3.1, then OIDC by insertion and by
/// appending.
fn places(issuer: &Url) -> Vec<Url> {
    let path = issuer.path().trim_end_matches('/');
    let mut paths = vec![format!("{OAUTH}{path}"), format!("{OIDC}{path}")];
    if !path.is_empty() {
        paths.push(format!("{path}{OIDC}"));
    }
    let at = |path: &String| {
        let mut url = issuer.clone();
        url.set_path(path);
        url.set_query(None);
        url.set_fragment(None);
        url
    };
    paths.iter().map(at).collect()
}

/// Looks for the metadata of the authorization server that the resource names; where it names none, at the MCP host,
/// as clients of 2025-03-26 do (rule A-15).
pub(super) async fn find(case: &Case, named: Option<&str>) -> (Option<Issuer>, Vec<Finding>) {
    let named = named.map_or_else(|| case.url.origin().ascii_serialization(), ToOwned::to_owned);
    let Some(url) = case.follow(&named) else {
        let text = format!("{} is no https URL: clients do not ask it", quote(&named));
        return (None, vec![Finding::wrong(PLACE, text, "name the issuer by its https URL")]);
    };
    let mut tried = Vec::new();
    for place in places(&url) {
        let document = Document::fetch(case, place).await;
        if document.content.is_ok() {
            let mut findings = vec![found(&document, &tried)];
            findings.extend(root(case, &url).await);
            return (Some(Issuer { named, document }), findings);
        }
        tried.push(document);
    }
    let tried: Vec<String> = tried.iter().map(failed).collect();
    let text = format!("no metadata of {}: {}", quote(&named), tried.join("; "));
    let mend = "serve RFC 8414 metadata there, or correct the issuer's name, path included";
    (None, vec![Finding::wrong(PLACE, text, mend)])
}

fn failed(document: &Document) -> String {
    let reason = document.content.as_ref().err().cloned().unwrap_or_default();
    format!("{} {reason}", document.url)
}

fn found(document: &Document, tried: &[Document]) -> Finding {
    let stops = |tried: &&Document| tried.status.is_none_or(|status| status.is_server_error());
    if let Some(stop) = tried.iter().find(stops) {
        let text = format!("{}; clients stop there and never come to {}", failed(stop), document.url);
        return Finding::wrong(PLACE, text, "answer 404 for metadata that does not exist");
    }
    if tried.is_empty() {
        return Finding::ok(PLACE, format!("{} is there, the first place clients look", document.url));
    }
    let text = format!("{} is there; clients of 2025-06-18 and before do not look so far", document.url);
    Finding::warning(PLACE, text, "serve it at the place of RFC 8414 section 3.1 too")
}

/// Rule A-15: clients of 2025-03-26 ask the MCP host itself.
async fn root(case: &Case, issuer: &Url) -> Option<Finding> {
    const CHECK: &str = "issuer.host";
    if issuer.origin() == case.url.origin() && issuer.path() == "/" {
        return None;
    }
    let document = Document::fetch(case, case.at(OAUTH)).await;
    Some(match &document.content {
        Ok(_) => Finding::ok(CHECK, format!("{} is there for clients of 2025-03-26", document.url)),
        Err(reason) => {
            let text = format!("{}: {reason}; clients of 2025-03-26 look nowhere else", document.url);
            Finding::warning(CHECK, text, "serve a copy there, or do without them")
        }
    })
}

/// Judges what the metadata says.
pub(super) fn judge(case: &Case, issuer: &Issuer) -> Vec<Finding> {
    let mut findings = vec![name(issuer), endpoints(case, issuer), pkce(issuer)];
    findings.extend(lists(issuer));
    findings.push(if issuer.document.is("authorization_response_iss_parameter_supported") {
        Finding::ok("issuer.iss", "answers to sign-in say who gives them (RFC 9207)")
    } else {
        let text = "no iss in answers to sign-in (RFC 9207): MCP has announced that it will be required";
        Finding::warning("issuer.iss", text, "send it, and set authorization_response_iss_parameter_supported")
    });
    findings.push(registration(issuer));
    findings
}

fn name(issuer: &Issuer) -> Finding {
    const CHECK: &str = "issuer.identity";
    let own = issuer.document.text("issuer").unwrap_or_default();
    let mend = "issuer and the entry in authorization_servers must be the same text (RFC 8414 section 3.3)";
    let text = format!("issuer is {}, the resource names {}", quote(own), quote(&issuer.named));
    if own == issuer.named {
        Finding::ok(CHECK, "issuer is the name the resource gives")
    } else if issuer.is_itself() {
        Finding::warning(CHECK, format!("{text}: a slash makes some clients stop"), mend)
    } else {
        Finding::wrong(CHECK, format!("{text}: clients stop"), mend)
    }
}

fn endpoints(case: &Case, issuer: &Issuer) -> Finding {
    const CHECK: &str = "issuer.endpoints";
    let missing: Vec<_> = ["authorization_endpoint", "token_endpoint"]
        .into_iter()
        .filter(|name| issuer.endpoint(case, name).is_none())
        .collect();
    if missing.is_empty() {
        return Finding::ok(CHECK, "authorization and token endpoints are named");
    }
    let text = format!("{} missing or no https URL", missing.join(" and "));
    Finding::wrong(CHECK, text, "name both by https URLs (RFC 8414 section 2)")
}

fn pkce(issuer: &Issuer) -> Finding {
    const CHECK: &str = "issuer.pkce";
    let mend = "set code_challenge_methods_supported to [\"S256\"], and require it";
    match issuer.has_s256() {
        Some(true) => Finding::ok(CHECK, "PKCE with S256"),
        Some(false) => Finding::wrong(CHECK, "code_challenge_methods_supported is without S256: clients stop", mend),
        None => {
            let text = "nothing is said about PKCE: clients that keep to the specification stop, others go on";
            Finding::wrong(CHECK, text, mend)
        }
    }
}

fn lists(issuer: &Issuer) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !issuer.document.list("response_types_supported").is_some_and(|types| types.contains(&"code")) {
        let text =
            "response_types_supported lacks code: the TypeScript SDK, and with it the Inspector and mcp-remote, stops";
        findings.push(Finding::wrong("issuer.code", text, "set it to [\"code\"] (RFC 8414 requires the member)"));
    }
    let grants = issuer.document.list("grant_types_supported");
    if grants.is_some_and(|grants| !grants.contains(&"refresh_token")) {
        let text = "grant_types_supported lacks refresh_token: people sign in again whenever a token expires";
        findings.push(Finding::warning("issuer.refresh", text, "offer refresh tokens"));
    }
    findings
}

fn registration(issuer: &Issuer) -> Finding {
    const CHECK: &str = "issuer.registration";
    let registers = issuer.document.text("registration_endpoint").is_some();
    let public = issuer.takes_public_clients();
    let add_none = "add none to token_endpoint_auth_methods_supported: MCP clients have no secret to keep";
    match (issuer.reads_client_metadata(), registers) {
        (true, _) if !public => {
            let text = "client ID metadata documents are read, but clients without a secret are not named as welcome: Claude \
                        does not use them then";
            Finding::warning(CHECK, text, add_none)
        }
        (true, true) => Finding::ok(CHECK, "clients name a metadata document, or register themselves"),
        (true, false) => Finding::ok(CHECK, "clients name a metadata document; those that only register ask for an id"),
        (false, true) if !public => {
            Finding::warning(CHECK, "clients register themselves, but none of them without a secret", add_none)
        }
        (false, true) => {
            let text = "clients register themselves, which MCP has deprecated; no client ID metadata documents";
            Finding::warning(CHECK, text, "read client ID metadata documents too")
        }
        (false, false) => {
            let text = "no client can introduce itself: people have to paste a client id";
            Finding::wrong(CHECK, text, "read client ID metadata documents, or put the OAuth front before the provider")
        }
    }
}

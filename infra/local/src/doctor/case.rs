use penstock_fetch::is_loopback;
use reqwest::Url;
use reqwest::header::HeaderValue;
use serde_json::Value;

use super::finding::Finding;
use super::probe::Probe;

/// What is examined, and with what.
#[derive(Debug)]
pub(super) struct Case {
    /// The URL as it was typed: what clients compare `resource` with.
    pub(super) typed: String,
    /// The URL as it is asked.
    pub(super) url: Url,
    pub(super) probe: Probe,
    pub(super) token: Option<String>,
    /// A client the authorization server knows, where it registers none.
    pub(super) client_id: Option<String>,
    pub(super) tool: Option<String>,
    pub(super) arguments: Option<Value>,
}

impl Case {
    /// Another path of the same origin.
    pub(super) fn at(&self, path: &str) -> Url {
        let mut url = self.url.clone();
        url.set_path(path);
        url.set_query(None);
        url.set_fragment(None);
        url
    }

    /// `Authorization` with the token, if there is one.
    pub(super) fn authorization(&self) -> Option<HeaderValue> {
        self.token.as_deref().and_then(bearer)
    }

    /// Reads a URL that a server named. Clients do not leave TLS because of one, and neither does this.
    pub(super) fn follow(&self, named: &str) -> Option<Url> {
        let url = Url::parse(named).ok()?;
        let plain = url.scheme() == "http" && is_loopback(&url) && self.url.scheme() == "http";
        (url.scheme() == "https" || plain).then_some(url)
    }
}

/// A token as a header; none if it holds what no token does.
pub(super) fn bearer(token: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(&format!("Bearer {token}")).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// Looks at the URL itself, before anyone is asked.
pub(super) fn address(case: &Case) -> Vec<Finding> {
    const CHECK: &str = "reach.url";
    let url = &case.url;
    if url.scheme() == "http" && !is_loopback(url) {
        let text = "the URL is http: tokens would travel in the clear, and clients refuse it";
        return vec![Finding::wrong(CHECK, text, "serve it by https and type the https URL")];
    }
    let named = if case.typed.contains('#') {
        "a fragment, which no resource has (RFC 8707 section 2)"
    } else if !url.username().is_empty() || url.password().is_some() {
        "a user name or password, which ends in logs, and which clients do not send"
    } else if url.query().is_some() {
        "a query; if it holds a credential, it ends in logs, and clients refuse it"
    } else if url.path().len() > 1 && url.path().ends_with('/') {
        "a slash at the end; clients compare URLs by letter, and the canonical form has none (rule A-8)"
    } else if case.typed != url.as_str() && case.typed != url.as_str().trim_end_matches('/') {
        "a spelling that clients may change, e.g. capital letters in the host or a default port"
    } else {
        return vec![Finding::ok(CHECK, "the URL is in its canonical form")];
    };
    let mend = format!("give people this URL: {}", canonical(url));
    vec![Finding::warning(CHECK, format!("the URL has {named}"), mend)]
}

fn canonical(url: &Url) -> String {
    let mut url = url.clone();
    url.set_fragment(None);
    url.set_query(None);
    // Fails only where a URL can have none.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.as_str().trim_end_matches('/').to_owned()
}

//! What the authorization endpoint does before anyone has signed in.

use reqwest::header::{ACCEPT, HeaderValue};
use reqwest::{StatusCode, Url};
use uuid::Uuid;

use super::case::Case;
use super::finding::{Finding, quote};
use super::issuer::Issuer;
use super::probe::{Ask, Reply};
use super::registration::REDIRECT_URI;

/// The example of RFC 7636, appendix B: no code is ever redeemed.
const CODE_CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A place of nobody (RFC 2606), registered by no client.
const FOREIGN_URI: &str = "https://doctor.invalid/callback";

/// Asks for a page to sign in, then for two things that must be refused.
pub(super) async fn judge(case: &Case, issuer: &Issuer, resource: &str, client: Option<&str>) -> Vec<Finding> {
    const CHECK: &str = "authorize.page";
    let Some(endpoint) = issuer.endpoint(case, "authorization_endpoint") else {
        return vec![Finding::skipped(CHECK, "no authorization endpoint")];
    };
    let Some(client) = client.or(case.client_id.as_deref()) else {
        return vec![Finding::skipped(CHECK, "no client id to ask with; pass one with --client-id")];
    };
    let request = Request { case, endpoint, resource, client };
    vec![
        request.send(CHECK, REDIRECT_URI, true, page).await,
        request.send("authorize.redirect", FOREIGN_URI, true, foreign).await,
        request.send("authorize.pkce", REDIRECT_URI, false, without_pkce).await,
    ]
}

struct Request<'a> {
    case: &'a Case,
    endpoint: Url,
    resource: &'a str,
    client: &'a str,
}

impl Request<'_> {
    async fn send(
        &self,
        check: &'static str,
        redirect_uri: &str,
        pkce: bool,
        judge: fn(&'static str, &Reply) -> Finding,
    ) -> Finding {
        let mut url = self.endpoint.clone();
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", self.client)
            .append_pair("redirect_uri", redirect_uri)
            .append_pair("state", &Uuid::new_v4().to_string())
            .append_pair("resource", self.resource);
        if pkce {
            let mut query = url.query_pairs_mut();
            query.append_pair("code_challenge", CODE_CHALLENGE).append_pair("code_challenge_method", "S256");
        }
        let ask = Ask::get(url).header(ACCEPT, HeaderValue::from_static("text/html"));
        match self.case.probe.send(ask).await {
            Ok(reply) => judge(check, &reply),
            Err(silence) => {
                let mend = "look into the log of the authorization server";
                Finding::wrong(check, format!("{}: {silence}", self.endpoint), mend)
            }
        }
    }
}

/// Where an answer leads.
enum Way {
    /// Shows a page.
    Page,
    /// Refuses with a page.
    Refusal(StatusCode),
    /// Back to the client, with an OAuth error or without one.
    Back(Option<String>),
    /// Somewhere else, e.g. where people sign in.
    On,
}

fn way(reply: &Reply) -> Way {
    if !reply.status.is_redirection() {
        return if reply.status.is_success() { Way::Page } else { Way::Refusal(reply.status) };
    }
    let place = reply.header("location").unwrap_or_default();
    if !place.starts_with(REDIRECT_URI) && !place.starts_with(FOREIGN_URI) {
        return Way::On;
    }
    let url = Url::parse(place).ok();
    let error = url.and_then(|url| {
        let error = url.query_pairs().find(|(name, _)| name == "error");
        error.map(|(_, value)| value.into_owned())
    });
    Way::Back(error)
}

fn page(check: &'static str, reply: &Reply) -> Finding {
    let refused = |reason: String| {
        let text = format!("a well-formed request is refused: {reason}");
        Finding::wrong(
            check,
            text,
            "compare what the authorization server expects: client, resource, redirect URI, scope",
        )
    };
    match way(reply) {
        Way::Page if !has_frame_rule(reply) => {
            let text = "shows a page, which another site may frame and have clicked unseen";
            Finding::warning(check, text, "send Content-Security-Policy: frame-ancestors 'none'")
        }
        Way::Page => Finding::ok(check, "a well-formed request is answered with a page"),
        Way::On => Finding::ok(check, "a well-formed request leads on to where people sign in"),
        Way::Refusal(status) => refused(format!("HTTP {}", status.as_u16())),
        Way::Back(Some(error)) => refused(quote(&error)),
        Way::Back(None) => {
            let text = "a request is sent back to the client although nobody has signed in or agreed";
            Finding::wrong(check, text, "ask the person before a client gets a code")
        }
    }
}

fn has_frame_rule(reply: &Reply) -> bool {
    let policy = reply.header("content-security-policy").unwrap_or_default();
    policy.contains("frame-ancestors") || reply.headers.contains_key("x-frame-options")
}

/// RFC 6749 section 4.1.2.1: nobody is sent to a place that the client has not registered.
fn foreign(check: &'static str, reply: &Reply) -> Finding {
    match way(reply) {
        Way::Refusal(_) => Finding::ok(check, "a redirect URI that is not the client's is refused"),
        Way::Back(_) => {
            let text = "people are sent to a redirect URI that the client never registered: codes can be stolen";
            Finding::wrong(check, text, "compare redirect URIs letter by letter; loopback ports alone may differ")
        }
        Way::Page | Way::On => {
            let text = "a redirect URI that the client never registered is not refused at once";
            Finding::warning(check, text, "refuse it before anyone signs in")
        }
    }
}

fn without_pkce(check: &'static str, reply: &Reply) -> Finding {
    match way(reply) {
        Way::Refusal(_) | Way::Back(Some(_)) => Finding::ok(check, "a request without PKCE is refused"),
        Way::Page | Way::On | Way::Back(None) => {
            let text = "a request without PKCE is not refused: a stolen code can be redeemed";
            Finding::warning(check, text, "require code_challenge (OAuth 2.1 section 4.1.1)")
        }
    }
}

//! Pages for people: no script, no frame, nothing from elsewhere, every text escaped by the template.

use std::sync::LazyLock;

use askama::Template;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA256, digest};

use crate::access::Outcome;
use crate::client::Client;
use crate::front::Front;
use crate::redirect_uri::RedirectUri;
use crate::scope::Scopes;

/// The one style sheet, part of every page.
const STYLE: &str = include_str!("../../templates/style.css");

/// Lets the page load nothing but its own style, by its digest. There is no `form-action`: browsers apply it to every
/// redirect behind the form too, and where a provider and its own providers send a person nobody here can list.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let style = STANDARD.encode(digest(&SHA256, STYLE.as_bytes()));
    let policy = format!("default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; frame-ancestors 'none'");
    HeaderValue::from_str(&policy).expect("Base64 and words are header text")
});

/// Asks a person whether a client may act for them.
#[derive(Template)]
#[template(path = "consent.html")]
pub(crate) struct Consent<'a> {
    style: &'static str,
    name: &'a str,
    document_host: Option<&'a str>,
    resource: &'a str,
    resource_host: &'a str,
    redirect_uri: &'a RedirectUri,
    scopes: &'a [String],
    ticket: &'a str,
}

/// Tells a person why they are not sent anywhere.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Refusal {
    /// Something is wrong with the client, and this is what.
    Client(&'static str),
    /// The redirect URI is not one of the client's.
    RedirectUri,
    /// A sealed text is none, or too old.
    Expired,
    /// Another browser began.
    Browser,
    /// Too much is going on.
    TooMany,
}

#[derive(Template)]
#[template(path = "refusal.html")]
struct RefusalPage<'a> {
    style: &'static str,
    text: &'static str,
    back: Option<Back<'a>>,
}

/// A way back that a person may choose.
#[derive(Debug)]
pub(crate) struct Back<'a> {
    pub(crate) reason: &'static str,
    pub(crate) location: String,
    pub(crate) redirect_uri: &'a RedirectUri,
}

impl IntoResponse for Back<'_> {
    fn into_response(self) -> Response {
        let text = "The application has not asked in a way that can be answered.";
        page(StatusCode::BAD_REQUEST, &RefusalPage { style: STYLE, text, back: Some(self) })
    }
}

impl<'a> Consent<'a> {
    pub(crate) fn new(
        front: &'a Front,
        client: &'a Client,
        redirect_uri: &'a RedirectUri,
        scopes: &'a Scopes,
        ticket: &'a str,
    ) -> Self {
        Self {
            style: STYLE,
            name: &client.name,
            document_host: client.document_host.as_deref(),
            resource: front.resource.as_str(),
            resource_host: front.resource.host(),
            redirect_uri,
            scopes: scopes.as_slice(),
            ticket,
        }
    }
}

impl IntoResponse for Consent<'_> {
    fn into_response(self) -> Response {
        page(StatusCode::OK, &self)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, outcome, text) = match self {
            Self::Client(text) => (StatusCode::BAD_REQUEST, "invalid_client", text),
            Self::RedirectUri => (
                StatusCode::BAD_REQUEST,
                "invalid_redirect_uri",
                "The application wants the answer sent to an address that is not one of its own.",
            ),
            Self::Expired => (
                StatusCode::BAD_REQUEST,
                "expired",
                "This sign-in has taken too long, or did not begin here. Begin again in the application.",
            ),
            Self::Browser => (
                StatusCode::FORBIDDEN,
                "other_browser",
                "This sign-in began in another browser, or this one keeps no cookies. Begin again in the application.",
            ),
            Self::TooMany => {
                (StatusCode::TOO_MANY_REQUESTS, "throttled", "Too many sign-ins are going on. Try again in a minute.")
            }
        };
        let mut response = page(status, &RefusalPage { style: STYLE, text, back: None });
        response.extensions_mut().insert(Outcome(outcome));
        response
    }
}

fn page(status: StatusCode, template: &impl Template) -> Response {
    let Ok(text) = template.render() else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let headers: [(HeaderName, HeaderValue); 5] = [
        (header::CONTENT_SECURITY_POLICY, POLICY.clone()),
        (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (status, headers, Html(text)).into_response()
}

//! What users see. No page has a script, and none can be framed.

use askama::Template;
use axum::response::{Html, IntoResponse as _, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};

use super::refusal::Refusal;
use super::users::User;

pub(super) const STYLE: &str = "/style.css";

/// `form-action` is left out: browsers hold the redirects that follow a form to it as well, and those end at whatever
/// client the user signs in for.
const POLICY: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/// `same-origin`, for without any referrer browsers would say that the form's own origin is `null`.
const HEADERS: [(HeaderName, HeaderValue); 4] = [
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
];

/// Where a user says who they are and what they grant.
#[derive(Template)]
#[template(path = "identity_provider/sign_in.html")]
pub(super) struct SignIn<'a> {
    pub(super) issuer: &'a str,
    pub(super) resource: Option<&'a str>,
    /// Hidden fields.
    pub(super) sent_again: Vec<(&'static str, &'a str)>,
    pub(super) users: &'static [User],
    pub(super) chosen: &'static User,
    /// Begins the names of the boxes.
    pub(super) grant: &'static str,
    pub(super) scopes: &'a [String],
}

#[derive(Template)]
#[template(path = "identity_provider/refused.html")]
struct Refused<'a> {
    refusal: &'a Refusal,
}

impl SignIn<'_> {
    pub(super) fn response(&self) -> Response {
        page(StatusCode::OK, self)
    }
}

/// Tells the user what the client cannot be trusted to.
pub(super) fn refused(refusal: &Refusal) -> Response {
    page(StatusCode::BAD_REQUEST, &Refused { refusal })
}

fn page(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => (status, HEADERS, Html(html)).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

pub(super) async fn style() -> Response {
    let kind = (header::CONTENT_TYPE, HeaderValue::from_static("text/css"));
    ([kind], include_str!("../../templates/identity_provider/style.css")).into_response()
}

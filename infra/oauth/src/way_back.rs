//! The way back to a client, once it is known that the client and its redirect URI belong together.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use crate::access::Outcome;
use crate::error::AuthorizationError;
use crate::identity::Issuer;
use crate::page::Back;
use crate::redirect_uri::RedirectUri;

/// Where answers go and what has to come along.
#[derive(Debug)]
pub(crate) struct WayBack<'a> {
    pub(crate) issuer: &'a Issuer,
    pub(crate) redirect_uri: RedirectUri,
    pub(crate) state: Option<String>,
}

impl WayBack<'_> {
    /// Gives the client its code.
    pub(crate) fn code(&self, code: &str) -> Response {
        self.answer(&[("code", code)], "code")
    }

    /// Tells the client that there is none.
    pub(crate) fn error(&self, error: AuthorizationError) -> Response {
        self.answer(&telling(error), error.code())
    }

    /// Tells the person that there is none, and lets them decide whether to go back to a client nobody vouches for.
    pub(crate) fn offer(&self, error: AuthorizationError) -> Response {
        let location = self.location(&telling(error));
        let back = Back { reason: error.description(), location, redirect_uri: &self.redirect_uri };
        let mut response = back.into_response();
        response.extensions_mut().insert(Outcome(error.code()));
        response
    }

    fn answer(&self, answer: &[(&str, &str)], outcome: &'static str) -> Response {
        let mut response = see_other(&self.location(answer));
        response.extensions_mut().insert(Outcome(outcome));
        response
    }

    /// Every answer names the front, so that a client of several servers knows whose it is (RFC 9207).
    fn location(&self, answer: &[(&str, &str)]) -> String {
        let state = self.state.as_deref().map(|state| ("state", state));
        let parameters: Vec<_> = answer.iter().copied().chain(state).chain([("iss", self.issuer.as_str())]).collect();
        self.redirect_uri.with(&parameters)
    }
}

fn telling(error: AuthorizationError) -> [(&'static str, &'static str); 2] {
    [("error", error.code()), ("error_description", error.description())]
}

/// Sends a browser on by GET, whatever brought it here (RFC 9700, section 4.12).
pub(crate) fn see_other(location: &str) -> Response {
    let headers =
        [(header::LOCATION, location), (header::CACHE_CONTROL, "no-store"), (header::REFERRER_POLICY, "no-referrer")];
    (StatusCode::SEE_OTHER, headers).into_response()
}

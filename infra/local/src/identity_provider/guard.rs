//! Who may ask at all: programs on this machine, and this provider's own pages.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, StatusCode, header};

use super::Provider;

const OTHER_HOST: (StatusCode, &str) =
    (StatusCode::MISDIRECTED_REQUEST, "This is the development identity provider of another host.\n");

const OTHER_ORIGIN: (StatusCode, &str) = (StatusCode::FORBIDDEN, "Pages of other origins are not served.\n");

/// Refuses what a page of another site may have sent. Signing in takes no password, so a name that such a site makes
/// lead to this machine (DNS rebinding), or a form it submits by script, must not get through.
pub(super) async fn check(State(provider): State<Arc<Provider>>, request: Request, next: Next) -> Response {
    match refusal(&provider.authority, request.headers()) {
        Some(refusal) => refusal.into_response(),
        None => next.run(request).await,
    }
}

fn refusal(authority: &str, headers: &HeaderMap) -> Option<(StatusCode, &'static str)> {
    if headers.get(header::HOST).is_none_or(|host| host != authority) {
        return Some(OTHER_HOST);
    }
    let foreign = headers.get(header::ORIGIN).is_some_and(|origin| origin != &format!("http://{authority}"));
    foreign.then_some(OTHER_ORIGIN)
}

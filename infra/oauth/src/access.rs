//! The access log: one structured line a request. No codes, tokens, states or people.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::front::Front;

/// How a request ended, in a word: an error's code, or what was given.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Outcome(pub(crate) &'static str);

/// Which client it was about.
#[derive(Debug, Clone)]
pub(crate) struct ClientLabel(pub(crate) String);

/// Refuses what has not come through the front door, and writes down how the rest ended.
pub(crate) async fn observe(State(front): State<Arc<Front>>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let path = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let response = if front.admits(request.headers()) {
        next.run(request).await
    } else {
        (StatusCode::FORBIDDEN, "Forbidden\n").into_response()
    };
    tracing::info!(
        method = method.as_str(),
        path,
        status = response.status().as_u16(),
        outcome = response.extensions().get::<Outcome>().map(|outcome| outcome.0),
        client = response.extensions().get::<ClientLabel>().map(|label| label.0.as_str()),
        elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        "request"
    );
    response
}

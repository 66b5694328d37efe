//! A function URL: plain HTTP in front of one function, its answer streamed on while it is written.
//!
//! One difference from Lambda is deliberate. There a function never learns that its client left;
//! here its response upload is ended, as a local process would want, so that a gateway can drop what
//! it relays. The function itself goes on until it next writes, and its environment stays usable.

mod event;
mod prelude;

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, Request, Response, StatusCode, header};
use http_body_util::{Either, Full};
use hyper::body::{Body, Frame, Incoming};

use self::event::write_event;
use self::prelude::{Head, Prelude};
use super::body::{self, Unread};
use super::call::{Event, Part, ReaderGone, Reply};
use super::pool::{Pool, Throttled};
use super::reply::json;
use super::trace_id;

/// What a function URL calls the `WWW-Authenticate` of its function: that name is the platform's own.
pub(super) const REMAPPED_CHALLENGE: HeaderName = HeaderName::from_static("x-amzn-remapped-www-authenticate");

pub(crate) type Answer = Response<Either<Full<Bytes>, Relay>>;

/// Answers one request by the function.
pub(crate) async fn handle(pool: Arc<Pool>, address: SocketAddr, request: Request<Incoming>) -> Answer {
    match answer(&pool, address, request).await {
        Ok(answer) => answer,
        Err(refusal) => {
            let message = serde_json::json!({ "Message": refusal.text() });
            json(refusal.status(), message.to_string()).map(Either::Left)
        }
    }
}

/// Why there is no answer of the function's own.
#[derive(Clone, Copy)]
enum Refusal {
    BadRequest,
    TooLarge,
    Throttled,
    Failed,
}

impl Refusal {
    fn status(self) -> StatusCode {
        match self {
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Throttled => StatusCode::TOO_MANY_REQUESTS,
            Self::Failed => StatusCode::BAD_GATEWAY,
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::BadRequest => "The request body could not be read",
            Self::TooLarge => "Request Entity Too Large",
            Self::Throttled => "Rate Exceeded.",
            Self::Failed => "Internal Server Error",
        }
    }
}

async fn answer(pool: &Arc<Pool>, address: SocketAddr, request: Request<Incoming>) -> Result<Answer, Refusal> {
    let limit = pool.settings().options.max_request;
    let (parts, body) = request.into_parts();
    let body = body::read(body, limit).await.map_err(|unread| match unread {
        Unread::TooLarge => Refusal::TooLarge,
        Unread::BrokeOff => Refusal::BadRequest,
    })?;
    let trace_id = trace_id(&parts.headers);
    let payload = write_event(&parts, address, &body);
    // The limit is on the event, in which a binary body takes a third more room.
    if payload.len() > limit {
        return Err(Refusal::TooLarge);
    }
    let event = Event { payload, client_context: None, tenant: None, trace_id, reader_gone: ReaderGone::Close };
    let mut reply = pool.invoke(event).map_err(|Throttled| Refusal::Throttled)?;
    let mut prelude = Prelude::default();
    loop {
        match reply.next().await {
            Part::Chunk(chunk) => match prelude.feed(&chunk) {
                Ok(None) => {}
                Ok(Some((head, body))) => return Ok(respond(head, body, reply)),
                Err(error) => {
                    tracing::error!(function = pool.settings().function.name, "not an HTTP response: {error}");
                    return Err(Refusal::Failed);
                }
            },
            Part::End(outcome) => {
                let reason =
                    outcome.err().map_or_else(|| "it ended before its head did".to_owned(), |error| error.kind);
                tracing::error!(function = pool.settings().function.name, "no HTTP response: {reason}");
                return Err(Refusal::Failed);
            }
        }
    }
}

fn respond(head: Head, body: Bytes, reply: Reply) -> Answer {
    let mut response = Response::new(Either::Right(Relay { first: body, reply: Some(reply) }));
    *response.status_mut() = head.status;
    let mut headers = without_hop_headers(head.headers);
    rename(&mut headers, &header::WWW_AUTHENTICATE, &REMAPPED_CHALLENGE);
    *response.headers_mut() = headers;
    response
}

/// Gives every header called `from` the name `to`. A function's own `to` gives way.
pub(super) fn rename(headers: &mut HeaderMap, from: &HeaderName, to: &HeaderName) {
    let values: Vec<_> = headers.get_all(from).iter().cloned().collect();
    if values.is_empty() {
        return;
    }
    headers.remove(from);
    headers.remove(to);
    for value in values {
        headers.append(to, value);
    }
}

/// Framing is this server's business, not the function's: a streamed answer has no length before its end.
fn without_hop_headers(mut headers: HeaderMap) -> HeaderMap {
    for name in [header::CONNECTION, header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::UPGRADE] {
        headers.remove(name);
    }
    headers
}

/// The function's body, as it comes.
#[derive(Debug)]
pub(crate) struct Relay {
    /// What came together with the head.
    first: Bytes,
    /// `None` after the end.
    reply: Option<Reply>,
}

/// The function failed after its head was sent; all that is left is to cut the connection.
#[derive(Debug, thiserror::Error)]
#[error("the function failed in the middle of its answer: {0}")]
pub(crate) struct CutShort(String);

impl Body for Relay {
    type Data = Bytes;
    type Error = CutShort;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, CutShort>>> {
        let relay = self.get_mut();
        if !relay.first.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(std::mem::take(&mut relay.first)))));
        }
        let Some(reply) = &mut relay.reply else { return Poll::Ready(None) };
        let outcome = match ready!(reply.poll_next(context)) {
            Part::Chunk(chunk) => return Poll::Ready(Some(Ok(Frame::data(chunk)))),
            Part::End(outcome) => outcome,
        };
        relay.reply = None;
        Poll::Ready(outcome.err().map(|error| Err(CutShort(error.kind))))
    }
}

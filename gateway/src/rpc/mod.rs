//! Hop 4: one JSON-RPC message — its era, its validation in a fixed order, its method.

mod call;
mod capabilities;
pub(crate) mod discover;
mod exchange;
pub(crate) mod failure;
pub(crate) mod header;
mod initialize;
pub(crate) mod input;
mod list;
pub(crate) mod tasks;

use bytes::Bytes;
use http::request::Parts;
use http::{Response, StatusCode};
use penstock_protocol::call::Caller;
use penstock_protocol::jsonrpc::{self, Id, Message, ParseError, Request};

use crate::access::{Access, Outcome};
use crate::catalog::ListKind;
use crate::gateway::Gateway;
use crate::http::{Accepts, Body, response};
use capabilities::Capabilities;
use exchange::{Era, Exchange};
use failure::Failure;

/// A POST to the MCP endpoint, past HTTP and authentication.
pub(crate) struct Incoming<'a> {
    pub(crate) parts: &'a Parts,
    pub(crate) body: &'a [u8],
    pub(crate) caller: Option<Caller>,
    pub(crate) accepts: Accepts,
}

/// Answers one message.
pub(crate) async fn answer(gateway: &Gateway, incoming: Incoming<'_>) -> Response<Body> {
    match jsonrpc::parse(incoming.body) {
        Ok(Message::Request(request)) => self::request(gateway, &incoming, &request).await,
        Ok(Message::Notification(_)) => one_way(&incoming, false),
        Ok(Message::Response(_)) => one_way(&incoming, true),
        Err(error) => {
            let id = match &error {
                ParseError::Invalid { id, .. } => id.clone(),
                _ => None,
            };
            refuse(Access::new("unreadable"), id.as_ref(), &error.into(), false)
        }
    }
}

/// A notification, or an answer to a request this server never makes: taken, never acted on.
fn one_way(incoming: &Incoming<'_>, is_response: bool) -> Response<Body> {
    let mut access = Access::new(if is_response { "response" } else { "notification" });
    match exchange::revision_header(&incoming.parts.headers) {
        Ok(Some(revision)) if revision.is_stateless() && is_response => {
            let reason = "a client sends no responses in this revision".to_owned();
            refuse(access, None, &ParseError::Invalid { reason, id: None }.into(), true)
        }
        Ok(_) => {
            access.status(StatusCode::ACCEPTED);
            access.outcome(Outcome::Completed);
            response::accepted()
        }
        Err(failure) => refuse(access, None, &failure, true),
    }
}

async fn request(gateway: &Gateway, incoming: &Incoming<'_>, request: &Request<'_>) -> Response<Body> {
    let mut access = Access::new(known_method(&request.method));
    let exchange = match Exchange::open(&incoming.parts.headers, request) {
        Ok(exchange) => exchange,
        Err(failure) => return refuse(access, Some(&request.id), &failure, true),
    };
    access.revision(exchange.revision);
    let stateless = exchange.era == Era::Stateless;
    let result = match (exchange.era, &*request.method) {
        (Era::Stateless, "server/discover") => Ok(gateway.discovery()),
        (Era::Handshake, "initialize") => initialize::result(gateway.catalog(), request),
        (Era::Handshake, "ping") => Ok(Bytes::from_static(b"{}")),
        (_, method) if Capabilities::lack(gateway.catalog(), method) => Err(Failure::MethodNotFound(method.to_owned())),
        (_, "tools/call" | "prompts/get" | "resources/read" | "completion/complete") => {
            match call::prepare(gateway, incoming, &exchange, request) {
                Ok(prepared) => return prepared.run(gateway, access).await,
                Err(failure) => Err(failure),
            }
        }
        (Era::Stateless, "tasks/get" | "tasks/update" | "tasks/cancel") => {
            tasks::answer(gateway, incoming, &exchange, request).await
        }
        (_, method) => match ListKind::of_method(method) {
            Some(kind) => list::result(gateway.catalog(), kind, &exchange, request),
            None => Err(Failure::MethodNotFound(method.to_owned())),
        },
    };
    match result {
        Ok(result) => complete(access, &request.id, result),
        Err(failure) => refuse(access, Some(&request.id), &failure, stateless),
    }
}

/// The method's name for the log, where only names of ours may appear.
fn known_method(method: &str) -> &str {
    match method {
        "server/discover"
        | "initialize"
        | "ping"
        | "tools/call"
        | "prompts/get"
        | "resources/read"
        | "completion/complete"
        | "tasks/get"
        | "tasks/update"
        | "tasks/cancel" => method,
        method if ListKind::of_method(method).is_some() => method,
        _ => "unknown",
    }
}

/// Puts the envelope around a result without copying it.
fn complete(mut access: Access, id: &Id, result: Bytes) -> Response<Body> {
    let head = format!(r#"{{"jsonrpc":"2.0","id":{id},"result":"#);
    let body = Body::parts([head.into(), result, Bytes::from_static(b"}")]);
    access.status(StatusCode::OK);
    access.outcome(Outcome::Completed);
    access.sent(body.length().unwrap_or_default());
    response::json(StatusCode::OK, body)
}

fn refuse(mut access: Access, id: Option<&Id>, failure: &Failure, stateless: bool) -> Response<Body> {
    let status = failure.status(stateless);
    let body = jsonrpc::error_response(id, &failure.to_error());
    access.failure(failure);
    access.status(status);
    access.sent(body.len());
    response::json(status, body.into())
}

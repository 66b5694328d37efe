//! Hop 4: one JSON-RPC message — its era, its validation in a fixed order, its method.

mod batch;
mod call;
mod capabilities;
pub(crate) mod challenge;
mod discover;
mod exchange;
pub(crate) mod failure;
pub(crate) mod header;
mod initialize;
pub(crate) mod input;
mod libraries;
mod list;
mod listen;
mod one_way;
mod own_result;
pub(crate) mod session;
pub(crate) mod tasks;

use bytes::Bytes;
use http::header::WWW_AUTHENTICATE;
use http::request::Parts;
use http::{Response, StatusCode};
use penstock_protocol::call::Caller;
use penstock_protocol::jsonrpc::{self, Id, Message, ParseError, Request};

use crate::access::{Access, Outcome};
use crate::catalog::ListKind;
use crate::gateway::Gateway;
use crate::http::{Accepts, Body, response};
use crate::permission::Permission;
use exchange::{Era, Exchange};
use failure::Failure;
use listen::Subscription;
use session::Session;

/// A POST to the MCP endpoint, past HTTP and authentication.
pub(crate) struct Incoming<'a> {
    pub(crate) parts: &'a Parts,
    pub(crate) body: &'a [u8],
    pub(crate) caller: Option<Caller>,
    pub(crate) accepts: Accepts,
    /// The session, where it has been looked up already.
    pub(crate) session: Option<Session>,
}

/// Answers one message, or a batch of them where the revision has such.
pub(crate) async fn answer(gateway: &Gateway, incoming: Incoming<'_>) -> Response<Body> {
    match jsonrpc::parse(incoming.body) {
        Ok(message) => answer_one(gateway, &incoming, message).await,
        Err(ParseError::Batch) => batch::answer(gateway, &incoming).await,
        Err(error) => unreadable(error),
    }
}

async fn answer_one(gateway: &Gateway, incoming: &Incoming<'_>, message: Message<'_>) -> Response<Body> {
    match message {
        Message::Request(request) => self::request(gateway, incoming, &request).await,
        Message::Notification(notification) => one_way::notification(gateway, incoming, &notification).await,
        Message::Response(response) => one_way::response(gateway, incoming, &response).await,
    }
}

fn unreadable(error: ParseError) -> Response<Body> {
    let id = match &error {
        ParseError::Invalid { id, .. } => id.clone(),
        _ => None,
    };
    refuse(Access::new("unreadable"), id.as_ref(), &error.into(), false)
}

async fn request(gateway: &Gateway, incoming: &Incoming<'_>, request: &Request<'_>) -> Response<Body> {
    let mut access = Access::new(known_method(&request.method));
    access.caller(incoming.caller.as_ref());
    let exchange = match Exchange::open(gateway, incoming, request).await {
        Ok(exchange) => exchange,
        Err(failure) => return refuse(access, Some(&request.id), &failure, true),
    };
    access.revision(exchange.revision);
    let served = libraries::catalog(gateway, incoming.caller.as_ref(), request).await;
    let permission = Permission::of(gateway, &served, incoming.caller.as_ref()).await;
    let catalog = permission.catalog();
    let stateless = exchange.era == Era::Stateless;
    let result = match (exchange.era, &*request.method) {
        (Era::Stateless, "server/discover") => Ok(discover::result(catalog, gateway.subscriptions())),
        (Era::Handshake, "initialize") => match initialize::result(gateway, catalog, incoming, request) {
            Ok((result, session)) => return session::opened(complete(access, &request.id, result), &session),
            Err(failure) => Err(failure),
        },
        (Era::Handshake, "ping") => Ok(Bytes::from_static(b"{}")),
        (_, method) if capabilities::lack(catalog, gateway.subscriptions(), method) => {
            Err(Failure::MethodNotFound(method.to_owned()))
        }
        (Era::Handshake, "logging/setLevel" | "resources/subscribe" | "resources/unsubscribe") => {
            session::change(gateway, &permission, exchange.session.as_ref(), request).await
        }
        (Era::Stateless, "subscriptions/listen") if gateway.subscriptions() && exchange.revision.is_stateless() => {
            match Subscription::begin(gateway, incoming, &permission, &exchange, request).await {
                Ok(subscription) => return subscription.answer(access),
                Err(failure) => Err(failure),
            }
        }
        (_, "tools/call" | "prompts/get" | "resources/read" | "completion/complete") => {
            match call::prepare(gateway, incoming, &permission, &exchange, request) {
                Ok(prepared) => return prepared.run(gateway, access).await,
                Err(failure) => Err(failure),
            }
        }
        (Era::Stateless, "tasks/get" | "tasks/update" | "tasks/cancel") => {
            tasks::answer(gateway, incoming, &exchange, request).await
        }
        (_, method) => match ListKind::of_method(method) {
            Some(kind) => list::result(&permission, kind, &exchange, request),
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
        | "logging/setLevel"
        | "resources/subscribe"
        | "resources/unsubscribe"
        | "subscriptions/listen"
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

fn refuse(access: Access, id: Option<&Id>, failure: &Failure, stateless: bool) -> Response<Body> {
    refuse_with(access, id, failure, failure.status(stateless))
}

fn refuse_with(mut access: Access, id: Option<&Id>, failure: &Failure, status: StatusCode) -> Response<Body> {
    let body = jsonrpc::error_response(id, &failure.to_error());
    access.failure(failure);
    access.status(status);
    access.sent(body.len());
    let mut response = response::json(status, body.into());
    if let Some(challenge) = challenge::challenge_header(failure) {
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
    response
}

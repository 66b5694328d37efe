//! The Invoke API: the two operations of Lambda's control plane that callers of functions use.
//! Signatures are not checked.

use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::{Either, Full};
use hyper::body::Incoming;

use super::body::{self, Unread};
use super::call::{Event, Part, ReaderGone, Reply};
use super::error::FunctionError;
use super::event_stream::{self, EventStream};
use super::function::{VERSION, arn};
use super::functions::Functions;
use super::name::function_name;
use super::pool::Throttled;
use super::reply::{ApiError, json};
use super::tenant::Tenant;
use super::trace_id;

/// Largest client context, in bytes of Base64.
const MAX_CLIENT_CONTEXT: usize = 3583;

pub(crate) type Answer = Response<Either<Full<Bytes>, EventStream>>;

/// Answers one request.
pub(crate) async fn handle(functions: Arc<Functions>, request: Request<Incoming>) -> Answer {
    match answer(&functions, request).await {
        Ok(answer) => answer,
        Err(error) => error.response().map(Either::Left),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Operation {
    Invoke,
    InvokeWithResponseStream,
}

fn operation(request: &Request<Incoming>) -> Option<(Operation, &str)> {
    let path = request.uri().path();
    if request.method() != Method::POST {
        return None;
    }
    let buffered = path.strip_prefix("/2015-03-31/functions/").and_then(|path| path.strip_suffix("/invocations"));
    let streamed = path.strip_prefix("/2021-11-15/functions/");
    let streamed = streamed.and_then(|path| path.strip_suffix("/response-streaming-invocations"));
    let buffered = buffered.map(|name| (Operation::Invoke, name));
    buffered.or(streamed.map(|name| (Operation::InvokeWithResponseStream, name)))
}

async fn answer(functions: &Functions, request: Request<Incoming>) -> Result<Answer, ApiError> {
    let unknown = || ApiError::Operation(format!("{} {}", request.method(), request.uri().path()));
    let (operation, name) = operation(&request).ok_or_else(unknown)?;
    let name = function_name(name).ok_or_else(|| ApiError::Parameter(format!("{name:?} is no function name")))?;
    let pool = functions.get(&name).ok_or_else(|| ApiError::NotFound(arn(functions.region(), &name)))?;
    let (parts, body) = request.into_parts();
    let tenant = Tenant::of(&pool.settings().function, &parts.headers)?;
    match invocation_type(&parts.headers)? {
        "DryRun" => Ok(empty(StatusCode::NO_CONTENT)),
        "Event" if operation == Operation::Invoke => {
            let payload = payload(body, pool.settings().options.max_event).await?;
            // Lambda passes no client context on here.
            let event = Event { tenant, ..event(&parts.headers, payload) };
            pool.accept(event).map_err(|Throttled| ApiError::Throttled)?;
            Ok(empty(StatusCode::ACCEPTED))
        }
        "RequestResponse" => {
            let client_context = client_context(&parts.headers)?;
            let payload = payload(body, pool.settings().options.max_request).await?;
            let event = Event { client_context, tenant, ..event(&parts.headers, payload) };
            let reply = pool.invoke(event).map_err(|Throttled| ApiError::Throttled)?;
            match operation {
                Operation::Invoke => Ok(buffered(reply, pool.settings().options.max_response).await.map(Either::Left)),
                Operation::InvokeWithResponseStream => Ok(streamed(reply)),
            }
        }
        other => Err(ApiError::Parameter(format!("invocation type {other:?} is not supported here"))),
    }
}

fn invocation_type(headers: &HeaderMap) -> Result<&str, ApiError> {
    let Some(value) = headers.get("x-amz-invocation-type") else { return Ok("RequestResponse") };
    value.to_str().map_err(|_| ApiError::Parameter("X-Amz-Invocation-Type is not ASCII".to_owned()))
}

async fn payload(body: Incoming, limit: usize) -> Result<Bytes, ApiError> {
    let payload = body::read(body, limit).await.map_err(|unread| match unread {
        Unread::TooLarge => ApiError::TooLarge(limit),
        Unread::BrokeOff => ApiError::Body,
    })?;
    if payload.is_empty() {
        return Ok(Bytes::from_static(b"{}"));
    }
    serde_json::from_slice::<serde::de::IgnoredAny>(&payload).map_err(ApiError::NotJson)?;
    Ok(payload)
}

fn event(headers: &HeaderMap, payload: Bytes) -> Event {
    let trace_id = trace_id(headers);
    Event { payload, client_context: None, tenant: None, trace_id, reader_gone: ReaderGone::Drain }
}

fn client_context(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let Some(value) = headers.get("x-amz-client-context") else { return Ok(None) };
    let invalid = || ApiError::Parameter("X-Amz-Client-Context is not JSON in at most 3583 bytes of Base64".to_owned());
    if value.len() > MAX_CLIENT_CONTEXT {
        return Err(invalid());
    }
    let decoded = BASE64_STANDARD.decode(value.as_bytes()).map_err(|_| invalid())?;
    // Written anew, since pretty-printed JSON has line feeds, which no header can carry.
    let decoded: serde_json::Value = serde_json::from_slice(&decoded).map_err(|_| invalid())?;
    Ok(Some(decoded.to_string()))
}

async fn buffered(mut reply: Reply, limit: usize) -> Response<Full<Bytes>> {
    let mut first = Bytes::new();
    let mut joined = BytesMut::new();
    let outcome = loop {
        match reply.next().await {
            Part::End(outcome) => break outcome,
            Part::Chunk(chunk) if first.len() + joined.len() + chunk.len() > limit => {
                break Err(FunctionError::response_too_large(limit as u64));
            }
            // A buffered response is one chunk, which needs no copy.
            Part::Chunk(chunk) if first.is_empty() && joined.is_empty() => first = chunk,
            Part::Chunk(chunk) => {
                joined.extend_from_slice(&std::mem::take(&mut first));
                joined.extend_from_slice(&chunk);
            }
        }
    };
    let mut response = match outcome {
        Ok(()) => json(StatusCode::OK, if joined.is_empty() { first } else { joined.freeze() }),
        Err(error) => {
            let mut response = json(StatusCode::OK, error.body);
            response.headers_mut().insert("x-amz-function-error", HeaderValue::from_static("Unhandled"));
            response
        }
    };
    response.headers_mut().insert("x-amz-executed-version", HeaderValue::from_static(VERSION));
    response
}

fn streamed(reply: Reply) -> Answer {
    let mut response = Response::new(Either::Right(EventStream::new(reply)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(event_stream::CONTENT_TYPE));
    headers.insert("x-amz-executed-version", HeaderValue::from_static(VERSION));
    response
}

fn empty(status: StatusCode) -> Answer {
    let mut response = Response::new(Either::Left(Full::default()));
    *response.status_mut() = status;
    response
}

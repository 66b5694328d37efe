//! The Runtime API (version 2018-06-01), as one execution environment sees it.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;

use super::ending::Ending;
use super::environment::{Delivery, Environment, Refusal, Upload};
use super::error::FunctionError;
use super::function::arn;
use super::reply::json;
use super::upload;

/// Largest error document a function may post, in bytes.
const MAX_ERROR: usize = 256 * 1024;

/// Header a function says its error's type in.
pub(crate) const ERROR_TYPE: &str = "lambda-runtime-function-error-type";

/// Header that names one delivery of a call; a runtime that knows it sends it back.
const INVOCATION_ID: &str = "lambda-runtime-invocation-id";

/// Answers one request of the process.
pub(crate) async fn handle(environment: Arc<Environment>, request: Request<Incoming>) -> Response<Full<Bytes>> {
    let Some(path) = request.uri().path().strip_prefix("/2018-06-01/runtime/") else {
        return refuse(StatusCode::NOT_FOUND, "InvalidPath", "only /2018-06-01/runtime/ is served");
    };
    let path = path.to_owned();
    let steps: Vec<&str> = path.split('/').collect();
    match (request.method(), steps.as_slice()) {
        (&Method::GET, ["invocation", "next"]) => deliver(&environment, environment.next().await),
        (&Method::POST, ["invocation", id, "response"]) => match admit(&environment, id, request.headers()) {
            Ok(upload) => upload::receive(&environment, id, upload, request).await,
            Err(refused) => refusal(refused),
        },
        (&Method::POST, ["invocation", id, "error"]) => match admit(&environment, id, request.headers()) {
            Ok(_) => {
                let error = posted_error(request).await;
                environment.finish(id, Err(error));
                accepted()
            }
            Err(refused) => refusal(refused),
        },
        (&Method::POST, ["init", "error"]) => {
            environment.doom(Ending::Init(posted_error(request).await));
            accepted()
        }
        _ => refuse(StatusCode::NOT_FOUND, "InvalidPath", "no such operation of the Runtime API"),
    }
}

/// Lets a response begin, if it is one that is waited for.
fn admit(environment: &Environment, id: &str, headers: &HeaderMap) -> Result<Upload, Refusal> {
    let echoed = headers.get(INVOCATION_ID);
    if echoed.is_some_and(|echoed| echoed.as_bytes() != id.as_bytes()) {
        return Err(Refusal::Misdirected);
    }
    environment.begin(id)
}

fn refusal(refusal: Refusal) -> Response<Full<Bytes>> {
    let (kind, message) = match refusal {
        Refusal::Unknown => ("InvalidRequestID", "no call of this id waits for an answer"),
        Refusal::Misdirected => ("InvalidInvocationID", "the invocation id is of another call"),
        Refusal::Over => return gone(),
    };
    refuse(StatusCode::BAD_REQUEST, kind, message)
}

fn deliver(environment: &Environment, delivery: Delivery) -> Response<Full<Bytes>> {
    let Delivery { request_id, event } = delivery;
    let function = &environment.settings.function;
    let arn = arn(&environment.settings.options.region, &function.name);
    let mut response = json(StatusCode::OK, event.payload);
    let mut set = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
            response.headers_mut().insert(name, value);
        }
    };
    set("lambda-runtime-aws-request-id", &request_id);
    set(INVOCATION_ID, &request_id);
    set("lambda-runtime-deadline-ms", &deadline_ms(function.timeout).to_string());
    set("lambda-runtime-invoked-function-arn", &arn);
    set("lambda-runtime-trace-id", &event.trace_id);
    if let Some(tenant) = &event.tenant {
        set("lambda-runtime-aws-tenant-id", tenant.as_str());
    }
    if let Some(client_context) = &event.client_context {
        set("lambda-runtime-client-context", client_context);
    }
    response
}

/// When a call that is handed out now must be over, in milliseconds since the Unix epoch.
fn deadline_ms(timeout: Duration) -> u128 {
    let deadline = SystemTime::now() + timeout;
    deadline.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis()
}

async fn posted_error(request: Request<Incoming>) -> FunctionError {
    let (parts, body) = request.into_parts();
    let kind = parts.headers.get(ERROR_TYPE).and_then(|kind| kind.to_str().ok());
    match Limited::new(body, MAX_ERROR).collect().await {
        Ok(body) => FunctionError::posted(kind, body.to_bytes()),
        Err(_) => FunctionError::new(kind.unwrap_or("Unhandled"), "the error document is too large or broke off"),
    }
}

/// The process's answer was taken.
pub(crate) fn accepted() -> Response<Full<Bytes>> {
    json(StatusCode::ACCEPTED, r#"{"status":"OK"}"#)
}

/// The call an answer is for is over; the connection ends so that the rest of it is not sent.
pub(crate) fn gone() -> Response<Full<Bytes>> {
    let mut response = refuse(StatusCode::GONE, "InvocationOver", "nobody waits for this answer any more");
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// The process did something the Runtime API does not allow.
pub(crate) fn refuse(status: StatusCode, kind: &str, message: &str) -> Response<Full<Bytes>> {
    json(status, serde_json::json!({ "errorType": kind, "errorMessage": message }).to_string())
}

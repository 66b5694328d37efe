//! A stand-in for an AWS account: the Cost Explorer API and the log events of one log group on a loopback port,
//! all invented and consistent. It lets tools run where no AWS credentials are given.
//!
//! Whatever else is asked, of whichever service, is denied, so that no request of a tool without a sample reaches
//! AWS with made-up credentials. Signatures are not checked: there is nothing to protect.

mod cost_explorer;
mod error;
mod logs;

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};

use error::ApiError;

/// Cost Explorer's name in `X-Amz-Target`.
const COST_EXPLORER: &str = "AWSInsightsIndexService";

/// The name of CloudWatch Logs there.
const LOGS: &str = "Logs_20140328";

/// Longest request body, in bytes: far above any real filter.
const MAX_BODY: usize = 256 * 1024;

/// Connections served at once; more wait in the listener's queue.
const MAX_CONNECTIONS: usize = 256;

/// A running sample account. Dropping it closes its port and its connections.
#[derive(Debug)]
pub struct SampleAccount {
    address: SocketAddr,
    server: JoinHandle<()>,
}

/// Starts the sample account on a free port of 127.0.0.1. Its bill ends yesterday (UTC), its log now.
///
/// # Errors
/// If no port can be bound.
pub async fn start() -> io::Result<SampleAccount> {
    SampleAccount::serve(Timestamp::now).await
}

/// Starts the sample account as it is at noon (UTC) of a given day, for answers that must not depend on the clock.
///
/// # Errors
/// If no port can be bound.
pub async fn start_on(today: Date) -> io::Result<SampleAccount> {
    let noon = TimeZone::UTC.to_timestamp(today.at(12, 0, 0, 0)).map_err(io::Error::other)?;
    SampleAccount::serve(move || noon).await
}

impl SampleAccount {
    /// The endpoint of all its services, for `AWS_ENDPOINT_URL`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    async fn serve(now: impl Fn() -> Timestamp + Clone + Send + 'static) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        Ok(Self { address, server: tokio::spawn(accept(listener, now)) })
    }
}

impl Drop for SampleAccount {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Serves until aborted; the connections go with the set that holds them.
async fn accept(listener: TcpListener, now: impl Fn() -> Timestamp + Clone + Send + 'static) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            Some(_) = connections.join_next() => {}
            accepted = listener.accept(), if connections.len() < MAX_CONNECTIONS => {
                let Ok((stream, _)) = accepted else { continue };
                // Else each answer waits for the client's delayed acknowledgement.
                drop(stream.set_nodelay(true));
                let now = now.clone();
                let service = service_fn(move |request| {
                    let now = now();
                    async move { Ok::<_, Infallible>(respond(request, now).await) }
                });
                let mut server = hyper::server::conn::http1::Builder::new();
                server.timer(TokioTimer::new());
                connections.spawn(async move {
                    // A peer that hangs up mid-request is no concern of the next one.
                    let _ = server.serve_connection(TokioIo::new(stream), service).await;
                });
            }
        }
    }
}

async fn respond(request: Request<Incoming>, now: Timestamp) -> Response<Full<Bytes>> {
    let (head, body) = request.into_parts();
    let answer = match Limited::new(body, MAX_BODY).collect().await {
        Ok(body) => answer(&head.headers, &body.to_bytes(), now),
        Err(_) => Err(ApiError::serialization(format!("the body is longer than {MAX_BODY} bytes or was cut off"))),
    };
    let (status, code, body) = match answer {
        Ok(answer) => (StatusCode::OK, None, answer),
        Err(error) => (StatusCode::BAD_REQUEST, Some(error.code()), error.to_json()),
    };
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-amz-json-1.1"));
    // Where services with paths instead of targets put an error's name.
    headers.extend(code.map(|code| (HeaderName::from_static("x-amzn-errortype"), HeaderValue::from_static(code))));
    response
}

fn answer(headers: &HeaderMap, body: &[u8], now: Timestamp) -> Result<String, ApiError> {
    let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok());
    let (service, operation) = target.and_then(|target| target.split_once('.')).ok_or_else(ApiError::denied)?;
    let body = || serde_json::from_slice::<Value>(body).map_err(|error| ApiError::serialization(error.to_string()));
    match service {
        COST_EXPLORER => {
            let today = now.to_zoned(TimeZone::UTC).date();
            cost_explorer::answer(operation, &body()?, today).map(|answer| answer.to_string())
        }
        LOGS => logs::answer(operation, &body()?, now),
        _ => Err(ApiError::denied()),
    }
}

//! A stand-in for an AWS account: the Cost Explorer API on a loopback port, with thirteen months of
//! invented, consistent data. It lets cost tools run where no AWS credentials are given.
//!
//! `price_list` says what the organisation runs, `model` turns a date into the rows of its bill, and
//! each operation has a module of its own that filters, groups and sums those rows. Signatures are not
//! checked: there is nothing to protect.

mod amount;
mod cost_and_usage;
mod error;
mod filter;
mod model;
mod page;
mod period;
mod price_list;

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};

use error::ApiError;

/// Prefix of `X-Amz-Target`: the service's name on the wire.
const TARGET: &str = "AWSInsightsIndexService.";

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

/// Starts the sample account on a free port of 127.0.0.1. Its bill ends yesterday (UTC).
///
/// # Errors
/// If no port can be bound.
pub async fn start() -> io::Result<SampleAccount> {
    SampleAccount::serve(|| Timestamp::now().to_zoned(TimeZone::UTC).date()).await
}

/// Starts the sample account as it is on a given day, for answers that must not depend on the clock.
///
/// # Errors
/// If no port can be bound.
pub async fn start_on(today: Date) -> io::Result<SampleAccount> {
    SampleAccount::serve(move || today).await
}

impl SampleAccount {
    /// The endpoint, for `AWS_ENDPOINT_URL_COST_EXPLORER`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    async fn serve(today: impl Fn() -> Date + Clone + Send + 'static) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        Ok(Self { address, server: tokio::spawn(accept(listener, today)) })
    }
}

impl Drop for SampleAccount {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Serves until aborted; the connections go with the set that holds them.
async fn accept(listener: TcpListener, today: impl Fn() -> Date + Clone + Send + 'static) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            Some(_) = connections.join_next() => {}
            accepted = listener.accept(), if connections.len() < MAX_CONNECTIONS => {
                let Ok((stream, _)) = accepted else { continue };
                // Else each answer waits for the client's delayed acknowledgement.
                drop(stream.set_nodelay(true));
                let today = today.clone();
                let service = service_fn(move |request| {
                    let today = today();
                    async move { Ok::<_, Infallible>(respond(request, today).await) }
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

async fn respond(request: Request<Incoming>, today: Date) -> Response<Full<Bytes>> {
    if request.method() != Method::POST {
        return response(StatusCode::METHOD_NOT_ALLOWED, ApiError::unknown_operation().to_json());
    }
    let (head, body) = request.into_parts();
    let answer = match Limited::new(body, MAX_BODY).collect().await {
        Ok(body) => answer(&head.headers, &body.to_bytes(), today),
        Err(_) => Err(ApiError::serialization(format!("the body is longer than {MAX_BODY} bytes or was cut off"))),
    };
    match answer {
        Ok(answer) => response(StatusCode::OK, answer.to_string()),
        Err(error) => response(StatusCode::BAD_REQUEST, error.to_json()),
    }
}

fn answer(headers: &HeaderMap, body: &[u8], today: Date) -> Result<serde_json::Value, ApiError> {
    let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok()).unwrap_or_default();
    let body = serde_json::from_slice(body).map_err(|error| ApiError::serialization(error.to_string()))?;
    match target.strip_prefix(TARGET) {
        Some("GetCostAndUsage") => cost_and_usage::answer(&body, today),
        _ => Err(ApiError::unknown_operation()),
    }
}

fn response(status: StatusCode, body: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static("application/x-amz-json-1.1"));
    response
}

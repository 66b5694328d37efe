//! A stand-in for Lambda and the worker behind it, inside this process: what a function writes is
//! free, and when it writes is for the measurement to say.

mod event_stream;
mod script;
mod tls;

pub(crate) use script::{EVENTS, Pace};
pub(crate) use tls::Authority;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Empty};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use script::Script;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::task::{AbortHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

type Answer = Response<BoxBody<Bytes, Infallible>>;

/// Behind `InvokeWithResponseStream` it runs the script a function is named after; behind
/// `/sse/SCRIPT` it serves recorded events at the same pace.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) address: SocketAddr,
    pub(crate) pace: Pace,
    recorded: Arc<OnceLock<Vec<Bytes>>>,
    server: AbortHandle,
}

#[derive(Clone)]
struct Service {
    pace: Pace,
    recorded: Arc<OnceLock<Vec<Bytes>>>,
}

impl Source {
    /// Listens on a free port.
    pub(crate) async fn start() -> anyhow::Result<Self> {
        Self::start_with(None).await
    }

    /// Listens on a free port for TLS only, as `localhost`.
    pub(crate) async fn start_tls(authority: &Authority) -> anyhow::Result<Self> {
        Self::start_with(Some(authority.acceptor()?)).await
    }

    async fn start_with(tls: Option<TlsAcceptor>) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let service = Service { pace: Pace::default(), recorded: Arc::default() };
        let (pace, recorded) = (service.pace.clone(), service.recorded.clone());
        let server = tokio::spawn(serve(listener, tls, service)).abort_handle();
        Ok(Self { address, pace, recorded, server })
    }

    /// The URL of its Lambda API.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Says which events `/sse/` serves; once.
    pub(crate) fn record(&self, events: Vec<Bytes>) {
        let _ = self.recorded.set(events);
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn serve(listener: TcpListener, tls: Option<TlsAcceptor>, service: Service) {
    // Dropped with this task, and every connection with it.
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let _ = stream.set_nodelay(true);
        let (tls, service) = (tls.clone(), service.clone());
        connections.spawn(async move {
            match tls {
                None => connection(stream, service).await,
                Some(tls) => {
                    if let Ok(stream) = tls.accept(stream).await {
                        connection(stream, service).await;
                    }
                }
            }
        });
        while connections.try_join_next().is_some() {}
    }
}

async fn connection(stream: impl AsyncRead + AsyncWrite + Unpin, service: Service) {
    let service = service_fn(move |request| answer(service.clone(), request));
    // What breaks a connection is the other side's to report.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

async fn answer(service: Service, request: Request<Incoming>) -> Result<Answer, Infallible> {
    let path = request.uri().path().to_owned();
    let _ = request.into_body().collect().await;
    let function = path.strip_prefix("/2021-11-15/functions/");
    let function = function.and_then(|path| path.strip_suffix("/response-streaming-invocations"));
    if let Some(script) = function.and_then(Script::named) {
        let mut answer =
            respond(event_stream::CONTENT_TYPE, script.pieces(&service.pace, event_stream::invoked(script)));
        if script == Script::Last {
            answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        return Ok(answer);
    }
    let recorded = service.recorded.get().cloned().unwrap_or_default();
    match path.strip_prefix("/sse/").and_then(Script::named) {
        Some(script) => Ok(respond("text/event-stream", script.pieces(&service.pace, recorded.into_iter()))),
        None => Ok(not_found()),
    }
}

fn respond(content_type: &'static str, body: BoxBody<Bytes, Infallible>) -> Answer {
    let mut answer = Response::new(body);
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    answer
}

fn not_found() -> Answer {
    let mut answer = Response::new(Empty::new().boxed());
    *answer.status_mut() = StatusCode::NOT_FOUND;
    answer
}

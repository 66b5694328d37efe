//! Hop 1, elsewhere: the gateway on a socket, for containers and benchmarks.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::gateway::Gateway;
use crate::http::{Body, MAX_BODY, MCP_PATH, response};

/// How long a client may take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);

/// How long it may take to send the body behind it.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);

/// Connections served at once; further ones wait to be accepted.
const MAX_CONNECTIONS: usize = 4096;

/// The largest request head, in bytes; longer ones get 431.
const MAX_HEAD: usize = 64 * 1024;

/// How much of a body that is too large is read before it is refused, in multiples of the limit.
const DRAINED_LIMITS: usize = 4;

/// How long calls may go on after the process is told to stop.
const DRAIN: Duration = Duration::from_secs(20);

/// Serves HTTP/1.1 until the process is told to stop, and prints the endpoint's address first.
///
/// # Errors
/// If the address cannot be bound.
pub async fn run(gateway: Gateway, address: SocketAddr) -> anyhow::Result<()> {
    let listener =
        TcpListener::bind(address).await.map_err(|error| anyhow::anyhow!("cannot listen on {address}: {error}"))?;
    println!("MCP endpoint: http://{}{MCP_PATH}", listener.local_addr()?);
    let mut terminate = signal(SignalKind::terminate())?;
    let stop = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
    };
    serve(gateway, listener, stop).await;
    Ok(())
}

/// Serves connections from `listener` until `stop` is ready, then lets open calls end and ends subscriptions.
pub async fn serve(gateway: Gateway, listener: TcpListener, stop: impl Future<Output = ()>) {
    let graceful = GracefulShutdown::new();
    let room = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            Some((stream, place)) = accept(&listener, &room) => connection(gateway.clone(), stream, place, &graceful),
        }
    }
    gateway.close();
    let _ = tokio::time::timeout(DRAIN, graceful.shutdown()).await;
}

async fn accept(listener: &TcpListener, room: &Arc<Semaphore>) -> Option<(TcpStream, OwnedSemaphorePermit)> {
    let place = room.clone().acquire_owned().await.ok()?;
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return Some((stream, place)),
            // Out of file descriptors, say: let open connections end before trying again.
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

fn connection(gateway: Gateway, stream: TcpStream, place: OwnedSemaphorePermit, graceful: &GracefulShutdown) {
    // An event must leave when it is written, not when the packet is full.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| answer(gateway.clone(), request));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(stream), service);
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection ended early");
        }
        drop(place);
    });
}

async fn answer(gateway: Gateway, request: Request<Incoming>) -> Result<Response<Body>, Infallible> {
    let (parts, mut body) = request.into_parts();
    let read = Limited::new(&mut body, MAX_BODY).collect();
    let body: Bytes = match tokio::time::timeout(BODY_TIMEOUT, read).await {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            let _ = tokio::time::timeout(BODY_TIMEOUT, drain(body)).await;
            return Ok(response::too_large());
        }
        Ok(Err(_)) | Err(_) => return Ok(response::incomplete()),
    };
    Ok(gateway.handle(Request::from_parts(parts, body)).await)
}

/// Reads on a while: a client that is still writing would take the early answer for a lost connection.
async fn drain(body: Incoming) {
    let mut rest = Limited::new(body, MAX_BODY * DRAINED_LIMITS);
    while let Some(Ok(_)) = rest.frame().await {}
}

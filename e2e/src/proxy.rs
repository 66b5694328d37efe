use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header};
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{client, server};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// A reverse proxy that sends its requests to two servers in turns: the first to the first, the
/// second to the second, the third to the first. Stops on drop.
///
/// Requests and responses pass through as they are while they arrive, `Host` and `Origin` included:
/// a gateway without authentication wants a name of this machine there, which the proxy's own is,
/// and must get to see any other. Only what proves who is calling may be added, for clients that
/// cannot. A client that leaves ends the request to the server.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    route: Arc<Route>,
    _accepting: JoinSet<()>,
}

#[derive(Debug)]
struct Route {
    servers: [SocketAddr; 2],
    authorization: Option<HeaderValue>,
    requests: AtomicUsize,
}

impl Proxy {
    /// Starts a proxy on a free port of this machine. Requests without an `Authorization` of their own get this one.
    ///
    /// # Errors
    /// If no port is free.
    pub async fn start(servers: [SocketAddr; 2], authorization: Option<HeaderValue>) -> std::io::Result<Self> {
        Self::on(Self::listener().await?, servers, authorization)
    }

    /// A free port of this machine, for [`Proxy::on`].
    pub(crate) async fn listener() -> std::io::Result<TcpListener> {
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await
    }

    /// Starts a proxy whose address its servers had to know before.
    pub(crate) fn on(
        listener: TcpListener,
        servers: [SocketAddr; 2],
        authorization: Option<HeaderValue>,
    ) -> std::io::Result<Self> {
        let address = listener.local_addr()?;
        let route = Arc::new(Route { servers, authorization, requests: AtomicUsize::new(0) });
        let mut accepting = JoinSet::new();
        accepting.spawn(accept(listener, route.clone()));
        Ok(Self { address, route, _accepting: accepting })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many requests each server has been sent.
    pub fn served(&self) -> [usize; 2] {
        let requests = self.route.requests.load(Ordering::Relaxed);
        [requests.div_ceil(2), requests / 2]
    }
}

/// Serves until it is dropped, and every connection with it.
async fn accept(listener: TcpListener, route: Arc<Route>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let route = route.clone();
        let service = service_fn(move |request| {
            let route = route.clone();
            async move { Ok::<_, Infallible>(route.forward(request).await) }
        });
        // A client that leaves is what some tests are about.
        connections.spawn(async move {
            drop(server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await);
        });
        while connections.try_join_next().is_some() {}
    }
}

impl Route {
    async fn forward(&self, mut request: Request<Incoming>) -> Response<Passed> {
        if let Some(authorization) = &self.authorization {
            request.headers_mut().entry(header::AUTHORIZATION).or_insert_with(|| authorization.clone());
        }
        let server = self.servers[self.requests.fetch_add(1, Ordering::Relaxed) % 2];
        match exchange(server, request).await {
            Ok(response) => response,
            Err(_) => bad_gateway(),
        }
    }
}

/// One request on a connection of its own, which lives as long as the response.
pub(crate) async fn exchange(server: SocketAddr, request: Request<Incoming>) -> anyhow::Result<Response<Passed>> {
    let stream = TcpStream::connect(server).await?;
    stream.set_nodelay(true)?;
    let (mut sender, connection) = client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let mut connected = JoinSet::new();
    connected.spawn(async move { drop(connection.await) });
    let response = sender.send_request(request).await?;
    Ok(response.map(|body| Passed { body: Some(body), _connection: connected }))
}

pub(crate) fn bad_gateway() -> Response<Passed> {
    let mut response = Response::new(Passed { body: None, _connection: JoinSet::new() });
    *response.status_mut() = StatusCode::BAD_GATEWAY;
    response
}

/// A response on its way through. Dropped, it closes the connection it comes from.
pub(crate) struct Passed {
    body: Option<Incoming>,
    _connection: JoinSet<()>,
}

impl http_body::Body for Passed {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<hyper::Result<Frame<Bytes>>>> {
        match &mut self.body {
            Some(body) => Pin::new(body).poll_frame(cx),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Incoming::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or_else(|| SizeHint::with_exact(0), Incoming::size_hint)
    }
}

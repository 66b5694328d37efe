//! The floor of relaying: a bare hyper reverse proxy that streams its upstream's body back.
//!
//! Usage: `streaming-proxy HOST:PORT`. Prints `listening: ADDRESS`.

use std::sync::Arc;

use anyhow::Context as _;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::net::TcpListener;

#[derive(Clone)]
struct Proxy {
    upstream: Arc<str>,
    client: Client<HttpConnector, Incoming>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let upstream = std::env::args().nth(1).context("usage: streaming-proxy HOST:PORT")?;
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    let client = Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(connector);
    let proxy = Proxy { upstream: upstream.into(), client };
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("listening: {}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let proxy = proxy.clone();
        let service = service_fn(move |request| forward(proxy.clone(), request));
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

async fn forward(proxy: Proxy, mut request: Request<Incoming>) -> anyhow::Result<Response<Incoming>> {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    *request.uri_mut() = Uri::builder().scheme("http").authority(&*proxy.upstream).path_and_query(path).build()?;
    Ok(proxy.client.request(request).await?)
}

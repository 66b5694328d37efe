use std::convert::Infallible;
use std::net::Ipv4Addr;

use bytes::Bytes;
use http::Response;
use http_body_util::Full;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// The page of a native client that its user is sent back to. It says nothing: what came with the user is in the
/// address, which the browser tells.
pub(crate) struct Landing {
    redirect_uri: String,
    _serving: JoinSet<()>,
}

impl Landing {
    /// Listens on a free port of this machine.
    pub(crate) async fn open() -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let redirect_uri = format!("http://{}/callback", listener.local_addr()?);
        let mut serving = JoinSet::new();
        serving.spawn(accept(listener));
        Ok(Self { redirect_uri, _serving: serving })
    }

    pub(crate) fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }
}

async fn accept(listener: TcpListener) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let page = || Response::new(Full::new(Bytes::from_static(b"You may close this page.")));
        let service = service_fn(move |_| async move { Ok::<_, Infallible>(page()) });
        connections.spawn(async move {
            drop(http1::Builder::new().serve_connection(TokioIo::new(stream), service).await);
        });
        while connections.try_join_next().is_some() {}
    }
}

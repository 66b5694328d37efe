use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use http::{Request, Response, Uri};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::proxy::{Passed, bad_gateway, exchange};

/// Lambda's API with a gateway's functions as a deployment names them, `dev-penstock-ping`, before a local host that calls
/// them by their tools' names. A function that is not named by the ARN of a version is not there. Stops on drop.
#[derive(Debug)]
pub struct Enrolled {
    url: String,
    called: Arc<Mutex<Vec<String>>>,
    _accepting: JoinSet<()>,
}

impl Enrolled {
    /// Starts it on a free port for the functions whose ARNs begin with `prefix`, before the host whose Lambda API is at
    /// `server`.
    ///
    /// # Errors
    /// If no port is free, or `server` is no URL of this machine.
    pub async fn start(prefix: &str, server: &str) -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let called = Arc::default();
        let route = Arc::new(Route {
            prefix: prefix.to_owned(),
            server: crate::penstock::address(server)?,
            called: Arc::clone(&called),
        });
        let mut accepting = JoinSet::new();
        accepting.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let route = Arc::clone(&route);
                let service = service_fn(move |request| {
                    let route = Arc::clone(&route);
                    async move { Ok::<_, Infallible>(route.forward(request).await) }
                });
                connections.spawn(async move {
                    drop(http1::Builder::new().serve_connection(TokioIo::new(stream), service).await);
                });
            }
        });
        Ok(Self { url, called, _accepting: accepting })
    }

    /// The endpoint, for an AWS SDK.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The ARNs that were called, in order.
    pub fn called(&self) -> Vec<String> {
        self.called.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

struct Route {
    prefix: String,
    server: SocketAddr,
    called: Arc<Mutex<Vec<String>>>,
}

impl Route {
    async fn forward(&self, mut request: Request<Incoming>) -> Response<Passed> {
        let Some((arn, local)) = self.local(request.uri()) else { return bad_gateway() };
        self.called.lock().unwrap_or_else(PoisonError::into_inner).push(arn);
        *request.uri_mut() = local;
        exchange(self.server, request).await.unwrap_or_else(|_| bad_gateway())
    }

    /// The ARN of the version in `/<API version>/functions/<ARN>/<operation>`, and the host's own name for that path.
    fn local(&self, uri: &Uri) -> Option<(String, Uri)> {
        let (before, rest) = uri.path().split_once("/functions/")?;
        let (segment, operation) = rest.split_once('/')?;
        let arn = segment.replace("%3A", ":");
        let (name, version) = arn.strip_prefix(&self.prefix)?.split_once(':')?;
        version.parse::<u32>().ok()?;
        let path = format!("{before}/functions/{name}/{operation}").parse().ok()?;
        Some((arn, path))
    }
}

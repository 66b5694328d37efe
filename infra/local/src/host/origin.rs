//! One origin for several functions: what the CDN of a deployment does in front of their function URLs.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, StatusCode, header};
use http_body_util::Either;
use hyper::body::Incoming;

use super::HostError;
use super::function_url::{self, Answer, REMAPPED_CHALLENGE};
use super::pool::Pool;
use super::reply::json;

/// What is served where. Paths are compared as they are spelled.
#[derive(Debug, Clone, Default)]
pub struct Origin {
    /// The function of every path that is not named below.
    pub function: String,
    /// The functions of single paths.
    pub paths: HashMap<String, String>,
    /// JSON documents the origin itself answers with, by path.
    pub documents: HashMap<String, Bytes>,
}

/// An [`Origin`] whose functions are found.
#[derive(Debug)]
pub(super) struct Routes {
    rest: Arc<Pool>,
    paths: HashMap<String, Arc<Pool>>,
    documents: HashMap<String, Bytes>,
}

impl Routes {
    pub(super) fn new(origin: Origin, pool: impl Fn(&str) -> Result<Arc<Pool>, HostError>) -> Result<Self, HostError> {
        let named = origin.paths.into_iter().map(|(path, function)| Ok((path, pool(&function)?)));
        let paths = named.collect::<Result<_, HostError>>()?;
        Ok(Self { rest: pool(&origin.function)?, paths, documents: origin.documents })
    }
}

/// Answers one request by the document or function of its path.
pub(super) async fn handle(routes: Arc<Routes>, address: SocketAddr, request: Request<Incoming>) -> Answer {
    let path = request.uri().path();
    if let Some(document) = routes.documents.get(path) {
        return json(StatusCode::OK, document.clone()).map(Either::Left);
    }
    let pool = routes.paths.get(path).unwrap_or(&routes.rest);
    let mut answer = function_url::handle(Arc::clone(pool), address, request).await;
    // Clients look for the challenge under its own name; in a deployment the edge gives it back as here.
    function_url::rename(answer.headers_mut(), &REMAPPED_CHALLENGE, &header::WWW_AUTHENTICATE);
    answer
}

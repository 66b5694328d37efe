//! The front as a Lambda function behind a function URL. The only file that names `lambda_http`.

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use lambda_http::request::RequestContext;
use lambda_http::tower::ServiceExt as _;
use lambda_http::{RequestExt as _, service_fn};

use crate::endpoint::register::Peer;

/// Serves invocations until the environment is shut down. Answers are streamed, as the gateway's are: both functions
/// have URLs of the same mode.
///
/// # Errors
/// If the Runtime API cannot be reached or answers nonsense.
pub async fn run(router: Router) -> anyhow::Result<()> {
    let service = service_fn(move |request: lambda_http::Request| {
        let router = router.clone();
        async move { router.oneshot(plain(request)).await }
    });
    lambda_http::run_with_streaming_response_concurrent(service).await.map_err(|error| anyhow::anyhow!(error))
}

fn plain(request: lambda_http::Request) -> Request<Body> {
    let source = match request.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => context.http.source_ip.as_deref().and_then(|ip| ip.parse().ok()),
        _ => None,
    };
    let (mut parts, body) = request.into_parts();
    // Lambda's own request context is of no use further in.
    parts.extensions.clear();
    if let Some(address) = source {
        parts.extensions.insert(Peer(address));
    }
    Request::from_parts(parts, Body::new(body))
}

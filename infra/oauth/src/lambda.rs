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

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;
    use serde_json::json;

    use super::{Peer, plain};

    #[tokio::test]
    async fn the_event_of_a_function_url_is_a_request_like_any_other() {
        let event = json!({
            "version": "2.0",
            "rawPath": "/callback",
            "rawQueryString": "code=a%26b&state=c",
            "cookies": ["first=1", "second=2"],
            "headers": { "host": "abc.lambda-url.eu-central-1.on.aws", "x-penstock-origin": "secret" },
            "requestContext": {
                "http": { "method": "POST", "path": "/callback", "protocol": "HTTP/1.1", "sourceIp": "198.51.100.7" },
            },
            "body": "YT1i",
            "isBase64Encoded": true,
        });
        let request = plain(lambda_http::request::from_str(&event.to_string()).expect("an event lambda_http knows"));
        assert_eq!(request.uri().query(), Some("code=a%26b&state=c"));
        assert_eq!((request.method().as_str(), request.uri().path()), ("POST", "/callback"));
        assert_eq!(request.headers()["cookie"], "first=1; second=2");
        assert_eq!(request.headers()["x-penstock-origin"], "secret");
        let peer = request.extensions().get::<Peer>().expect("an address");
        assert_eq!(peer.0.to_string(), "198.51.100.7");
        assert_eq!(&to_bytes(request.into_body(), 100).await.expect("a body")[..], b"a=b");
    }
}

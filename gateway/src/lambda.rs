//! Hop 1, on AWS: the gateway as a streaming Lambda function. The only file that names `lambda_http`.

use std::convert::Infallible;

use bytes::Bytes;
use lambda_http::{RequestExt as _, service_fn};
use serde_json::json;

use crate::gateway::{Gateway, PlatformDeadline};

/// Serves invocations until the environment is shut down.
///
/// One call at a time on classic Lambda; several at once on Managed Instances, where the platform
/// sets `AWS_LAMBDA_MAX_CONCURRENCY`.
///
/// # Errors
/// If the Runtime API cannot be reached or answers nonsense.
pub async fn run(gateway: Gateway) -> anyhow::Result<()> {
    let service = service_fn(move |request: lambda_http::Request| {
        let gateway = gateway.clone();
        async move { Ok::<_, Infallible>(gateway.handle(plain(request)).await) }
    });
    lambda_http::run_with_streaming_response_concurrent(service).await.map_err(|error| anyhow::anyhow!(error))
}

fn plain(request: lambda_http::Request) -> http::Request<Bytes> {
    let deadline = request.lambda_context_ref().map(|context| PlatformDeadline(context.deadline()));
    let (mut parts, body) = request.into_parts();
    // Lambda's own request context is of no use further in, and large.
    parts.extensions.clear();
    if let Some(deadline) = deadline {
        parts.extensions.insert(deadline);
    }
    let body = match body {
        lambda_http::Body::Text(text) => text.into(),
        lambda_http::Body::Binary(bytes) => bytes.into(),
        _ => Bytes::new(),
    };
    http::Request::from_parts(parts, body)
}

/// What this function is invoked with to get a POST of `body` to `path`: the event of a function URL,
/// from this machine.
pub(crate) fn post_event(path: &str, body: &str) -> Vec<u8> {
    let http = json!({
        "method": "POST", "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "penstock",
    });
    let event = json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "",
        "headers": { "host": "localhost", "content-type": "text/plain" },
        "requestContext": {
            "accountId": "anonymous", "apiId": "internal", "domainName": "localhost", "domainPrefix": "internal",
            "http": http, "requestId": "internal", "routeKey": "$default", "stage": "$default", "timeEpoch": 0,
        },
        "body": body,
        "isBase64Encoded": false,
    });
    event.to_string().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::{plain, post_event};

    #[test]
    fn the_gateways_own_event_is_a_request_like_any_other() {
        let event = post_event("/internal/path", "key.text");
        let request = plain(lambda_http::request::from_reader(&*event).expect("an event lambda_http knows"));
        assert_eq!((request.method().as_str(), request.uri().path()), ("POST", "/internal/path"));
        assert_eq!(request.headers()["host"], "localhost");
        assert_eq!(&request.body()[..], b"key.text");
    }
}

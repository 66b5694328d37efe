//! A function's response on its way in.

use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;

use super::body::{self, Unread};
use super::call::ReaderGone;
use super::environment::{Environment, Upload};
use super::error::FunctionError;
use super::runtime_api::{ERROR_TYPE, accepted, gone, refuse};

/// Time a process that broke off its response is given to exit, and so to be the reason.
const EXIT_NOTICE: Duration = Duration::from_secs(1);

/// Time a response whose client is gone has to end by itself, as one without a body is about to.
const END_NOTICE: Duration = Duration::from_millis(50);

/// Takes the response to a call and passes it on to the caller.
pub(crate) async fn receive(
    environment: &Environment,
    request_id: &str,
    upload: Upload,
    request: Request<Incoming>,
) -> Response<Full<Bytes>> {
    let mode = request.headers().get("lambda-runtime-function-response-mode");
    let end = if mode.is_some_and(|mode| mode.as_bytes() == b"streaming") {
        let limit = environment.settings.options.max_stream;
        stream(upload, request.into_body(), limit).await
    } else {
        let limit = environment.settings.options.max_response;
        buffer(upload, request.into_body(), limit).await
    };
    let (outcome, response) = match end {
        End::Complete => (Ok(()), accepted()),
        End::Failed(error) => (Err(error), accepted()),
        End::TooLarge(limit) => {
            let refusal = refuse(StatusCode::PAYLOAD_TOO_LARGE, "ResponseSizeTooLarge", "the response is too large");
            (Err(FunctionError::response_too_large(limit)), refusal)
        }
        End::ReaderGone => (Ok(()), gone()),
        End::BrokeOff => {
            let ended = tokio::time::timeout(EXIT_NOTICE, environment.ended()).await;
            let error = ended.map_or_else(|_| FunctionError::truncated(request_id), |end| end.error(request_id));
            (Err(error), refuse(StatusCode::BAD_REQUEST, "TruncatedResponse", "the response broke off"))
        }
    };
    environment.finish(request_id, outcome);
    response
}

enum End {
    Complete,
    /// The function said in its trailers that it failed.
    Failed(FunctionError),
    /// More than this many bytes.
    TooLarge(u64),
    /// The caller left and wants the function to notice.
    ReaderGone,
    /// The connection ended before the response did.
    BrokeOff,
}

async fn buffer(upload: Upload, body: Incoming, limit: usize) -> End {
    match body::read(body, limit).await {
        Ok(body) => {
            // Fails if the caller left, whom the function need not care about.
            let _ = upload.chunks.send(body).await;
            End::Complete
        }
        Err(Unread::TooLarge) => End::TooLarge(limit as u64),
        Err(Unread::BrokeOff) => End::BrokeOff,
    }
}

async fn stream(upload: Upload, mut body: Incoming, limit: u64) -> End {
    let Upload { chunks, reader_gone } = upload;
    let mut left = limit;
    loop {
        let frame = tokio::select! {
            frame = body.frame() => frame,
            () = chunks.closed(), if reader_gone == ReaderGone::Close => return without_reader(body).await,
        };
        let frame = match frame {
            None => return End::Complete,
            Some(Err(_)) => return End::BrokeOff,
            Some(Ok(frame)) => frame,
        };
        match frame.into_data() {
            Ok(data) if data.is_empty() => {}
            Ok(mut data) => {
                let fits = usize::try_from(left).map_or(data.len(), |left| data.len().min(left));
                let cut = fits < data.len();
                data.truncate(fits);
                left -= data.len() as u64;
                if chunks.send(data).await.is_err() && reader_gone == ReaderGone::Close {
                    return End::ReaderGone;
                }
                if cut {
                    return End::TooLarge(limit);
                }
            }
            Err(frame) => {
                if let Some(error) = frame.trailers_ref().and_then(failure) {
                    return End::Failed(error);
                }
            }
        }
    }
}

async fn without_reader(mut body: Incoming) -> End {
    match tokio::time::timeout(END_NOTICE, body.frame()).await {
        Ok(None) => End::Complete,
        _ => End::ReaderGone,
    }
}

/// The error that trailers report in place of the rest of a response.
fn failure(trailers: &HeaderMap) -> Option<FunctionError> {
    let kind = trailers.get(ERROR_TYPE)?.to_str().ok()?;
    let body = trailers.get("lambda-runtime-function-error-body");
    let body = body.and_then(|body| BASE64_STANDARD.decode(body.as_bytes()).ok());
    Some(match body {
        Some(body) if serde_json::from_slice::<serde::de::IgnoredAny>(&body).is_ok() => {
            FunctionError { kind: kind.to_owned(), body: body.into() }
        }
        Some(body) => FunctionError::new(kind, &String::from_utf8_lossy(&body)),
        None => FunctionError::new(kind, "the function reported an error in its trailers"),
    })
}

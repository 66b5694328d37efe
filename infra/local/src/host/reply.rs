//! Small HTTP answers, and the errors of the Invoke API.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use http_body_util::Full;

/// A JSON document as an answer.
pub(crate) fn json(status: StatusCode, body: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// Why an invocation is refused before the function sees it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    #[error("Function not found: {0}")]
    NotFound(String),
    #[error("Rate Exceeded.")]
    Throttled,
    #[error("Request must be smaller than {0} bytes for the InvokeFunction operation")]
    TooLarge(usize),
    #[error("Could not parse request body into json: {0}")]
    NotJson(serde_json::Error),
    #[error("{0}")]
    Parameter(String),
    #[error("The request body could not be read")]
    Body,
    #[error("No such operation: {0}")]
    Operation(String),
}

impl ApiError {
    fn status_and_kind(&self) -> (StatusCode, &'static str) {
        match self {
            Self::NotFound(_) => (StatusCode::NOT_FOUND, "ResourceNotFoundException"),
            Self::Throttled => (StatusCode::TOO_MANY_REQUESTS, "TooManyRequestsException"),
            Self::TooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, "RequestTooLargeException"),
            Self::NotJson(_) | Self::Body => (StatusCode::BAD_REQUEST, "InvalidRequestContentException"),
            Self::Parameter(_) => (StatusCode::BAD_REQUEST, "InvalidParameterValueException"),
            Self::Operation(_) => (StatusCode::NOT_FOUND, "UnknownOperationException"),
        }
    }

    /// The answer as the AWS SDKs parse it.
    pub(crate) fn response(&self) -> Response<Full<Bytes>> {
        let (status, kind) = self.status_and_kind();
        // Lambda spells the member both ways; SDKs read either.
        let mut body = serde_json::json!({ "Type": "User", "Message": self.to_string() });
        if matches!(self, Self::Throttled) {
            body = serde_json::json!({
                "Type": "User",
                "message": self.to_string(),
                "Reason": "ReservedFunctionConcurrentInvocationLimitExceeded",
            });
        }
        let mut response = json(status, body.to_string());
        let headers = response.headers_mut();
        headers.insert("x-amzn-errortype", HeaderValue::from_static(kind));
        if matches!(self, Self::Throttled) {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

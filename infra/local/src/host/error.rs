use std::time::Duration;

use bytes::Bytes;

/// Why a function did not answer, as Lambda reports it to the caller.
#[derive(Debug, Clone)]
pub(crate) struct FunctionError {
    /// `errorType`, and the error code at the end of a streamed response.
    pub(crate) kind: String,
    /// The JSON document the caller gets, with `errorType` and `errorMessage`.
    pub(crate) body: Bytes,
}

impl FunctionError {
    /// An error the host itself found.
    pub(crate) fn new(kind: &str, message: &str) -> Self {
        let body = serde_json::json!({ "errorType": kind, "errorMessage": message });
        Self { kind: kind.to_owned(), body: body.to_string().into() }
    }

    /// An error the function posted. Its `errorType`, if it says one, is more precise than the
    /// header, which runtimes fill with `Unhandled`.
    pub(crate) fn posted(header: Option<&str>, body: Bytes) -> Self {
        #[derive(serde::Deserialize)]
        struct Posted {
            #[serde(rename = "errorType")]
            kind: String,
        }
        let kind = serde_json::from_slice::<Posted>(&body).map(|posted| posted.kind).ok();
        let kind = kind.filter(|kind| !kind.is_empty());
        let kind = kind.unwrap_or_else(|| header.unwrap_or("Unhandled").to_owned());
        Self { kind, body }
    }

    pub(crate) fn timed_out(request_id: &str, timeout: Duration) -> Self {
        let message =
            format!("RequestId: {request_id} Error: Task timed out after {:.2} seconds", timeout.as_secs_f64());
        Self::new("Sandbox.Timedout", &message)
    }

    pub(crate) fn response_too_large(limit: u64) -> Self {
        let message = format!("Response payload size exceeded maximum allowed payload size ({limit} bytes).");
        Self::new("Function.ResponseSizeTooLarge", &message)
    }

    pub(crate) fn truncated(request_id: &str) -> Self {
        let message = format!("RequestId: {request_id} Error: The response broke off before its end");
        Self::new("Runtime.TruncatedResponse", &message)
    }

    pub(crate) fn stopped() -> Self {
        Self::new("Runtime.ExitError", "Error: The local host was stopped")
    }
}

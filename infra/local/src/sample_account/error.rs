//! Errors as the API states them: AWS JSON 1.1, told apart by `__type`.

use serde_json::json;

/// Why a request is refused.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ApiError {
    /// The exception's name.
    code: &'static str,
    message: String,
}

impl ApiError {
    fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// The request is readable and asks for something impossible.
    pub(super) fn validation(message: impl Into<String>) -> Self {
        Self::new("ValidationException", message)
    }

    /// The body is not JSON, or a member is missing or of the wrong type.
    pub(super) fn serialization(message: impl Into<String>) -> Self {
        Self::new("SerializationException", message)
    }

    /// The operation is not served here.
    pub(super) fn unknown_operation() -> Self {
        Self::new("UnknownOperationException", "The sample account does not serve this operation.")
    }

    /// The sample account has no such service.
    pub(super) fn denied() -> Self {
        Self::new("AccessDeniedException", "the sample account has no such service; use `dev --aws`")
    }

    /// The request is readable, and a parameter impossible.
    pub(super) fn invalid_parameter(message: impl Into<String>) -> Self {
        Self::new("InvalidParameterException", message)
    }

    /// There is no such log group, but the one that is `known`.
    pub(super) fn no_log_group(known: &str) -> Self {
        let message = format!("The specified log group does not exist. The sample account has one: {known}");
        Self::new("ResourceNotFoundException", message)
    }

    /// The data does not exist yet.
    pub(super) fn data_unavailable() -> Self {
        Self::new("DataUnavailableException", "The requested data is unavailable.")
    }

    /// There is no data to forecast from.
    pub(super) fn no_history() -> Self {
        Self::new("DataUnavailableException", "Insufficient amount of historical data.")
    }

    /// The pages belong to a bill that has changed since.
    pub(super) fn bill_expired() -> Self {
        Self::new("BillExpirationException", "The requested report expired. Update the date interval and try again.")
    }

    /// The token is not one this API gave out.
    pub(super) fn invalid_next_token() -> Self {
        Self::new("InvalidNextTokenException", "The pagination token is invalid. Try again without a pagination token.")
    }

    /// The token was given out for another request.
    pub(super) fn request_changed() -> Self {
        Self::new(
            "RequestChangedException",
            "Your request parameters changed between pages. Try again with the old parameters or without a \
             pagination token.",
        )
    }

    /// The exception's name.
    pub(super) fn code(&self) -> &'static str {
        self.code
    }

    /// The response body.
    pub(super) fn to_json(&self) -> String {
        json!({ "__type": self.code, "message": self.message }).to_string()
    }
}

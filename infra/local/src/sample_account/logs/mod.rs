//! The log of an invented Lambda function, and the CloudWatch Logs operation that searches it.
//!
//! `events` writes the log of any minute from its number alone, `pattern` reads filter patterns, and
//! `filter_log_events` cuts what is found into pages. Nothing is stored: a page is made while it is asked for.

mod events;
mod filter_log_events;
mod json_pattern;
mod pattern;
mod token;

use jiff::Timestamp;
use serde_json::Value;

use super::error::ApiError;

/// Answers an operation as of `now`, in JSON.
///
/// # Errors
/// The API's own.
pub(super) fn answer(operation: &str, body: &Value, now: Timestamp) -> Result<String, ApiError> {
    match operation {
        "FilterLogEvents" => filter_log_events::answer(body, now),
        _ => Err(ApiError::unknown_operation()),
    }
}

//! What went wrong with the API, in words a model can act on or pass on.

use aws_sdk_cloudwatchlogs::config::http::HttpResponse;
use aws_sdk_cloudwatchlogs::error::{ProvideErrorMetadata, SdkError};
use penstock_aws::failure::{Failure, classify};

use crate::analyze_logs::Query;

const SERVICE: &str = "CloudWatch Logs";

/// The IAM action the tool needs.
const PERMISSION: &str = "logs:FilterLogEvents";

/// Why a page was not given.
#[derive(Debug)]
pub(crate) struct Refusal {
    /// Whether the same request may be taken a moment later.
    pub(crate) throttled: bool,
    /// For the model.
    pub(crate) words: String,
}

impl Refusal {
    pub(super) fn new<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>, query: &Query) -> Self {
        let failure = classify(error);
        let words = own_words(&failure, query).unwrap_or_else(|| failure.explain(SERVICE, PERMISSION));
        Self { throttled: failure == Failure::Throttled, words }
    }

    /// No page came within the time of the call.
    pub(crate) fn late() -> Self {
        Self { throttled: false, words: Failure::TimedOut.explain(SERVICE, PERMISSION) }
    }
}

/// What CloudWatch Logs means by codes of its own. What it says of parameters speaks of the request, and is passed on.
fn own_words(failure: &Failure, query: &Query) -> Option<String> {
    let Failure::Refused { code, message } = failure else { return None };
    match code.as_str() {
        "ResourceNotFoundException" => Some(format!(
            "There is no log group {:?} in this tool's account and region. Send its full name, upper and lower case as \
             it is, as in /aws/lambda/my-function.",
            query.log_group
        )),
        "InvalidParameterException" if query.pattern.is_some() => Some(format!(
            "CloudWatch Logs refuses the request: {message} If it is about `pattern`: terms such as ERROR are all \
             wanted, ?a ?b means either, -a leaves out, \"two words\" is a phrase, and fields of JSON lines are \
             compared as in {{ $.level = \"error\" }}."
        )),
        "InvalidParameterException" => Some(format!("CloudWatch Logs refuses the request: {message}")),
        "ServiceUnavailableException" => Some("CloudWatch Logs is not available. Try again in a minute.".to_owned()),
        _ => None,
    }
}

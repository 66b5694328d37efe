//! What went wrong with the API, in words a model can act on or pass on.

use aws_sdk_costexplorer::config::http::HttpResponse;
use aws_sdk_costexplorer::error::{ProvideErrorMetadata, SdkError};
use penstock_aws::failure::{Failure, classify};
use penstock_kit::ToolError;

const SERVICE: &str = "Cost Explorer";

/// Describes an error. `permission` is the IAM action the call needs.
pub(super) fn describe<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>, permission: &str) -> ToolError {
    let failure = classify(error);
    ToolError::Failed(own_words(&failure, permission).unwrap_or_else(|| failure.explain(SERVICE, permission)))
}

/// What Cost Explorer means by codes of its own. Its validation speaks of the request, and is passed on.
fn own_words(failure: &Failure, permission: &str) -> Option<String> {
    let words = match failure {
        Failure::Denied => {
            return Some(format!(
                "{} Or Cost Explorer is not enabled for the account yet.",
                failure.explain(SERVICE, permission)
            ));
        }
        Failure::TimedOut => "Cost Explorer did not answer in time. Try again, or ask for fewer groups.",
        Failure::Refused { code, message } => match code.as_str() {
            "ValidationException" if !message.is_empty() => {
                return Some(format!("Cost Explorer refuses the request: {message}"));
            }
            "DataUnavailableException" => {
                "Cost Explorer has no data for this period, or too little history to forecast from. Ask for another period, \
                 or again tomorrow."
            }
            "BillExpirationException" | "InvalidNextTokenException" | "RequestChangedException" => {
                "The bill changed while its pages were fetched. Send the same request again."
            }
            "UnresolvableUsageUnitException" => {
                "This usage has no single unit. Add a filter for one USAGE_TYPE, or take a cost metric."
            }
            _ => return None,
        },
        _ => return None,
    };
    Some(words.to_owned())
}

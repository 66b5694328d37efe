//! What went wrong with the API, in words a model can act on or pass on.
//!
//! Texts of AWS are passed on only where they speak of the request: others name roles and accounts.

use aws_sdk_costexplorer::error::{ConnectorError, ProvideErrorMetadata, SdkError};

/// Describes an error. `permission` is the IAM action the call needs.
pub(super) fn describe<E: ProvideErrorMetadata>(error: &SdkError<E>, permission: &str) -> String {
    match error {
        SdkError::ServiceError(service) => {
            let error = service.err();
            refusal(error.code().unwrap_or("unknown error"), error.message().unwrap_or("no reason given"), permission)
        }
        SdkError::TimeoutError(_) => {
            "Cost Explorer did not answer in time. Try again, or ask for fewer groups.".to_owned()
        }
        SdkError::DispatchFailure(failure) if failure.as_connector_error().is_some_and(lacks_credentials) => {
            "There are no AWS credentials to ask Cost Explorer with. Only the operator of this tool can provide them."
                .to_owned()
        }
        SdkError::DispatchFailure(_) => "The connection to Cost Explorer failed. Try again in a minute.".to_owned(),
        _ => "Cost Explorer's answer could not be understood. Try again in a minute.".to_owned(),
    }
}

/// Without credentials no connection is tried, so the failure is none the transport could classify.
fn lacks_credentials(error: &ConnectorError) -> bool {
    error.is_other() && error.as_other().is_none()
}

fn refusal(code: &str, message: &str, permission: &str) -> String {
    match code {
        "ThrottlingException" | "TooManyRequestsException" | "LimitExceededException" => {
            "Cost Explorer takes no more requests for now. Wait a minute before you try again.".to_owned()
        }
        "AccessDeniedException" => format!(
            "This tool may not ask Cost Explorer: its role lacks the permission {permission}, or Cost Explorer is not \
             enabled for the account. Only the operator can change that."
        ),
        "ExpiredTokenException" | "ExpiredToken" => {
            "The AWS credentials of this tool have expired. Only the operator can renew them.".to_owned()
        }
        "UnrecognizedClientException"
        | "InvalidClientTokenId"
        | "InvalidSignatureException"
        | "IncompleteSignature"
        | "MissingAuthenticationToken"
        | "MissingAuthenticationTokenException" => {
            "AWS does not accept the credentials of this tool. Only the operator can change them.".to_owned()
        }
        "ValidationException" => format!("Cost Explorer refuses the request: {message}"),
        "DataUnavailableException" => {
            "Cost Explorer has no data for this period yet. Ask for an earlier one.".to_owned()
        }
        "BillExpirationException" | "InvalidNextTokenException" | "RequestChangedException" => {
            "The bill changed while its pages were fetched. Send the same request again.".to_owned()
        }
        _ => format!("Cost Explorer failed with {code}. Try again in a minute."),
    }
}

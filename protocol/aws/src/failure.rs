//! What went wrong with a call of AWS, in words a model can act on or pass on.
//!
//! What AWS says is never part of these words: it names roles, accounts and hosts. Only the error code is, and it is
//! checked to be one.

use std::error::Error;
use std::iter::successors;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::{ConnectorError, SdkError, ServiceError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

/// Bytes of the longest error code that is passed on; AWS's own have about 50 at most.
const MAX_CODE: usize = 80;

/// Why a call of AWS failed, as far as all services have it in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// Too many requests.
    Throttled,
    /// The function's role lacks a permission.
    Denied,
    /// There are no credentials, or none could be fetched.
    NoCredentials,
    /// The credentials were good once.
    ExpiredCredentials,
    /// AWS does not know the credentials, or the signature made with them is wrong.
    RefusedCredentials,
    /// No answer within the client's time limits.
    TimedOut,
    /// The connection failed.
    Unreachable,
    /// There is no host of the service's name in the region, or no region.
    UnknownRegion,
    /// The service said no for a reason of its own.
    Refused {
        /// The error's name, such as `ValidationException`; letters, digits and `. _ - :` only.
        code: String,
        /// What AWS says, empty if nothing. May name roles and accounts: for clients only where `code` promises that
        /// it speaks of their request.
        message: String,
    },
    /// The answer is not one the SDK can read.
    Incomprehensible,
}

/// Tells what kind of failure `error` is.
pub fn classify<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> Failure {
    match error {
        SdkError::ServiceError(service) => classify_answer(service),
        // Tools check what they ask for: what keeps a request from being built is an address no region can have.
        SdkError::ConstructionFailure(_) => Failure::UnknownRegion,
        SdkError::TimeoutError(_) => Failure::TimedOut,
        SdkError::DispatchFailure(failure) => {
            failure.as_connector_error().map_or(Failure::Unreachable, classify_connection)
        }
        _ => Failure::Incomprehensible,
    }
}

fn classify_connection(error: &ConnectorError) -> Failure {
    if error.is_timeout() {
        return Failure::TimedOut;
    }
    // Without credentials or an address no connection is tried, so the failure is none the transport could classify.
    let was_tried = !error.is_other() || error.as_other().is_some();
    // Neither hyper's error nor the SDK's has a public type that could be asked for.
    let (no_address, failure) = if was_tried {
        ("dns error", Failure::Unreachable)
    } else {
        ("Invalid Configuration: Missing Region", Failure::NoCredentials)
    };
    if has_cause(error, no_address) { Failure::UnknownRegion } else { failure }
}

fn has_cause(error: &(dyn Error + 'static), text: &str) -> bool {
    successors(Some(error), |error| (*error).source()).any(|cause| cause.to_string() == text)
}

fn classify_answer<E: ProvideErrorMetadata>(service: &ServiceError<E, HttpResponse>) -> Failure {
    let is_code = |code: &&str| {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"._-:".contains(&byte);
        !code.is_empty() && code.len() <= MAX_CODE && code.bytes().all(fits)
    };
    match service.err().code().filter(is_code) {
        Some(
            "Throttling"
            | "ThrottlingException"
            | "ThrottledException"
            | "RequestThrottled"
            | "RequestThrottledException"
            | "TooManyRequestsException"
            | "RequestLimitExceeded"
            | "LimitExceededException"
            | "ProvisionedThroughputExceededException"
            | "BandwidthLimitExceeded"
            | "PriorRequestNotComplete"
            | "SlowDown",
        ) => Failure::Throttled,
        Some("AccessDenied" | "AccessDeniedException" | "UnauthorizedOperation" | "NotAuthorized") => Failure::Denied,
        Some("ExpiredToken" | "ExpiredTokenException" | "RequestExpired" | "TokenRefreshRequired") => {
            Failure::ExpiredCredentials
        }
        Some(
            "UnrecognizedClientException"
            | "InvalidClientTokenId"
            | "InvalidAccessKeyId"
            | "InvalidToken"
            | "InvalidSignatureException"
            | "SignatureDoesNotMatch"
            | "IncompleteSignature"
            | "IncompleteSignatureException"
            | "MissingAuthenticationToken"
            | "MissingAuthenticationTokenException"
            | "AuthFailure",
        ) => Failure::RefusedCredentials,
        Some(code) => {
            Failure::Refused { code: code.to_owned(), message: service.err().message().unwrap_or_default().to_owned() }
        }
        None if service.raw().status().as_u16() == 429 => Failure::Throttled,
        None => Failure::Incomprehensible,
    }
}

impl Failure {
    /// Says it to a client. `service` is what people call the service (`Cost Explorer`), `permission` the IAM action
    /// the call needs (`ce:GetCostAndUsage`).
    ///
    /// Of [`Failure::Refused`] only the code is said: what a service's own codes mean is known where it is called.
    pub fn explain(&self, service: &str, permission: &str) -> String {
        match self {
            Self::Throttled => {
                format!("{service} takes no more requests for now. Wait a minute before you try again.")
            }
            Self::Denied => format!(
                "This tool may not ask {service}: its role lacks the permission {permission}. Only the operator can \
                 change that."
            ),
            Self::NoCredentials => format!(
                "There are no AWS credentials to ask {service} with. Only the operator of this tool can provide them."
            ),
            Self::ExpiredCredentials => {
                "The AWS credentials of this tool have expired. Only the operator can renew them.".to_owned()
            }
            Self::RefusedCredentials => {
                "AWS does not accept the credentials of this tool. Only the operator can change them.".to_owned()
            }
            Self::TimedOut => format!("{service} did not answer in time. Try again, or ask for less at once."),
            Self::Unreachable => format!("The connection to {service} failed. Try again in a minute."),
            Self::UnknownRegion => format!(
                "There is no {service} at the address of this tool's AWS region: the region may not exist or not have \
                 the service. Only the operator can change it."
            ),
            Self::Refused { code, .. } => format!("{service} failed with {code}. Try again in a minute."),
            Self::Incomprehensible => {
                format!("{service}'s answer could not be understood. Try again in a minute.")
            }
        }
    }
}

#[cfg(test)]
mod tests;

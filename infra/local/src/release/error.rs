//! Why a release fails, told to the person at the terminal.

use std::fmt;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use penstock_aws::TrustError;
use penstock_aws::failure::{self, Failure};

use super::history::Refusal;

/// How many names a message holds at most.
const MAX_NAMES: usize = 10;

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ReleaseError {
    /// Nothing says in which region the gateway is.
    #[error("no AWS region: set AWS_REGION")]
    NoRegion,
    /// `AWS_CA_BUNDLE` is wrong.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// A call of AWS failed.
    #[error(transparent)]
    Aws(#[from] AwsError),
    /// The gateway's catalog has no such tool.
    #[error("the catalog of {gateway} has no {tool}{}", known.as_deref().map(list).unwrap_or_default())]
    NoTool {
        /// What was asked for.
        tool: String,
        /// Of which gateway.
        gateway: String,
        /// What there is, the most similar first; `None` if these credentials may not know.
        known: Option<Vec<String>>,
    },
    /// The parameter and its history disagree.
    #[error("the entry is being written right now; nothing was changed: try again")]
    Unsettled,
    /// Lambda has no such version any more.
    #[error("{0} is not there any more; nothing was changed")]
    NoFunction(String),
    /// What is asked for cannot be.
    #[error("{0}; nothing was changed")]
    Refused(#[from] Refusal),
}

impl ReleaseError {
    /// Whether AWS was asked and what it said rules out what was wanted.
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::NoTool { .. } | Self::Unsettled | Self::NoFunction(_) | Self::Refused(_))
    }
}

fn list(known: &[String]) -> String {
    if known.is_empty() {
        return "; it is empty, or the gateway has another name".to_owned();
    }
    let more = if known.len() > MAX_NAMES { " …" } else { "" };
    let names: Vec<_> = known.iter().take(MAX_NAMES).map(String::as_str).collect();
    format!("; there are {}{more}", names.join(", "))
}

/// A call that failed.
#[derive(Debug)]
pub struct AwsError {
    /// Which IAM action the call is.
    action: &'static str,
    failure: Failure,
}

impl AwsError {
    pub(super) fn new<E: ProvideErrorMetadata>(action: &'static str, error: &SdkError<E, HttpResponse>) -> Self {
        Self { action, failure: failure::classify(error) }
    }

    /// The service does not know what it was asked for.
    pub(super) fn is_unknown(&self) -> bool {
        let unknown = ["ParameterNotFound", "ResourceNotFoundException"];
        matches!(&self.failure, Failure::Refused { code, .. } if unknown.contains(&code.as_str()))
    }

    /// A write without an answer may have been made.
    fn doubt(&self) -> &'static str {
        if self.action == WRITE { "; it may have been done all the same: look before you try again" } else { "" }
    }
}

/// The one call that changes what is served.
pub(super) const WRITE: &str = "ssm:PutParameter";

impl std::error::Error for AwsError {}

impl fmt::Display for AwsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let action = self.action;
        match &self.failure {
            Failure::Denied => write!(f, "denied: these credentials lack the permission {action} (docs/releases.md)"),
            Failure::NoCredentials => f.write_str("no AWS credentials: sign in, or set AWS_PROFILE"),
            Failure::ExpiredCredentials => f.write_str("the AWS credentials have expired: sign in again"),
            Failure::RefusedCredentials => f.write_str("AWS does not accept the credentials"),
            Failure::UnknownRegion => write!(f, "{action}: the service is not in this region: check AWS_REGION"),
            Failure::Throttled => write!(f, "{action}: too many requests; try again in a minute"),
            Failure::TimedOut => write!(f, "{action}: no answer in time{}", self.doubt()),
            Failure::Unreachable => write!(f, "{action}: the connection failed{}", self.doubt()),
            Failure::Refused { code, message } => write!(f, "{action}: {code}: {message}"),
            Failure::Incomprehensible => write!(f, "{action}: the answer could not be understood{}", self.doubt()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{AwsError, Failure, WRITE};

    #[test]
    fn who_is_denied_is_told_which_permission_is_missing() {
        let error = AwsError { action: "lambda:GetFunctionConfiguration", failure: Failure::Denied };
        assert!(error.to_string().contains("lack the permission lambda:GetFunctionConfiguration"), "{error}");
    }

    #[test]
    fn only_a_write_without_an_answer_leaves_a_doubt() {
        for (action, is_doubtful) in [(WRITE, true), ("ssm:GetParameter", false)] {
            let said = AwsError { action, failure: Failure::TimedOut }.to_string();
            assert_eq!(said.contains("may have been done"), is_doubtful, "{said}");
        }
    }
}

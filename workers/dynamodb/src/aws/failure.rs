//! What DynamoDB's own errors mean, in words a model can act on or pass on.

use aws_sdk_dynamodb::config::http::HttpResponse;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::query::QueryError;
use penstock_aws::failure::{Failure, classify};

use crate::query_table::Query;

/// Characters of DynamoDB's reason that are passed on.
const MAX_REASON: usize = 500;

/// Describes an error.
pub(super) fn describe(error: &SdkError<QueryError, HttpResponse>, query: &Query) -> String {
    let failure = classify(error);
    if let Failure::Refused { code, message } = &failure {
        match code.as_str() {
            "ResourceNotFoundException" => {
                return format!(
                    "There is no table {} in the AWS account and region of this tool, although its operator permits \
                     one. Only the operator can change that.",
                    query.table
                );
            }
            // Speaks of the request, and names what the keys should be.
            "ValidationException" => {
                let reason: String = message.chars().take(MAX_REASON).collect();
                return format!("DynamoDB refuses the request: {reason}");
            }
            _ => {}
        }
    }
    failure.explain("DynamoDB", "dynamodb:Query")
}

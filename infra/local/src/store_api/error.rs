use serde_json::{Value, json};

use super::request::Attributes;

/// Why a request is refused, as DynamoDB states it: told apart by `__type`.
#[derive(Debug, thiserror::Error)]
pub(super) enum ApiError {
    /// A worker that asks for tables of an account asks here too, as long as it is given none.
    #[error("The local store serves GetItem and PutItem, not {0:?}; for tables use `dev --aws`")]
    UnknownOperation(String),
    /// The body is not JSON, or a member is unknown, missing or of the wrong type.
    #[error("{0}")]
    Serialization(String),
    /// The request is readable and asks for something the table does not do.
    #[error("{0}")]
    Validation(String),
    #[error("Requested resource not found: there is no table {0:?}")]
    NoTable(String),
    #[error("The conditional request failed")]
    ConditionFailed(Option<Box<Attributes>>),
    #[error("The local store is full")]
    Full,
}

impl ApiError {
    fn kind(&self) -> &'static str {
        match self {
            Self::UnknownOperation(_) => "com.amazon.coral.service#AccessDeniedException",
            Self::Serialization(_) => "com.amazon.coral.service#SerializationException",
            Self::Validation(_) => "com.amazon.coral.validate#ValidationException",
            Self::NoTable(_) => "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException",
            Self::ConditionFailed(_) => "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
            // Not one of those a client tries again.
            Self::Full => "com.amazonaws.dynamodb.v20120810#ItemCollectionSizeLimitExceededException",
        }
    }

    pub(super) fn into_json(self) -> Value {
        let mut body = json!({ "__type": self.kind(), "message": self.to_string() });
        if let Self::ConditionFailed(Some(item)) = self {
            body["Item"] = json!(item);
        }
        body
    }
}

//! The requests that are served. A member or attribute that is not here is refused, so that nothing is ignored that
//! DynamoDB would heed.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::error::ApiError;

/// Longest partition key, in bytes (DynamoDB quotas).
const MAX_KEY: usize = 2048;

/// The conditions Penstock's store writes, and no others.
const IS_ABSENT: &str = "attribute_not_exists(pk) OR expires <= :now";
const HAS_VERSION: &str = "version = :version AND expires > :now";

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct GetItem {
    pub(super) table_name: String,
    pub(super) key: Key,
    /// Every read is.
    #[serde(rename = "ConsistentRead")]
    _consistent_read: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct PutItem {
    pub(super) table_name: String,
    pub(super) item: Attributes,
    condition_expression: Option<String>,
    expression_attribute_values: Option<Values>,
    #[serde(default)]
    pub(super) return_values_on_condition_check_failure: Return,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Key {
    pub(super) pk: Text,
}

/// An item of the store.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Attributes {
    pub(super) pk: Text,
    pub(super) v: Binary,
    pub(super) version: Number,
    pub(super) expires: Number,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Values {
    #[serde(rename = ":now")]
    now: Number,
    #[serde(rename = ":version")]
    version: Option<Number>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Return {
    #[default]
    None,
    AllOld,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Text {
    #[serde(rename = "S")]
    pub(super) text: String,
}

/// Base64, kept as it came.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Binary {
    #[serde(rename = "B")]
    pub(super) base64: String,
}

/// A whole number that is not negative: all the store ever writes.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(try_from = "Decimal", into = "Decimal")]
pub(super) struct Number {
    pub(super) number: u64,
}

/// DynamoDB writes numbers as strings.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Decimal {
    #[serde(rename = "N")]
    text: String,
}

impl TryFrom<Decimal> for Number {
    type Error = String;

    fn try_from(Decimal { text }: Decimal) -> Result<Self, String> {
        let number = text.parse().map_err(|_| format!("{text:?} is no number the local store takes"))?;
        Ok(Self { number })
    }
}

impl From<Number> for Decimal {
    fn from(Number { number }: Number) -> Self {
        Self { text: number.to_string() }
    }
}

/// What has to hold for a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Condition {
    None,
    Absent { now: u64 },
    Version { version: u64, now: u64 },
}

/// Reads a request.
pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    serde_json::from_slice(body).map_err(|error| ApiError::Serialization(error.to_string()))
}

impl PutItem {
    pub(super) fn condition(&self) -> Result<Condition, ApiError> {
        if self.item.pk.text.is_empty() || self.item.pk.text.len() > MAX_KEY {
            return Err(ApiError::Validation(format!("The key has to have 1 to {MAX_KEY} bytes")));
        }
        let invalid = || {
            let expression = self.condition_expression.as_deref().unwrap_or_default();
            ApiError::Validation(format!("The local store knows no condition {expression:?} with such values"))
        };
        match (self.condition_expression.as_deref(), &self.expression_attribute_values) {
            (None, None) => Ok(Condition::None),
            (Some(IS_ABSENT), Some(Values { now, version: None })) => Ok(Condition::Absent { now: now.number }),
            (Some(HAS_VERSION), Some(Values { now, version: Some(version) })) => {
                Ok(Condition::Version { version: version.number, now: now.number })
            }
            _ => Err(invalid()),
        }
    }
}

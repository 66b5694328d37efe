//! The DynamoDB API. Nothing outside this folder names the AWS SDK.

mod failure;
mod plain;
mod request;

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::Builder;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::types::AttributeValue;
use penstock_aws::TrustError;
use penstock_kit::ToolError;
use serde_json::value::RawValue;

use crate::key_value::{Key, KeyValue};
use crate::query_table::Query;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// A page takes DynamoDB milliseconds. Three attempts fit into the tool's timeout.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(10);

/// One page of an answer.
#[derive(Debug)]
pub(crate) struct Page {
    /// Its items, each a JSON object.
    pub(crate) items: Vec<Box<RawValue>>,
    /// Where the next page begins; absent on the last.
    pub(crate) next: Option<Key>,
}

/// A client of the API.
#[derive(Debug)]
pub(crate) struct DynamoDb {
    client: Client,
}

impl DynamoDb {
    /// A client with the credentials, region and endpoint of the environment, `AWS_ENDPOINT_URL_DYNAMODB` included.
    /// Nothing is asked of AWS yet.
    ///
    /// # Errors
    /// If `AWS_CA_BUNDLE` names a file that cannot be used.
    pub(crate) async fn from_env() -> Result<Self, TrustError> {
        let timeouts =
            TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).operation_attempt_timeout(ATTEMPT_TIMEOUT);
        let config = Builder::from(&penstock_aws::config().await?).timeout_config(timeouts.build());
        Ok(Self { client: Client::from_conf(config.build()) })
    }

    /// `Query`: at most `wanted` items from `start` on.
    ///
    /// # Errors
    /// A failure the model can read.
    pub(crate) async fn query(&self, query: &Query, wanted: usize, start: Option<Key>) -> Result<Page, ToolError> {
        let request = request::query(&self.client, query)
            .limit(i32::try_from(wanted).unwrap_or(i32::MAX))
            .set_exclusive_start_key(start.map(attributes));
        let answer = request.send().await.map_err(|error| ToolError::Failed(failure::describe(&error, query)))?;
        let items = answer.items.unwrap_or_default();
        Ok(Page {
            items: items.iter().map(plain::json).collect::<Result<_, _>>().map_err(ToolError::failed)?,
            next: answer.last_evaluated_key.filter(|key| !key.is_empty()).map(key),
        })
    }
}

fn attribute(value: KeyValue) -> AttributeValue {
    match value {
        KeyValue::Text(text) => AttributeValue::S(text),
        KeyValue::Number(number) => AttributeValue::N(number),
        KeyValue::Binary(bytes) => AttributeValue::B(bytes.into()),
    }
}

fn attributes(key: Key) -> HashMap<String, AttributeValue> {
    key.into_iter().map(|(name, value)| (name, attribute(value))).collect()
}

/// DynamoDB's keys have no other types.
fn key(attributes: HashMap<String, AttributeValue>) -> Key {
    let value = |value| match value {
        AttributeValue::S(text) => Some(KeyValue::Text(text)),
        AttributeValue::N(number) => Some(KeyValue::Number(number)),
        AttributeValue::B(bytes) => Some(KeyValue::Binary(bytes.into_inner())),
        _ => None,
    };
    attributes.into_iter().filter_map(|(name, attribute)| Some((name, value(attribute)?))).collect()
}

//! Items in a DynamoDB table: the only file that names `aws_sdk_dynamodb`.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use aws_sdk_dynamodb::config::{Builder, StalledStreamProtectionConfig, retry::RetryConfig, timeout::TimeoutConfig};
use aws_sdk_dynamodb::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::put_item::PutItemError::ConditionalCheckFailedException;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use aws_sdk_dynamodb::{Client, config::http::HttpResponse};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use penstock_aws::SdkConfig;

use crate::store::{check_key, check_write};
use crate::{Item, Store, StoreError, When, Write, expiry};

/// The partition key: a string, the item's key.
const KEY: &str = "pk";
/// A binary, the value.
const VALUE: &str = "v";
/// A number, random for each write.
const VERSION: &str = "version";
/// A number, seconds since 1970: the table's time-to-live attribute.
const EXPIRES: &str = "expires";

/// [`When::Absent`]. The table's own expiry takes up to days, so the condition looks at the time.
const IS_ABSENT: &str = "attribute_not_exists(pk) OR expires <= :now";
/// [`When::Version`].
const HAS_VERSION: &str = "version = :version AND expires > :now";

const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(3);
/// A request waits for the store, and its client for the request.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(7);
const MAX_ATTEMPTS: u32 = 3;
const FIRST_BACKOFF: Duration = Duration::from_millis(100);
const LONGEST_BACKOFF: Duration = Duration::from_secs(1);

/// A store in a DynamoDB table, which all instances that name the table share.
///
/// The table's partition key is the string `pk`; time to live should be on for the attribute `expires`. Reads are
/// strongly consistent. Needs `dynamodb:GetItem` and `dynamodb:PutItem`, and `AWS_ENDPOINT_URL_DYNAMODB` may name
/// another endpoint.
///
/// # Lost answers
///
/// The SDK tries a request up to three times, within seven seconds together. If the first try of a conditional write
/// succeeds and its answer is lost, the second finds the condition broken by the first. DynamoDB then says what it
/// found: a version is a random number that only one write has, so the write knows itself and is told `true`. It is
/// told `false` only if another writer has replaced it by then, who, with a condition, must have read it before.
#[derive(Debug, Clone)]
pub struct DynamoStore {
    client: Arc<LaterClient>,
    table: String,
}

/// Made for the first request: many an instance is started and never has one for the store.
type LaterClient = LazyLock<Client, Box<dyn FnOnce() -> Client + Send>>;

type Attributes = HashMap<String, AttributeValue>;

impl DynamoStore {
    /// A store in `table`. Connects to nothing yet.
    pub fn new(aws: &SdkConfig, table: impl Into<String>) -> Self {
        let retries = RetryConfig::standard()
            .with_max_attempts(MAX_ATTEMPTS)
            .with_initial_backoff(FIRST_BACKOFF)
            .with_max_backoff(LONGEST_BACKOFF);
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .operation_attempt_timeout(ATTEMPT_TIMEOUT)
            .operation_timeout(OPERATION_TIMEOUT);
        let config = Builder::from(aws)
            .retry_config(retries)
            .timeout_config(timeouts.build())
            // Bodies are small; the time limit of an attempt is protection enough.
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
        let client: LaterClient = LazyLock::new(Box::new(|| Client::from_conf(config.build())));
        Self { client: Arc::new(client), table: table.into() }
    }

    async fn read(&self, key: &str) -> Result<Option<Item>, StoreError> {
        check_key(key)?;
        let request = self.client.get_item().table_name(&self.table).key(KEY, string(key)).consistent_read(true);
        let found = request.send().await.map_err(|error| unavailable(&error))?.item;
        let Some(mut found) = found.filter(|found| !found.is_empty()) else { return Ok(None) };
        let version = parsed(&found, VERSION)?;
        if parsed(&found, EXPIRES)? <= expiry::now() {
            return Ok(None);
        }
        match found.remove(VALUE) {
            Some(AttributeValue::B(value)) => Ok(Some(Item { value: value.into_inner().into(), version })),
            _ => Err(StoreError::Malformed(VALUE)),
        }
    }

    async fn write(&self, key: &str, write: Write) -> Result<bool, StoreError> {
        check_write(key, &write)?;
        let version = getrandom::u64().map_err(|error| StoreError::Unavailable(error.to_string()))?;
        let request = self
            .client
            .put_item()
            .table_name(&self.table)
            .item(KEY, string(key))
            .item(VALUE, AttributeValue::B(Blob::new(write.value)))
            .item(VERSION, number(version))
            .item(EXPIRES, number(expiry::seconds(write.expires)));
        match conditional(request, write.when).send().await {
            Ok(_) => Ok(true),
            Err(error) => match error.as_service_error() {
                Some(ConditionalCheckFailedException(refusal)) => Ok(refusal.item().is_some_and(|found| {
                    // Put there by an earlier try of this very request.
                    parsed(found, VERSION) == Ok(version)
                })),
                _ => Err(unavailable(&error)),
            },
        }
    }
}

impl Store for DynamoStore {
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<Item>, StoreError>> {
        self.read(key).boxed()
    }

    fn put<'a>(&'a self, key: &'a str, write: Write) -> BoxFuture<'a, Result<bool, StoreError>> {
        self.write(key, write).boxed()
    }
}

fn conditional(request: PutItemFluentBuilder, when: When) -> PutItemFluentBuilder {
    let request = match when {
        When::Always => return request,
        When::Absent => request.condition_expression(IS_ABSENT),
        When::Version(version) => {
            request.condition_expression(HAS_VERSION).expression_attribute_values(":version", number(version))
        }
    };
    request
        .expression_attribute_values(":now", number(expiry::now()))
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
}

fn string(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

fn number(number: u64) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

fn parsed(attributes: &Attributes, name: &'static str) -> Result<u64, StoreError> {
    let number = attributes.get(name).and_then(|value| value.as_n().ok());
    number.and_then(|number| number.parse().ok()).ok_or(StoreError::Malformed(name))
}

/// DynamoDB's words name tables and roles, never keys or values; a transport's failure is its whole chain.
fn unavailable<E>(error: &SdkError<E, HttpResponse>) -> StoreError
where
    E: std::error::Error + ProvideErrorMetadata + 'static,
{
    StoreError::Unavailable(match error.as_service_error() {
        Some(refusal) => {
            format!("{}: {}", refusal.code().unwrap_or("unknown error"), refusal.message().unwrap_or("no message"))
        }
        None => DisplayErrorContext(error).to_string(),
    })
}

//! Stores as a function builds them, against an endpoint of the test's.

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_lambda::config::{Credentials, SharedCredentialsProvider};
use penstock_store::DynamoStore;

/// The table of these tests, and of `penstock dev`.
pub(crate) const TABLE: &str = "penstock";

/// A store with a client, and so connections, of its own.
pub(crate) fn store(url: &str) -> DynamoStore {
    let credentials = Credentials::new("local", "local", None, None, "test");
    let config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .endpoint_url(url)
        .http_client(aws_smithy_http_client::Builder::new().build_http());
    DynamoStore::new(&config.build(), TABLE)
}

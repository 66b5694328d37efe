//! S3 as every other AWS service is reached here: credentials, region, endpoint, trust.

use std::env;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws_credential_types::provider::{ProvideCredentials as _, SharedCredentialsProvider};
use object_store::aws::{AmazonS3, AmazonS3Builder, AwsCredential};
use object_store::client::{HttpClient, HttpConnector};
use object_store::{ClientOptions, CredentialProvider, Error, RetryConfig};
use reqwest::redirect::Policy;

use crate::OpenError;

/// The variable every AWS SDK knows.
const ENDPOINT: &str = "AWS_ENDPOINT_URL_S3";

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long S3 may be silent; a whole file may take longer.
const SILENCE: Duration = Duration::from_secs(20);

/// How often a request is tried again, and for how long.
const RETRIES: usize = 2;
const RETRY_TIME: Duration = Duration::from_secs(20);

/// A client of the bucket.
pub(crate) async fn open(bucket: &str) -> Result<AmazonS3, OpenError> {
    let config = penstock_aws::config().await?;
    let client = reqwest::Client::builder()
        .tls_backend_preconfigured(penstock_aws::tls()?)
        .redirect(Policy::none())
        .no_proxy()
        .connect_timeout(CONNECT_TIMEOUT)
        .read_timeout(SILENCE)
        .build()
        .map_err(|error| OpenError::Client(error.into()))?;
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(bucket)
        .with_http_connector(Connector(client))
        .with_retry(RetryConfig { max_retries: RETRIES, retry_timeout: RETRY_TIME, ..RetryConfig::default() });
    if let Some(region) = config.region() {
        builder = builder.with_region(region.as_ref());
    }
    if let Some(provider) = config.credentials_provider() {
        builder = builder.with_credentials(Arc::new(Credentials(provider)));
    }
    let endpoint = env::var(ENDPOINT).ok().or_else(|| config.endpoint_url().map(str::to_owned));
    if let Some(endpoint) = endpoint.filter(|endpoint| !endpoint.is_empty()) {
        builder = builder.with_allow_http(endpoint.starts_with("http://")).with_endpoint(endpoint);
    }
    builder.build().map_err(|error| OpenError::Client(error.into()))
}

/// Hands out the one client there is.
#[derive(Debug)]
struct Connector(reqwest::Client);

impl HttpConnector for Connector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.0.clone()))
    }
}

/// The SDK's credentials: of a role on Lambda, of a profile on a developer's machine.
#[derive(Debug)]
struct Credentials(SharedCredentialsProvider);

#[async_trait]
impl CredentialProvider for Credentials {
    type Credential = AwsCredential;

    async fn get_credential(&self) -> object_store::Result<Arc<AwsCredential>> {
        let credentials = self.0.provide_credentials().await;
        let credentials =
            credentials.map_err(|source| Error::Unauthenticated { path: String::new(), source: source.into() })?;
        Ok(Arc::new(AwsCredential {
            key_id: credentials.access_key_id().to_owned(),
            secret_key: credentials.secret_access_key().to_owned(),
            token: credentials.session_token().map(str::to_owned),
        }))
    }
}

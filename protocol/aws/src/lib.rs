//! AWS clients as every Penstock function builds them.
//!
//! One TLS stack (ring), Amazon's five roots, credentials, region and endpoints (`AWS_ENDPOINT_URL_*`) of the
//! environment. What differs from service to service, above all retries and time limits, is set where the client is
//! made, on its own `Builder::from(&config)`.
//!
//! Nothing here connects to a service. A function loads one configuration and shares it among its clients, and with
//! it connections and credentials.

pub mod failure;
mod roots;

use aws_config::environment::EnvironmentVariableRegionProvider;
use aws_config::meta::region::RegionProviderChain;
use aws_config::{BehaviorVersion, ConfigLoader};
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};

pub use aws_config::SdkConfig;
pub use roots::{TrustError, tls};

/// The configuration of the standard AWS environment.
///
/// # Errors
/// [`TrustError`] if `AWS_CA_BUNDLE` names a file that cannot be used.
pub async fn config() -> Result<SdkConfig, TrustError> {
    Ok(loader()?.load().await)
}

/// The configuration for a service with one endpoint a partition: the environment's region, or else `home`, which
/// saves the search for a region in files and on the network.
///
/// # Errors
/// As [`config`].
pub async fn config_at(home: &'static str) -> Result<SdkConfig, TrustError> {
    let region = RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new()).or_else(home);
    Ok(loader()?.region(region).load().await)
}

fn loader() -> Result<ConfigLoader, TrustError> {
    let trusted = TrustStore::empty().with_native_roots(false).with_pem_certificate(roots::trusted()?);
    let tls = TlsContext::builder().with_trust_store(trusted).build();
    let tls = tls.map_err(|error| TrustError::Refused(error.into()))?;
    // ring: the alternative, AWS-LC, gathers 50 ms of CPU-jitter entropy before the first handshake.
    let http = aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring));
    Ok(aws_config::defaults(BehaviorVersion::latest()).http_client(http.tls_context(tls).build_https()))
}

#[cfg(test)]
mod tests {
    use super::config_at;

    /// The client panics on a root it cannot read, at the start of every function.
    #[tokio::test]
    async fn a_configuration_has_a_client_and_a_region() {
        let config = config_at("us-east-1").await.expect("no bundle is named");
        assert!(config.http_client().is_some());
        assert!(config.region().is_some());
    }
}

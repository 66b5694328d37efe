//! The Cost Explorer API: a file for each kind of answer. Nothing outside this folder names the AWS SDK.

mod comparisons;
mod cost_and_usage;
mod failure;
mod forecast;
mod terms;
mod values;

use std::time::Duration;

use aws_sdk_costexplorer::Client;
use aws_sdk_costexplorer::config::Builder;
use aws_sdk_costexplorer::config::timeout::TimeoutConfig;
use penstock_aws::TrustError;

pub(crate) use comparisons::Comparisons;
pub(crate) use cost_and_usage::Costs;
pub(crate) use forecast::Forecast;

/// The API has one endpoint a partition, so a region only matters outside the commercial one.
const HOME_REGION: &str = "us-east-1";

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// A page with many groups takes Cost Explorer several seconds. Three attempts fit into the tools' timeout.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(30);

/// A client of the API.
#[derive(Debug)]
pub(crate) struct CostExplorer {
    client: Client,
}

impl CostExplorer {
    /// A tool on a client with the credentials, region and endpoint of the environment,
    /// `AWS_ENDPOINT_URL_COST_EXPLORER` included. Nothing is asked of AWS yet.
    ///
    /// # Errors
    /// If `AWS_CA_BUNDLE` names a file that cannot be used.
    pub(crate) async fn connect<T>(tool: fn(Self) -> T) -> Result<T, TrustError> {
        let timeouts =
            TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).operation_attempt_timeout(ATTEMPT_TIMEOUT);
        let config = Builder::from(&penstock_aws::config_at(HOME_REGION).await?).timeout_config(timeouts.build());
        Ok(tool(Self { client: Client::from_conf(config.build()) }))
    }
}

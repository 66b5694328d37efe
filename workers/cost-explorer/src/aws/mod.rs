//! The Cost Explorer API. Nothing outside this folder names the AWS SDK.

mod failure;
mod request;

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsStr;
use std::time::Duration;
use std::{env, fs, io};

use aws_config::environment::EnvironmentVariableRegionProvider;
use aws_config::meta::region::RegionProviderChain;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_costexplorer::Client;
use aws_sdk_costexplorer::operation::get_cost_and_usage::GetCostAndUsageOutput;
use aws_sdk_costexplorer::types::{MetricValue, ResultByTime};
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use penstock_kit::ToolError;

use crate::get_cost_and_usage::{Amount, Query, Row};

/// Amazon Trust Services' roots (<https://www.amazontrust.com/repository/>), which every AWS endpoint chains up
/// to. Five certificates are read in a fraction of the time a system's hundreds take at each cold start.
const AMAZON_ROOTS: &[u8] = include_bytes!("../amazon-roots.pem");

/// The variable every AWS SDK knows: a file of other roots, for networks that open TLS at a proxy.
const ROOTS_FILE: &str = "AWS_CA_BUNDLE";

/// The API has one endpoint a partition, so a region only matters outside the commercial one.
const HOME_REGION: &str = "us-east-1";

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// A page with many groups takes Cost Explorer several seconds. Three attempts fit into the tool's timeout.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(30);

/// One page of an answer.
#[derive(Debug)]
pub(crate) struct Page {
    /// Its rows; those of one period may go on on the next page.
    pub(crate) rows: Vec<Row>,
    /// Names of account ids among the rows' keys.
    pub(crate) names: BTreeMap<String, String>,
    /// What to ask the next page with; absent on the last.
    pub(crate) next: Option<String>,
}

/// A client of the API.
#[derive(Debug)]
pub(crate) struct CostExplorer {
    client: Client,
}

impl CostExplorer {
    /// A client with the credentials, region and endpoint of the environment, `AWS_ENDPOINT_URL_COST_EXPLORER`
    /// included. Nothing is asked of AWS yet.
    ///
    /// # Errors
    /// If `AWS_CA_BUNDLE` names a file that cannot be read.
    pub(crate) async fn from_env() -> io::Result<Self> {
        let roots = match env::var_os(ROOTS_FILE) {
            Some(path) => fs::read(&path).map_err(|error| unreadable(&path, &error))?,
            None => AMAZON_ROOTS.to_vec(),
        };
        let tls = trusting(TrustStore::empty().with_native_roots(false).with_pem_certificate(roots));
        let http = Builder::new().tls_provider(Provider::rustls(CryptoMode::Ring)).tls_context(tls).build_https();
        let region = RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new()).or_else(HOME_REGION);
        let timeouts =
            TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).operation_attempt_timeout(ATTEMPT_TIMEOUT);
        let config = aws_config::from_env().http_client(http).region(region).timeout_config(timeouts.build());
        Ok(Self { client: Client::new(&config.load().await) })
    }

    /// `GetCostAndUsage`: the first page, or the one `next` names.
    ///
    /// # Errors
    /// A failure the model can read.
    pub(crate) async fn cost_and_usage(&self, query: &Query, next: Option<String>) -> Result<Page, ToolError> {
        let request = request::cost_and_usage(&self.client, query).map_err(ToolError::failed)?;
        let answer = request.set_next_page_token(next).send().await;
        answer.map(Page::from).map_err(|error| ToolError::Failed(failure::describe(&error, "ce:GetCostAndUsage")))
    }
}

fn unreadable(path: &OsStr, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{ROOTS_FILE} {}: {error}", path.display()))
}

fn trusting(roots: TrustStore) -> TlsContext {
    TlsContext::builder().with_trust_store(roots).build().unwrap_or_default()
}

impl From<GetCostAndUsageOutput> for Page {
    fn from(output: GetCostAndUsageOutput) -> Self {
        let names = output.dimension_value_attributes.unwrap_or_default().into_iter();
        let names = names.filter_map(|value| Some((value.value?, value.attributes?.remove("description")?)));
        Self {
            rows: output.results_by_time.unwrap_or_default().into_iter().flat_map(rows).collect(),
            names: names.collect(),
            next: output.next_page_token.filter(|token| !token.is_empty()),
        }
    }
}

/// The groups of a period or, if nothing is grouped, its total.
fn rows(result: ResultByTime) -> impl Iterator<Item = Row> {
    let (start, end) = result.time_period.map(|period| (period.start, period.end)).unwrap_or_default();
    let total = result.total.filter(|total| !total.is_empty()).map(|total| (Vec::new(), total));
    let groups = result.groups.unwrap_or_default().into_iter();
    let groups = groups.map(|group| (group.keys.unwrap_or_default(), group.metrics.unwrap_or_default()));
    total.into_iter().chain(groups).map(move |(keys, metrics)| Row {
        start: start.clone(),
        end: end.clone(),
        keys,
        metrics: amounts(metrics),
        estimated: result.estimated,
    })
}

fn amounts(metrics: HashMap<String, MetricValue>) -> BTreeMap<String, Amount> {
    let amount = |value: MetricValue| Amount {
        amount: value.amount.unwrap_or_else(|| "0".to_owned()),
        unit: value.unit.unwrap_or_else(|| "N/A".to_owned()),
    };
    metrics.into_iter().map(|(metric, value)| (metric, amount(value))).collect()
}

#[cfg(test)]
mod tests {
    use super::{AMAZON_ROOTS, CostExplorer};

    /// The client panics on a root it cannot read, at the start of every function.
    #[tokio::test]
    async fn the_shipped_roots_can_be_read() {
        CostExplorer::from_env().await.expect("no bundle is named");
        let certificates = String::from_utf8_lossy(AMAZON_ROOTS).matches("BEGIN CERTIFICATE").count();
        assert_eq!(certificates, 5);
    }
}

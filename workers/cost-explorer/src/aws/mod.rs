//! The Cost Explorer API. Nothing outside this folder names the AWS SDK.

mod failure;
mod request;

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use aws_sdk_costexplorer::Client;
use aws_sdk_costexplorer::config::Builder;
use aws_sdk_costexplorer::config::timeout::TimeoutConfig;
use aws_sdk_costexplorer::operation::get_cost_and_usage::GetCostAndUsageOutput;
use aws_sdk_costexplorer::types::{MetricValue, ResultByTime};
use penstock_aws::TrustError;
use penstock_kit::ToolError;

use crate::get_cost_and_usage::{Amount, Query, Row};

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
    /// If `AWS_CA_BUNDLE` names a file that cannot be used.
    pub(crate) async fn from_env() -> Result<Self, TrustError> {
        let timeouts =
            TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).operation_attempt_timeout(ATTEMPT_TIMEOUT);
        let config = Builder::from(&penstock_aws::config_at(HOME_REGION).await?).timeout_config(timeouts.build());
        Ok(Self { client: Client::from_conf(config.build()) })
    }

    /// `GetCostAndUsage`: the first page, or the one `next` names.
    ///
    /// # Errors
    /// A failure the model can read.
    pub(crate) async fn cost_and_usage(&self, query: &Query, next: Option<String>) -> Result<Page, ToolError> {
        let request = request::cost_and_usage(&self.client, query).map_err(ToolError::failed)?;
        let answer = request.set_next_page_token(next).send().await;
        answer.map(Page::from).map_err(|error| failure::describe(&error, "ce:GetCostAndUsage"))
    }
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

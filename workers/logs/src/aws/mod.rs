//! The CloudWatch Logs API. Nothing outside this folder names the AWS SDK.

mod failure;

use std::time::Duration;

use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::config::Builder;
use aws_sdk_cloudwatchlogs::config::timeout::TimeoutConfig;
use aws_sdk_cloudwatchlogs::operation::filter_log_events::FilterLogEventsOutput;
use aws_sdk_cloudwatchlogs::types::FilteredLogEvent;
use penstock_aws::TrustError;

pub(crate) use failure::Refusal;

use crate::analyze_logs::Query;

/// The most events the API puts on a page.
const MAX_PAGE: u32 = 10_000;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// The API searches for several seconds before it answers with an empty page.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(30);

/// A client of the API.
#[derive(Debug)]
pub(crate) struct CloudWatchLogs {
    client: Client,
}

/// One page of an answer. It may be empty though more follow: a page is what was found in a slice of time.
#[derive(Debug)]
pub(crate) struct Page {
    /// In order of time.
    pub(crate) events: Vec<Event>,
    /// What to ask the next page with; absent on the last.
    pub(crate) next: Option<String>,
}

/// A line of a log.
#[derive(Debug)]
pub(crate) struct Event {
    /// Milliseconds since 1970.
    pub(crate) time: i64,
    /// The log stream it stands in.
    pub(crate) stream: String,
    pub(crate) message: String,
}

impl CloudWatchLogs {
    /// A client with the credentials, region and endpoint of the environment, `AWS_ENDPOINT_URL_CLOUDWATCH_LOGS`
    /// included. Nothing is asked of AWS yet.
    ///
    /// # Errors
    /// If `AWS_CA_BUNDLE` names a file that cannot be used.
    pub(crate) async fn from_env() -> Result<Self, TrustError> {
        let timeouts =
            TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).operation_attempt_timeout(ATTEMPT_TIMEOUT);
        let config = Builder::from(&penstock_aws::config().await?).timeout_config(timeouts.build());
        Ok(Self { client: Client::from_conf(config.build()) })
    }

    /// `FilterLogEvents`: the first page, or the one `next` names, with up to `limit` events.
    ///
    /// # Errors
    /// [`Refusal`], in words a model can read.
    pub(crate) async fn filter(&self, query: &Query, next: Option<&str>, limit: u32) -> Result<Page, Refusal> {
        let request = self.client.filter_log_events();
        // Groups of other accounts are known by their ARN only.
        let request = if query.log_group.starts_with("arn:") {
            request.log_group_identifier(&query.log_group)
        } else {
            request.log_group_name(&query.log_group)
        };
        let answer = request
            .start_time(query.period.start.as_millisecond())
            .end_time(query.period.end.as_millisecond())
            .set_filter_pattern(query.pattern.clone())
            .set_next_token(next.map(str::to_owned))
            .limit(limit.min(MAX_PAGE).try_into().unwrap_or(i32::MAX))
            .send()
            .await;
        answer.map(Page::from).map_err(|error| Refusal::new(&error, query))
    }
}

impl From<FilterLogEventsOutput> for Page {
    fn from(output: FilterLogEventsOutput) -> Self {
        Self {
            events: output.events.unwrap_or_default().into_iter().map(Event::from).collect(),
            next: output.next_token.filter(|token| !token.is_empty()),
        }
    }
}

impl From<FilteredLogEvent> for Event {
    fn from(event: FilteredLogEvent) -> Self {
        Self {
            time: event.timestamp.unwrap_or_default(),
            stream: event.log_stream_name.unwrap_or_default(),
            message: event.message.unwrap_or_default(),
        }
    }
}

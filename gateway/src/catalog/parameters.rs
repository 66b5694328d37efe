//! The catalog in Parameter Store: one parameter an entry. The only file that names `aws_sdk_ssm`.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aws_sdk_ssm::Client;
use aws_sdk_ssm::config::http::HttpResponse;
use aws_sdk_ssm::config::{Builder, StalledStreamProtectionConfig, retry::RetryConfig, timeout::TimeoutConfig};
use aws_sdk_ssm::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_ssm::types::{Parameter, ParameterHistory};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use penstock_aws::SdkConfig;
use penstock_aws::failure::{Failure, classify};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::documents::MAX_DOCUMENTS;
use super::list::TTL;
use super::location::ParameterPath;
use super::source::{CatalogError, Found, Listing, Pace, Source, Text};

/// How often they are looked at again, at most.
pub(super) const EVERY: Duration = Duration::from_secs(30);

// A client that asks for a list again as soon as it may is not to get the same one in vain.
const _: () = assert!(EVERY.as_secs() < TTL.as_secs());

/// How long nobody may have looked without a request waiting for what there is: an instance may have been idle for hours.
pub(super) const PATIENCE: Duration = Duration::from_mins(5);

/// Forty requests a second is all an account has by default, shared by everybody in it.
const PACE: Pace = Pace { every: EVERY, patience: PATIENCE };

/// Parameters a page: the most there are.
const PAGE: i32 = 10;

/// Versions a page of a history: the most there are. Parameter Store keeps a hundred.
const HISTORY_PAGE: i32 = 50;
const MAX_HISTORY_PAGES: usize = 10;

/// Bytes all documents have together; what comes after that is reported and left out.
const MAX_BYTES: usize = 64 * 1024 * 1024;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(5);
/// Being throttled is nothing unusual, and waiting costs nobody but the reader.
const MAX_ATTEMPTS: u32 = 6;
const FIRST_BACKOFF: Duration = Duration::from_millis(200);
const LONGEST_BACKOFF: Duration = Duration::from_secs(3);

/// The permissions reading takes.
const LIST: &str = "ssm:GetParametersByPath";
const HISTORY: &str = "ssm:GetParameterHistory";

/// Parameter Store did not say all of the catalog.
#[derive(Debug, thiserror::Error)]
#[error("the catalog {path} cannot be read: {reason}")]
pub struct ParametersError {
    path: String,
    reason: String,
}

/// The parameters right below a path.
///
/// Beside a parameter whose entry is for some callers only (`canary`) stands, as `<name>@stable`, the latest of its
/// earlier values that was for everybody. A name of Parameter Store has no `@`.
#[derive(Debug)]
pub(super) struct Parameters {
    client: Client,
    path: ParameterPath,
    /// What stands beside canaries, by their names, with the stamps of these.
    stable: Mutex<HashMap<String, Stable>>,
}

#[derive(Debug, Clone)]
struct Stable {
    stamp: String,
    text: Option<String>,
}

impl Parameters {
    /// Those below `path`. Connects to nothing yet; `AWS_ENDPOINT_URL_SSM` may name another endpoint.
    pub(super) fn new(aws: &SdkConfig, path: ParameterPath) -> Self {
        let retries = RetryConfig::standard()
            .with_max_attempts(MAX_ATTEMPTS)
            .with_initial_backoff(FIRST_BACKOFF)
            .with_max_backoff(LONGEST_BACKOFF);
        let timeouts =
            TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).operation_attempt_timeout(ATTEMPT_TIMEOUT);
        let config = Builder::from(aws)
            .retry_config(retries)
            .timeout_config(timeouts.build())
            // Pages are small; the time limit of an attempt is protection enough.
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
        Self { client: Client::from_conf(config.build()), path, stable: Mutex::default() }
    }

    pub(super) fn path(&self) -> &ParameterPath {
        &self.path
    }

    /// All there are.
    pub(super) async fn read(&self) -> Result<Vec<Found>, ParametersError> {
        let request = self.client.get_parameters_by_path().path(self.path.as_str()).recursive(false);
        let mut pages = request.max_results(PAGE).into_paginator().send();
        let (mut found, mut bytes, mut canaries) = (Vec::new(), 0, HashMap::new());
        while let Some(page) = pages.next().await {
            for parameter in page.map_err(|error| self.failed(LIST, &error))?.parameters.unwrap_or_default() {
                let Some((name, stamp, text)) = parts(parameter) else { continue };
                if is_canary(&text) {
                    let stable = self.stable(&name, &stamp).await?;
                    if let Some(text) = stable.text.clone() {
                        bytes += text.len();
                        let (name, stamp) = (format!("{name}@stable"), Some(stamp.clone()));
                        found.push(Found { name, stamp, text: Text::Here(text) });
                    }
                    canaries.insert(name.clone(), stable);
                }
                bytes += text.len();
                found.push(Found { name, stamp: Some(stamp), text: Text::Here(text) });
            }
            // One too many is enough for somebody to notice.
            if found.len() > MAX_DOCUMENTS || bytes > MAX_BYTES {
                let (documents, path) = (found.len(), self.path.to_string());
                tracing::error!(path, documents, bytes, "catalog too large: what comes after is left out");
                break;
            }
        }
        *self.stable.lock().unwrap_or_else(PoisonError::into_inner) = canaries;
        Ok(found)
    }

    /// What stands beside a canary. A history is read again only when its parameter has changed.
    async fn stable(&self, name: &str, stamp: &str) -> Result<Stable, ParametersError> {
        let known = self.stable.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned();
        if let Some(known) = known.filter(|known| known.stamp == stamp) {
            return Ok(known);
        }
        let request = self.client.get_parameter_history().name(name).max_results(HISTORY_PAGE);
        let mut pages = request.into_paginator().send();
        let mut latest: Option<(i64, String)> = None;
        for _ in 0..MAX_HISTORY_PAGES {
            let Some(page) = pages.next().await else { break };
            let page = page.map_err(|error| self.failed(HISTORY, &error))?;
            for ParameterHistory { version, value, .. } in page.parameters.unwrap_or_default() {
                let Some(text) = value.filter(|text| is_for_everybody(text)) else { continue };
                if latest.as_ref().is_none_or(|(latest, _)| *latest < version) {
                    latest = Some((version, text));
                }
            }
        }
        Ok(Stable { stamp: stamp.to_owned(), text: latest.map(|(_, text)| text) })
    }

    fn failed<E>(&self, permission: &str, error: &SdkError<E, HttpResponse>) -> ParametersError
    where
        E: std::error::Error + ProvideErrorMetadata + 'static,
    {
        let path = self.path.as_str();
        let reason = match classify(error) {
            Failure::Denied => {
                format!("the gateway's role lacks the permission {permission} on parameter{path} and parameter{path}/*")
            }
            Failure::Throttled => "Parameter Store takes no more requests for now".to_owned(),
            Failure::NoCredentials => "there are no AWS credentials".to_owned(),
            _ => match error.as_service_error() {
                Some(refusal) => {
                    let code = refusal.code().unwrap_or("unknown error");
                    format!("{code}: {}", refusal.message().unwrap_or("no message"))
                }
                None => DisplayErrorContext(error).to_string(),
            },
        };
        ParametersError { path: self.path.to_string(), reason }
    }
}

impl Source for Parameters {
    fn list(&self, _: Option<String>) -> BoxFuture<'_, Result<Listing, CatalogError>> {
        async { Ok(Listing { documents: Some(self.read().await?), mark: None, age: Duration::ZERO }) }.boxed()
    }

    fn pace(&self) -> Pace {
        PACE
    }
}

/// Name, stamp and value. A version alone is no stamp: it begins at one again when a parameter is deleted and made anew.
fn parts(parameter: Parameter) -> Option<(String, String, String)> {
    let Parameter { name, value, version, last_modified_date, .. } = parameter;
    let modified = last_modified_date.map_or(0, |date| date.as_nanos());
    Some((name?, format!("{version}/{modified}"), value?))
}

/// What decides for whom an entry is.
#[derive(Deserialize)]
struct Audience {
    canary: Option<IgnoredAny>,
}

fn is_canary(text: &str) -> bool {
    serde_json::from_str(text).is_ok_and(|Audience { canary }| canary.is_some())
}

fn is_for_everybody(text: &str) -> bool {
    serde_json::from_str(text).is_ok_and(|Audience { canary }| canary.is_none())
}

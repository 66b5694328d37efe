//! The calls of AWS that a release is made of.

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_lambda::types::AliasRoutingConfiguration;
use aws_sdk_ssm::types::{ParameterHistory, ParameterTier, ParameterType};
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;

use super::error::{AwsError, ReleaseError, WRITE};
use super::function::{FunctionVersion, Place};
use super::history::Served;

/// How long one call may take, with what is tried again.
const CALL_LIMIT: Duration = Duration::from_secs(30);

/// Pages of a parameter's history: Parameter Store keeps a hundred values, fifty a page.
const MAX_HISTORY_PAGES: usize = 10;

/// Pages of ten names, to name what there is.
const MAX_NAME_PAGES: usize = 1_000;

/// Bytes of a value in the standard tier.
const MAX_STANDARD: usize = 4_096;

/// The alias by which Lambda's own tools see what the gateway serves.
pub(super) const LIVE: &str = "live";

/// Parameter Store and Lambda, as the standard environment says.
#[derive(Debug)]
pub(super) struct Account {
    ssm: aws_sdk_ssm::Client,
    lambda: aws_sdk_lambda::Client,
}

/// A parameter and all that is known of its past.
#[derive(Debug)]
pub(super) struct Parameter {
    name: String,
    pub(super) place: Option<Place>,
    newest: ParameterHistory,
    /// Oldest first.
    pub(super) values: Vec<String>,
}

impl Account {
    pub(super) async fn open() -> Result<Self, ReleaseError> {
        let config = penstock_aws::config().await?;
        if config.region().is_none() {
            return Err(ReleaseError::NoRegion);
        }
        let limits = TimeoutConfig::builder().operation_timeout(CALL_LIMIT).build();
        let ssm = aws_sdk_ssm::config::Builder::from(&config).timeout_config(limits.clone()).build();
        let lambda = aws_sdk_lambda::config::Builder::from(&config).timeout_config(limits).build();
        Ok(Self { ssm: aws_sdk_ssm::Client::from_conf(ssm), lambda: aws_sdk_lambda::Client::from_conf(lambda) })
    }

    /// `None` if there is no such parameter.
    pub(super) async fn parameter(&self, name: &str) -> Result<Option<Parameter>, ReleaseError> {
        let current = match self.ssm.get_parameter().name(name).send().await {
            Ok(answer) => answer.parameter.ok_or(ReleaseError::Unsettled)?,
            Err(error) => {
                let error = AwsError::new("ssm:GetParameter", &error);
                return if error.is_unknown() { Ok(None) } else { Err(error.into()) };
            }
        };
        let mut history = self.history(name).await?;
        history.sort_by_key(ParameterHistory::version);
        // What is decided from an old history would undo what is not in it.
        let newest = history.last().filter(|newest| newest.version == current.version);
        let newest = newest.ok_or(ReleaseError::Unsettled)?.clone();
        let place = current.arn().and_then(Place::of);
        let values = history.into_iter().filter_map(|value| value.value).collect();
        Ok(Some(Parameter { name: name.to_owned(), place, newest, values }))
    }

    async fn history(&self, name: &str) -> Result<Vec<ParameterHistory>, AwsError> {
        let mut pages = self.ssm.get_parameter_history().name(name).into_paginator().send();
        let mut history = Vec::new();
        for _ in 0..MAX_HISTORY_PAGES {
            let Some(page) = pages.next().await else { break };
            let page = page.map_err(|error| AwsError::new("ssm:GetParameterHistory", &error))?;
            history.extend(page.parameters.unwrap_or_default());
        }
        Ok(history)
    }

    /// The last parts of the names below a path.
    pub(super) async fn names(&self, path: &str) -> Result<Vec<String>, AwsError> {
        let mut pages = self.ssm.get_parameters_by_path().path(path).into_paginator().send();
        let mut names = Vec::new();
        for _ in 0..MAX_NAME_PAGES {
            let Some(page) = pages.next().await else { break };
            let page = page.map_err(|error| AwsError::new("ssm:GetParametersByPath", &error))?;
            let found = page.parameters.unwrap_or_default().into_iter().filter_map(|parameter| parameter.name);
            names.extend(found.filter_map(|name| Some(name.rsplit_once('/')?.1.to_owned())));
        }
        Ok(names)
    }

    /// Fails unless a version is still there.
    pub(super) async fn check(&self, function: &FunctionVersion) -> Result<(), ReleaseError> {
        let request = self.lambda.get_function_configuration().function_name(&function.function);
        match request.qualifier(function.version.to_string()).send().await {
            Ok(_) => Ok(()),
            Err(error) => {
                let error = AwsError::new("lambda:GetFunctionConfiguration", &error);
                Err(if error.is_unknown() { ReleaseError::NoFunction(function.to_string()) } else { error.into() })
            }
        }
    }

    /// Writes a new value and changes nothing else of the parameter.
    ///
    /// Answers how many values others wrote since it was read: Parameter Store cannot be told to write only if there is
    /// none.
    pub(super) async fn write(&self, parameter: &Parameter, value: &str) -> Result<i64, AwsError> {
        let newest = &parameter.newest;
        // An advanced parameter cannot become a standard one.
        let is_advanced = newest.tier == Some(ParameterTier::Advanced) || value.len() > MAX_STANDARD;
        let tier = if is_advanced { ParameterTier::Advanced } else { ParameterTier::Standard };
        let request = self.ssm.put_parameter().name(&parameter.name).value(value).overwrite(true).tier(tier);
        let request = request.r#type(newest.r#type.clone().unwrap_or(ParameterType::String));
        let request = request.set_description(newest.description.clone()).customize();
        // A repeated write counts twice, and would look like somebody else's.
        let once = aws_sdk_ssm::config::Builder::new().retry_config(RetryConfig::disabled());
        let answer = request.config_override(once).send().await;
        let written = answer.map_err(|error| AwsError::new(WRITE, &error))?;
        Ok(written.version - newest.version - 1)
    }

    /// Points the alias `live` to what is served.
    pub(super) async fn point(&self, served: &Served) -> Result<(), AwsError> {
        let Served { stable, canary } = served;
        let alias = self.lambda.get_alias().function_name(&stable.function).name(LIVE).send().await;
        let alias = alias.map_err(|error| AwsError::new("lambda:GetAlias", &error))?;
        let weight = |(function, percent): &(FunctionVersion, u8)| {
            // Entries of one version may differ in their definitions; for Lambda they are the same.
            let is_other = *percent > 0 && function.version != stable.version;
            is_other.then(|| (function.version.to_string(), f64::from(*percent) / 100.0))
        };
        let weights: HashMap<_, _> = canary.iter().filter_map(weight).collect();
        let routing = AliasRoutingConfiguration::builder().set_additional_version_weights(Some(weights)).build();
        let request = self.lambda.update_alias().function_name(&stable.function).name(LIVE).routing_config(routing);
        let request = request.function_version(stable.version.to_string()).set_revision_id(alias.revision_id);
        request.send().await.map(drop).map_err(|error| AwsError::new("lambda:UpdateAlias", &error))
    }
}

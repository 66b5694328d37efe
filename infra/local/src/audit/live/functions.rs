//! The functions of a gateway: those with its name in front, and those its catalog names.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_lambda::Client;
use aws_sdk_lambda::operation::get_function_url_config::GetFunctionUrlConfigError;
use aws_sdk_lambda::operation::get_policy::GetPolicyError;
use aws_sdk_lambda::types::FunctionConfiguration;
use penstock_aws::SdkConfig;

use super::super::AuditError;
use super::super::picture::{Entry, Function, Picture, Url};
use super::super::statement::Statement;
use super::{MAX_PAGES, failed};

/// The alias of the version that the catalog names.
const LIVE: &str = "live";

/// Versions, or aliases, of a function that are looked at: each takes a request.
const MAX_QUALIFIERS: usize = 1000;

pub(super) async fn read(config: &SdkConfig, gateway: &str, picture: &mut Picture) -> Result<(), AuditError> {
    let client = Client::new(config);
    let named: Vec<String> = picture.entries.iter().filter_map(Entry::function).collect();
    let mut pages = client.list_functions().into_paginator().send();
    let mut left = MAX_PAGES;
    while let Some(page) = pages.next().await {
        left = left.checked_sub(1).ok_or(AuditError::TooMany("pages of functions", MAX_PAGES))?;
        let page = page.map_err(|error| failed("listing functions", "lambda:ListFunctions", &error))?;
        for found in page.functions() {
            let function = function(found);
            let prefixed = function.name.strip_prefix(gateway).is_some_and(|rest| rest.starts_with('-'));
            if prefixed || named.iter().any(|arn| function.is_at(arn)) {
                picture.functions.push(complete(&client, function).await?);
            }
        }
    }
    Ok(())
}

fn function(found: &FunctionConfiguration) -> Function {
    let variables = found.environment().and_then(|environment| environment.variables());
    let variable = |name: &str| variables.and_then(|variables| variables.get(name)).cloned();
    Function {
        arn: found.function_arn().unwrap_or_default().trim_end_matches(":$LATEST").to_owned(),
        name: found.function_name().unwrap_or_default().to_owned(),
        role: found.role().unwrap_or_default().to_owned(),
        catalog: variable("PENSTOCK_CATALOG"),
        guarded: variable("PENSTOCK_ORIGIN_SECRETS").is_some(),
        ..Function::default()
    }
}

/// Asks for what a list of functions does not say.
async fn complete(client: &Client, mut function: Function) -> Result<Function, AuditError> {
    let name = function.name.clone();
    let tags = client.list_tags().resource(&function.arn).send().await;
    let tags = tags.map_err(|error| failed("reading tags", "lambda:ListTags", &error))?;
    function.tags = tags.tags.unwrap_or_default().into_iter().collect::<BTreeMap<_, _>>();
    let versions = versions(client, &name).await?;
    function.versions = versions.iter().map(|version| at(&function.arn, version)).collect();
    let aliases = aliases(client, &name).await?;
    let live = aliases.iter().filter(|(alias, _)| alias == LIVE).flat_map(|(_, versions)| versions);
    function.live = live.map(|version| at(&function.arn, version)).collect();
    let itself = String::new();
    let aliases = aliases.iter().map(|(alias, _)| alias);
    // A URL leads to the function itself or to an alias, never to a version.
    for qualifier in aliases.clone().chain([&itself]) {
        function.urls.extend(url(client, &name, qualifier).await?);
    }
    let mut seen = BTreeSet::new();
    for qualifier in aliases.chain(&versions).chain([&itself]) {
        let statements = policy(client, &name, qualifier).await?;
        function.policy.extend(statements.into_iter().filter(|one| seen.insert(one.to_string())));
    }
    function.sources = sources(client, &name).await?;
    Ok(function)
}

/// The numbers of the versions that are published.
async fn versions(client: &Client, name: &str) -> Result<Vec<String>, AuditError> {
    let mut found = Vec::new();
    let mut pages = client.list_versions_by_function().function_name(name).into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| failed("listing versions", "lambda:ListVersionsByFunction", &error))?;
        let numbers = page.versions().iter().filter_map(|one| one.version());
        found.extend(numbers.filter(|version| *version != "$LATEST").map(ToOwned::to_owned));
        if found.len() > MAX_QUALIFIERS {
            return Err(AuditError::TooMany("versions of a function", MAX_QUALIFIERS));
        }
    }
    Ok(found)
}

/// The aliases, each with the versions it stands for.
async fn aliases(client: &Client, name: &str) -> Result<Vec<(String, Vec<String>)>, AuditError> {
    let mut found = Vec::new();
    let mut pages = client.list_aliases().function_name(name).into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| failed("listing aliases", "lambda:ListAliases", &error))?;
        for alias in page.aliases() {
            let weights = alias.routing_config().and_then(|routing| routing.additional_version_weights());
            let others = weights.into_iter().flat_map(|weights| weights.keys().map(String::as_str));
            let versions = alias.function_version().into_iter().chain(others).map(ToOwned::to_owned).collect();
            found.push((alias.name().unwrap_or_default().to_owned(), versions));
        }
        if found.len() > MAX_QUALIFIERS {
            return Err(AuditError::TooMany("aliases of a function", MAX_QUALIFIERS));
        }
    }
    Ok(found)
}

fn at(function: &str, qualifier: &str) -> String {
    format!("{function}:{qualifier}")
}

fn some(qualifier: &str) -> Option<String> {
    (!qualifier.is_empty()).then(|| qualifier.to_owned())
}

/// The policy of a function, version or alias; none is an error of its own for Lambda.
async fn policy(client: &Client, name: &str, qualifier: &str) -> Result<Vec<Statement>, AuditError> {
    match client.get_policy().function_name(name).set_qualifier(some(qualifier)).send().await {
        Ok(answer) => Ok(Statement::parse(answer.policy().unwrap_or_default())),
        Err(error) if error.as_service_error().is_some_and(GetPolicyError::is_resource_not_found_exception) => {
            Ok(Vec::new())
        }
        Err(error) => Err(failed("reading a function's policy", "lambda:GetPolicy", &error)),
    }
}

async fn url(client: &Client, name: &str, qualifier: &str) -> Result<Option<Url>, AuditError> {
    match client.get_function_url_config().function_name(name).set_qualifier(some(qualifier)).send().await {
        Ok(answer) => Ok(Some(Url { qualifier: qualifier.to_owned(), auth: answer.auth_type().as_str().to_owned() })),
        Err(error)
            if error.as_service_error().is_some_and(GetFunctionUrlConfigError::is_resource_not_found_exception) =>
        {
            Ok(None)
        }
        Err(error) => Err(failed("reading a function's URL", "lambda:GetFunctionUrlConfig", &error)),
    }
}

async fn sources(client: &Client, name: &str) -> Result<Vec<String>, AuditError> {
    let mut found = Vec::new();
    let mut pages = client.list_event_source_mappings().function_name(name).into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| failed("listing event sources", "lambda:ListEventSourceMappings", &error))?;
        found.extend(
            page.event_source_mappings()
                .iter()
                .map(|one| one.event_source_arn().unwrap_or("a source of its own").to_owned()),
        );
    }
    Ok(found)
}

//! Gateway, tools and the OAuth front as functions of the local host.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::num::NonZeroU32;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use penstock_protocol::manifest::MAX_TIMEOUT_SECONDS;

use super::auth::Auth;
use super::build::Programs;
use crate::catalog::{Tool, Worker};
use crate::host::Function;
use crate::store_api;

/// The gateway's package, binary and function.
pub(crate) const GATEWAY: &str = "penstock-gateway";

/// The OAuth front's package, binary and function.
pub(crate) const FRONT: &str = "penstock-oauth";

/// How long one request to the front may take: it asks one other server at a time.
const FRONT_TIMEOUT: Duration = Duration::from_secs(30);

/// The region of the local host, unless the user's environment names one.
const DEFAULT_REGION: &str = "us-east-1";

/// The variable that says how many tools clients read without help, which the gateway shares with the host.
const TOOL_SEARCH: &str = "PENSTOCK_TOOL_SEARCH";

/// Variables that say what is logged, which functions share with the host.
const LOGGING: [&str; 2] = ["AWS_LAMBDA_LOG_LEVEL", "RUST_BACKTRACE"];

/// What functions need to know about the host they run on.
#[derive(Debug)]
pub(super) struct Setting<'a> {
    pub(super) catalog: &'a Path,
    pub(super) invoke_url: String,
    pub(super) stand_ins: &'a StandIns,
    pub(super) gateway_concurrency: NonZeroU32,
    /// `None`: the gateway is open to this machine.
    pub(super) auth: Option<&'a Auth>,
    pub(super) policies: Option<&'a Path>,
}

/// Where that is which stands in for AWS.
#[derive(Debug)]
pub(super) struct StandIns {
    pub(super) store_url: String,
    /// `None`: workers use the user's AWS account.
    pub(super) sample_account: Option<String>,
}

pub(crate) type Environment = BTreeMap<String, OsString>;

/// The region functions are told they run in.
pub(crate) fn region() -> String {
    let set = ["AWS_REGION", "AWS_DEFAULT_REGION"].into_iter().find_map(|name| std::env::var(name).ok());
    set.filter(|region| !region.is_empty()).unwrap_or_else(|| DEFAULT_REGION.to_owned())
}

/// The gateway, the front if callers sign in, and one function per tool.
pub(super) fn all(tools: &[Tool], programs: &Programs, setting: &Setting<'_>) -> anyhow::Result<Vec<Function>> {
    let mut functions = vec![gateway(programs, setting)?];
    if let Some(auth) = setting.auth {
        functions.push(front(programs, auth, setting.gateway_concurrency)?);
    }
    for tool in tools {
        functions.push(worker(tool, programs, setting.stand_ins)?);
    }
    Ok(functions)
}

fn gateway(programs: &Programs, setting: &Setting<'_>) -> anyhow::Result<Function> {
    let mut environment = logging();
    // It only ever talks to the local host, which checks no signature.
    environment.extend(dummy_credentials());
    environment.insert("PENSTOCK_CATALOG".to_owned(), setting.catalog.into());
    match setting.auth {
        Some(auth) => environment.extend(auth.gateway()),
        None => drop(environment.insert("PENSTOCK_AUTH".to_owned(), "none".into())),
    }
    environment.extend(setting.policies.map(|folder| ("PENSTOCK_POLICIES".to_owned(), folder.into())));
    environment.insert("PENSTOCK_KEYS".to_owned(), one_key().into());
    environment.extend(std::env::var_os(TOOL_SEARCH).map(|above| (TOOL_SEARCH.to_owned(), above)));
    // An open stream costs nothing here; on Lambda it is billed as long as it is open.
    environment.insert("PENSTOCK_SUBSCRIPTIONS".to_owned(), "on".into());
    environment.insert("AWS_ENDPOINT_URL_LAMBDA".to_owned(), setting.invoke_url.clone().into());
    environment.extend(store(setting.stand_ins));
    Ok(Function {
        environment,
        timeout: Duration::from_secs(MAX_TIMEOUT_SECONDS.into()),
        requests_per_environment: setting.gateway_concurrency,
        ..Function::new(GATEWAY, programs.part(GATEWAY)?)
    })
}

fn front(programs: &Programs, auth: &Auth, concurrency: NonZeroU32) -> anyhow::Result<Function> {
    let mut environment = logging();
    environment.extend(auth.front());
    environment.insert("PENSTOCK_KEYS".to_owned(), one_key().into());
    Ok(Function {
        environment,
        timeout: FRONT_TIMEOUT,
        requests_per_environment: concurrency,
        ..Function::new(FRONT, programs.part(FRONT)?)
    })
}

/// The function of one tool.
pub(super) fn worker(tool: &Tool, programs: &Programs, stand_ins: &StandIns) -> anyhow::Result<Function> {
    let name = tool.function_name();
    let is_own = name == GATEWAY || name == FRONT;
    ensure!(!is_own, "{}: no tool may be named {name}, as a part of Penstock is", tool.source.display());
    let mut environment = logging();
    environment.extend(configured(&tool.manifest.environment));
    environment.insert("PENSTOCK_TOOL".to_owned(), tool.definition.id().into());
    match &stand_ins.sample_account {
        Some(url) => {
            environment.extend(sample_account(url));
            environment.extend(store(stand_ins));
        }
        // Without the local store: its endpoint would stand in for the user's own tables.
        None => environment.extend(users_aws()),
    }
    let program = match &tool.worker {
        Worker::Bootstrap(bootstrap) => bootstrap,
        Worker::Cargo(manifest) => {
            let program = programs.workers.get(manifest);
            &program.with_context(|| format!("{} was not built", manifest.display()))?.path
        }
    };
    Ok(Function {
        directory: tool.worker.folder().to_owned(),
        environment,
        timeout: Duration::from_secs(tool.manifest.timeout_seconds.into()),
        memory_megabytes: tool.manifest.memory_megabytes,
        reserved_concurrency: tool.manifest.reserved_concurrency,
        per_tenant: tool.manifest.isolation.is_some(),
        ..Function::new(name, program)
    })
}

/// What a manifest lets the operator set: from the host's own environment, or else the default.
pub(crate) fn configured(variables: &BTreeMap<String, Option<String>>) -> Environment {
    let value = |(name, default): (&String, &Option<String>)| {
        let value = std::env::var_os(name).or_else(|| default.clone().map(Into::into))?;
        Some((name.clone(), value))
    };
    variables.iter().filter_map(value).collect()
}

/// A key for as long as this host runs.
fn one_key() -> String {
    let secret = [uuid::Uuid::new_v4().into_bytes(), uuid::Uuid::new_v4().into_bytes()].concat();
    format!("dev:{}", BASE64_STANDARD.encode(secret))
}

pub(crate) fn logging() -> Environment {
    LOGGING.iter().filter_map(|name| Some(((*name).to_owned(), std::env::var_os(name)?))).collect()
}

fn dummy_credentials() -> [(String, OsString); 2] {
    [("AWS_ACCESS_KEY_ID".to_owned(), "local".into()), ("AWS_SECRET_ACCESS_KEY".to_owned(), "local".into())]
}

/// An AWS account that is not real. It stands in for every service without an endpoint of its own as well, and denies
/// those it does not have: made-up credentials never reach AWS.
fn sample_account(url: &str) -> Environment {
    let endpoints = ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_COST_EXPLORER", "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS"];
    let mut environment: Environment = endpoints.map(|name| (name.to_owned(), url.into())).into();
    environment.extend(dummy_credentials());
    environment.insert("AWS_EC2_METADATA_DISABLED".to_owned(), "true".into());
    environment
}

/// What gateway and workers remember together.
fn store(stand_ins: &StandIns) -> [(String, OsString); 2] {
    [
        ("AWS_ENDPOINT_URL_DYNAMODB".to_owned(), stand_ins.store_url.clone().into()),
        ("PENSTOCK_STORE_TABLE".to_owned(), store_api::TABLE.into()),
    ]
}

/// Where the AWS SDK finds the user's account: its variables, and the home its files are in.
pub(crate) fn users_aws() -> Environment {
    let is_users = |name: &str| name == "HOME" || (name.starts_with("AWS_") && !name.starts_with("AWS_LAMBDA_"));
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
        .filter(|(name, _)| is_users(name))
        .collect()
}

/// Says of a function that does not start what it last said itself.
pub(super) fn explain(function: &str, last: &[String]) -> String {
    if last.is_empty() {
        return format!("the function {function} did not start, and wrote nothing");
    }
    format!("the function {function} did not start; its last lines:\n  {}", last.join("\n  "))
}

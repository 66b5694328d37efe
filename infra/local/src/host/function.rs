use std::collections::BTreeMap;
use std::ffi::OsString;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

/// A function as it is deployed to the host: a program that speaks the Lambda Runtime API.
#[derive(Debug, Clone)]
pub struct Function {
    /// The name it is invoked by.
    pub name: String,
    /// The program each execution environment runs.
    pub program: PathBuf,
    /// The program's arguments.
    pub arguments: Vec<OsString>,
    /// The program's working directory, told to it as `LAMBDA_TASK_ROOT`.
    pub directory: PathBuf,
    /// Environment variables on top of those Lambda sets. Nothing else is inherited.
    pub environment: BTreeMap<String, OsString>,
    /// How long one call may take.
    pub timeout: Duration,
    /// Told to the program as `AWS_LAMBDA_FUNCTION_MEMORY_SIZE`; not enforced. MiB.
    pub memory_megabytes: u32,
    /// Calls that may run at once; further ones are throttled. `None`: as many as the host allows.
    pub reserved_concurrency: Option<u32>,
    /// Calls one execution environment takes at once. 1 is classic Lambda; more is what Lambda
    /// Managed Instances do, and the program learns of it by `AWS_LAMBDA_MAX_CONCURRENCY`.
    pub requests_per_environment: NonZeroU32,
    /// Whether an execution environment serves the calls of one tenant and of no other, for as long as it lives, and
    /// each call has to name its tenant: Lambda's tenant isolation mode `PER_TENANT`.
    pub per_tenant: bool,
}

impl Function {
    /// A function with Lambda's own defaults: 3 s, 128 MiB, one call per environment.
    pub fn new(name: impl Into<String>, program: impl Into<PathBuf>) -> Self {
        let program = program.into();
        let directory = program.parent().map_or_else(|| PathBuf::from("/"), PathBuf::from);
        Self {
            name: name.into(),
            program,
            arguments: Vec::new(),
            directory,
            environment: BTreeMap::new(),
            timeout: Duration::from_secs(3),
            memory_megabytes: 128,
            reserved_concurrency: None,
            requests_per_environment: NonZeroU32::MIN,
            per_tenant: false,
        }
    }

    /// Whether one environment takes several calls at once.
    pub(crate) fn is_concurrent(&self) -> bool {
        self.requests_per_environment > NonZeroU32::MIN
    }
}

/// What holds for every function of a host.
#[derive(Debug, Clone)]
pub struct Options {
    /// The region functions are told they run in.
    pub region: String,
    /// An environment that was not called for this long is stopped.
    pub idle: Duration,
    /// Time from a process's start to its first poll for work; Lambda allows 10 s.
    pub init_limit: Duration,
    /// Environments one function may have.
    pub max_environments: u32,
    /// Largest payload a function is invoked with, in bytes.
    pub max_request: usize,
    /// Largest payload of an asynchronous call, in bytes.
    pub max_event: usize,
    /// Largest buffered response, in bytes.
    pub max_response: usize,
    /// Largest streamed response, in bytes.
    pub max_stream: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            region: "us-east-1".to_owned(),
            idle: Duration::from_mins(5),
            init_limit: Duration::from_secs(10),
            max_environments: 128,
            max_request: 6 * 1024 * 1024,
            max_event: 1024 * 1024,
            max_response: 6 * 1024 * 1024 + 100,
            max_stream: 200 * 1024 * 1024,
        }
    }
}

/// The version every local function has.
pub(crate) const VERSION: &str = "$LATEST";

/// A function's ARN in the account that local functions live in.
pub(crate) fn arn(region: &str, name: &str) -> String {
    format!("arn:aws:lambda:{region}:000000000000:function:{name}")
}

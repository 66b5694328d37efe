//! The Lambda runtime around [`respond`].

use std::convert::Infallible;
use std::env;
use std::panic;
use std::process::ExitCode;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::{self, Stream};
use lambda_runtime::{LambdaEvent, Runtime, StreamResponse, service_fn};
use penstock_protocol::RawValue;
use tokio::runtime::Builder;
use tokio::sync::mpsc;
use tracing_subscriber::filter::LevelFilter;

use crate::Family;
use crate::deployed::Deployed;
use crate::init::InitError;
use crate::respond::{Invocation, respond};

/// Names what a function is deployed as, by its id: a tool's name, `prompt:name`, `resource:name`,
/// `template:name`, `prompts:name` or `resources:name`.
pub(crate) const TOOL: &str = "PENSTOCK_TOOL";
/// Where the Runtime API listens; set by Lambda.
pub(crate) const RUNTIME_API: &str = "AWS_LAMBDA_RUNTIME_API";
/// Names the `DynamoDB` table that gateway and workers share; where it is absent, no call is known to be cancelled.
#[cfg(feature = "cancellation")]
pub(crate) const STORE_TABLE: &str = "PENSTOCK_STORE_TABLE";
/// What `lambda_runtime` panics without.
const REQUIRED: [&str; 4] =
    [RUNTIME_API, "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE"];
/// Set by Lambda's logging controls.
pub(crate) const LOG_LEVEL: &str = "AWS_LAMBDA_LOG_LEVEL";
/// Set by Lambda Managed Instances: calls one process takes at once.
const MAX_CONCURRENCY: &str = "AWS_LAMBDA_MAX_CONCURRENCY";

/// Serves `family` from `main`.
pub(crate) fn run(family: Family) -> ExitCode {
    if let Err(error) = start(family) {
        eprintln!("the function cannot start: {error}");
        if let Ok(runtime_api) = env::var(RUNTIME_API) {
            error.post(&runtime_api);
        }
    }
    ExitCode::FAILURE
}

fn start(family: Family) -> Result<(), InitError> {
    log_to_stderr()?;
    let missing: Vec<_> = REQUIRED.into_iter().filter(|name| env::var_os(name).is_none()).collect();
    if !missing.is_empty() {
        return Err(InitError::NotInLambda(missing.join(", ")));
    }
    let concurrent = env::var(MAX_CONCURRENCY).is_ok_and(|calls| calls.parse().is_ok_and(|calls: u32| calls > 1));
    let mut builder = if concurrent { Builder::new_multi_thread() } else { Builder::new_current_thread() };
    let runtime = builder.enable_all().build().map_err(InitError::Runtime)?;
    runtime.block_on(async {
        let deployed = family.construct(env::var(TOOL).ok()).await?;
        poll(Arc::new(deployed)).await;
        Ok(())
    })
}

/// Takes calls until Lambda ends the process.
async fn poll(deployed: Arc<Deployed>) {
    let handler = service_fn(move |event: LambdaEvent<Box<RawValue>>| {
        let invocation = Invocation {
            deadline: event.context.deadline(),
            request_id: event.context.request_id,
            event: event.payload,
        };
        let frames = respond(Arc::clone(&deployed), invocation);
        async { Ok::<_, Infallible>(StreamResponse::from(body(frames))) }
    });
    if let Err(error) = Runtime::new(handler).run_concurrent().await {
        tracing::error!(%error, "the Runtime API is gone");
    }
}

/// The response body. It has no error to yield: `lambda_runtime` writes one into the payload as text.
fn body(mut frames: mpsc::Receiver<Bytes>) -> impl Stream<Item = Result<Bytes, Infallible>> + Unpin {
    stream::poll_fn(move |context| frames.poll_recv(context).map(|line| line.map(Ok)))
}

/// Sets up one JSON object a line, as Lambda's logging controls expect.
fn log_to_stderr() -> Result<(), InitError> {
    let level = match env::var(LOG_LEVEL).ok().as_deref() {
        None | Some("INFO") => LevelFilter::INFO,
        // `lambda_runtime` traces whole events, arguments and all.
        Some("DEBUG" | "TRACE") => LevelFilter::DEBUG,
        Some("WARN") => LevelFilter::WARN,
        Some("ERROR" | "FATAL") => LevelFilter::ERROR,
        Some(other) => return Err(InitError::LogLevel(other.to_owned())),
    };
    tracing_subscriber::fmt().json().flatten_event(true).with_max_level(level).with_writer(std::io::stderr).init();
    // The standard hook prints the panic's text, which may quote arguments.
    panic::set_hook(Box::new(|panic| {
        let location = panic.location().map(ToString::to_string);
        tracing::error!(location, "panicked");
    }));
    Ok(())
}

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::function::{Function, Options, VERSION};
use super::guard::Guard;
use super::output::Output;

/// How long what an ended process wrote is waited for: somebody outside its group may hold its output open.
const DRAIN_LIMIT: Duration = Duration::from_secs(1);

/// The process of one execution environment, with everything it started. Dropping it kills both.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    group: Option<Pid>,
    guard: Arc<Guard>,
    /// What reads its stdout and stderr.
    readers: Vec<JoinHandle<()>>,
}

impl Process {
    /// Starts the function's program against the Runtime API at `runtime_api`.
    pub(crate) fn start(
        function: &Function,
        options: &Options,
        runtime_api: SocketAddr,
        guard: &Arc<Guard>,
        output: &Arc<Output>,
    ) -> io::Result<Self> {
        let mut child = command(function, options, runtime_api).spawn()?;
        let stdout = child.stdout.take().map(|stdout| tokio::spawn(Arc::clone(output).pass_on(stdout)));
        let stderr = child.stderr.take().map(|stderr| tokio::spawn(Arc::clone(output).pass_on(stderr)));
        let group = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        if let Some(group) = group {
            guard.watch(group.as_raw_pid());
        }
        let readers = stdout.into_iter().chain(stderr).collect();
        Ok(Self { child, group, guard: Arc::clone(guard), readers })
    }

    /// Waits until the process exits. May be dropped and called again.
    pub(crate) async fn exited(&mut self) -> io::Result<ExitStatus> {
        self.child.wait().await
    }

    /// Kills what is left of the process and its descendants, reaps it, and reads its last words.
    pub(crate) async fn end(mut self) {
        self.kill_group();
        let _ = self.child.wait().await;
        for reader in self.readers.drain(..) {
            let _ = timeout(DRAIN_LIMIT, reader).await;
        }
    }

    fn kill_group(&mut self) {
        if let Some(group) = self.group.take() {
            // An error means that nobody is left in the group, which is what is wanted.
            let _ = kill_process_group(group, Signal::KILL);
            self.guard.release(group.as_raw_pid());
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill_group();
    }
}

fn command(function: &Function, options: &Options, runtime_api: SocketAddr) -> Command {
    let mut command = Command::new(&function.program);
    command
        .args(&function.arguments)
        .current_dir(&function.directory)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .process_group(0)
        // Nothing of the host's own environment reaches a function by accident.
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_else(|| "/usr/local/bin:/usr/bin:/bin".into()))
        .env("HOME", "/tmp")
        .env("LANG", "en_US.UTF-8")
        .env("TZ", ":UTC")
        .env("AWS_REGION", &options.region)
        .env("AWS_DEFAULT_REGION", &options.region)
        .env("AWS_EXECUTION_ENV", "AWS_Lambda_provided.al2023")
        .env("AWS_LAMBDA_FUNCTION_NAME", &function.name)
        .env("AWS_LAMBDA_FUNCTION_VERSION", VERSION)
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", function.memory_megabytes.to_string())
        .env("AWS_LAMBDA_LOG_GROUP_NAME", format!("/aws/lambda/{}", function.name))
        .env("AWS_LAMBDA_LOG_STREAM_NAME", format!("local/[{VERSION}]{}", uuid::Uuid::new_v4().simple()))
        .env("AWS_LAMBDA_RUNTIME_API", runtime_api.to_string())
        .env("LAMBDA_TASK_ROOT", &function.directory)
        .env("_HANDLER", handler(&function.program));
    let mut initialization = "on-demand";
    if function.is_concurrent() {
        initialization = "lambda-managed-instances";
        command.env("AWS_LAMBDA_MAX_CONCURRENCY", function.requests_per_environment.to_string());
    }
    command.env("AWS_LAMBDA_INITIALIZATION_TYPE", initialization);
    command.envs(&function.environment);
    command
}

fn handler(program: &Path) -> &std::ffi::OsStr {
    program.file_name().unwrap_or_else(|| std::ffi::OsStr::new("bootstrap"))
}

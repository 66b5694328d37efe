use std::io;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::time::Duration;

use super::error::FunctionError;

/// Why an execution environment ended.
#[derive(Debug, Clone)]
pub(crate) enum Ending {
    /// The program could not be started.
    Launch(String),
    /// The process said that its initialisation failed.
    Init(FunctionError),
    /// The process did not ask for work in time.
    InitTimeout(Duration),
    /// A call took too long, so the process was killed.
    Timeout(Duration),
    /// The process exited by itself.
    Exit(String),
    /// Nobody called it for long.
    Idle,
    /// The host stops.
    Stopped,
}

impl Ending {
    pub(crate) fn exited(status: io::Result<ExitStatus>) -> Self {
        Self::Exit(match status {
            Ok(status) if status.success() => "Runtime exited without providing a reason".to_owned(),
            Ok(status) => match (status.code(), status.signal()) {
                (Some(code), _) => format!("Runtime exited with error: exit status {code}"),
                (None, Some(signal)) => format!("Runtime exited with error: signal: {signal}"),
                (None, None) => "Runtime exited with error".to_owned(),
            },
            Err(error) => format!("Runtime exited with error: {error}"),
        })
    }

    /// What the caller of a call that was not answered because of this is told.
    pub(crate) fn error(&self, request_id: &str) -> FunctionError {
        match self {
            Self::Launch(reason) => {
                FunctionError::new("Runtime.InvalidEntrypoint", &format!("RequestId: {request_id} Error: {reason}"))
            }
            Self::Init(error) => error.clone(),
            Self::InitTimeout(limit) => {
                let message =
                    format!("RequestId: {request_id} Error: Init timed out after {:.2} seconds", limit.as_secs_f64());
                FunctionError::new("Sandbox.Timedout", &message)
            }
            Self::Timeout(timeout) => FunctionError::timed_out(request_id, *timeout),
            Self::Exit(reason) => {
                FunctionError::new("Runtime.ExitError", &format!("RequestId: {request_id} Error: {reason}"))
            }
            Self::Idle | Self::Stopped => FunctionError::stopped(),
        }
    }

    /// Says on the host's log what a developer needs to know.
    pub(crate) fn log(&self, function: &str) {
        match self {
            Self::Launch(reason) => tracing::error!(function, "cannot be started: {reason}"),
            Self::Init(error) => tracing::error!(function, "initialisation failed: {}", error.kind),
            Self::InitTimeout(limit) => tracing::error!(function, "did not ask for work within {limit:?} of its start"),
            Self::Timeout(timeout) => tracing::warn!(function, "killed: a call took longer than {timeout:?}"),
            Self::Exit(reason) => tracing::warn!(function, "{reason}"),
            Self::Idle => tracing::debug!(function, "stopped an idle environment"),
            Self::Stopped => {}
        }
    }
}

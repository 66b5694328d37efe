//! How a command that asks a gateway ends.

use std::io;
use std::process::ExitCode;

use crate::client::RpcError;

/// The tool failed, or the gateway refused the request.
const FAILED: u8 = 1;

/// The command is wrong, or the gateway cannot be reached.
const UNUSABLE: u8 = 2;

/// What a shell reports of a program that SIGINT ended.
const INTERRUPTED: u8 = 130;

/// What came of a request that was answered.
#[derive(Debug)]
pub(super) enum Outcome {
    /// What was asked for.
    Done,
    /// A result that says the tool failed. It has been shown.
    Failed,
    /// A JSON-RPC error.
    Refused(RpcError),
}

/// Waits for `command` or Ctrl-C, which drops it and so closes its stream. Errors are told on standard
/// error.
pub(super) async fn exit_code(command: impl Future<Output = anyhow::Result<Outcome>>) -> ExitCode {
    let outcome = tokio::select! {
        outcome = command => outcome,
        _ = tokio::signal::ctrl_c() => return ExitCode::from(INTERRUPTED),
    };
    match outcome {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Failed) => ExitCode::from(FAILED),
        Ok(Outcome::Refused(error)) => {
            eprintln!("the gateway answers with {error}");
            if let Some(data) = error.data {
                eprintln!("{data:#}");
            }
            ExitCode::from(FAILED)
        }
        // Whoever read the output, e.g. `head`, has seen enough.
        Err(error) if error.downcast_ref().is_some_and(is_broken_pipe) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::from(UNUSABLE)
        }
    }
}

fn is_broken_pipe(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::BrokenPipe
}

//! `penstock contract`: holds a worker, in any language, to docs/contract.md.
//!
//! The command is run by the local host as `penstock dev` runs it, and called as the gateway calls it. What it sends
//! back is read by the gateway's own decoder. Nothing is assumed of a worker but its manifest.
//!
//! | module | holds |
//! |---|---|
//! | `rule` | the rules, and the sections they stand in |
//! | `subject` | the manifest, and the sample call that follows from it |
//! | `sample`, `template` | arguments and variables nobody gave |
//! | `worker` | the command as a function |
//! | `heard` | one answer, read to its end |
//! | `shape` | what MCP results look like |
//! | `answer` | what is looked at in the first answer |
//! | `suite` | the calls, one after another |

mod answer;
mod heard;
mod report;
mod rule;
mod sample;
mod shape;
mod subject;
mod suite;
mod template;
mod worker;

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;

use self::subject::Subject;
use self::worker::{Command, Worker};
use crate::host::HostError;

pub use report::Report;
pub use rule::Check;

/// What to examine.
#[derive(Debug, Clone, Default)]
pub struct Order {
    /// The worker's program and its arguments.
    pub command: Vec<OsString>,
    /// The manifest; by default the one in the current folder, or else beside the program.
    pub manifest: Option<PathBuf>,
    /// Arguments of a sample call, a JSON object; by default made up from the schema where that is possible.
    pub arguments: Option<String>,
    /// What to read of a resource template.
    pub uri: Option<String>,
    /// Environment variables for the worker, beside those its manifest names and the user's own of AWS.
    pub environment: Vec<(String, OsString)>,
}

/// Why nothing was examined.
#[derive(Debug, thiserror::Error)]
pub enum OrderError {
    /// There is no command.
    #[error("there is no command; write it behind --, as in `penstock contract -- ./bootstrap`")]
    NoCommand,
    /// The command's path leads nowhere.
    #[error("{0}: there is no such program")]
    NoProgram(String),
    /// No folder has a manifest.
    #[error("there is no tool.json, prompt.json or resource.json in {0}; name one with --manifest")]
    NoManifest(String),
    /// A folder has more than one.
    #[error("{0} has more than one manifest; name one with --manifest")]
    SeveralManifests(PathBuf),
    /// A manifest that cannot be used.
    #[error("{0}: {1}")]
    Manifest(PathBuf, String),
    /// `--arguments` is not a JSON object.
    #[error("--arguments is not a JSON object; write it as in '{{\"steps\": 5}}', quotes included")]
    Arguments,
    /// `--arguments` do not fit the schema.
    #[error("--arguments do not fit `inputSchema`:\n{0}")]
    Misfit(String),
    /// The schema does not say enough.
    #[error("`inputSchema` does not tell what to call the tool with; give it --arguments, or the schema `examples`")]
    NoArguments,
    /// A template, and nothing to read.
    #[error("{0} is a template; say what to read of it with --uri")]
    Uri(String),
    /// The local host cannot do its part.
    #[error(transparent)]
    Host(#[from] HostError),
    /// The system refuses something every run needs.
    #[error("the worker cannot be run: {0}")]
    Io(#[from] io::Error),
}

/// Runs a worker and holds it to the contract. Takes as long as the worker: each of some fifteen calls up to its own
/// timeout, but none after the first that is not answered at all.
///
/// # Errors
/// [`OrderError`] if there is nothing to call. Whatever is wrong with the worker is in the report.
pub async fn examine(order: &Order) -> Result<Report, OrderError> {
    let command = Command::new(&order.command)?;
    let folders: Vec<PathBuf> = [std::env::current_dir()?].into_iter().chain(command.folder.clone()).collect();
    let subject = Subject::read(order, &folders)?;
    let worker = Worker::start(order, command, &subject).await?;
    let checks = suite::run(&worker).await;
    worker.stop().await;
    Ok(Report { worker: subject.definition.id(), checks: checks? })
}

//! `penstock contract`: holds a worker to the contract.
//!
//! Subcommand: `Contract(contract::ContractArgs)`, run by `contract::run(args).await`.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use super::outcome::{self, Outcome};
use crate::contract::{self, Order};

/// Run a worker, in any language, and hold it to the contract between gateway and worker.
#[derive(Debug, clap::Args)]
pub struct ContractArgs {
    /// Its manifest; by default the one in the current folder, or else beside the program.
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
    /// Arguments to call it with, a JSON object; by default made up from the schema where that is possible.
    #[arg(long, value_name = "JSON")]
    arguments: Option<String>,
    /// What to read of a resource template.
    #[arg(long, value_name = "URI")]
    uri: Option<String>,
    /// An environment variable for the worker. May be given several times.
    #[arg(long, value_name = "NAME=VALUE", value_parser = variable)]
    env: Vec<(String, OsString)>,
    /// Write one JSON object instead of text.
    #[arg(long)]
    json: bool,
    /// The program that serves it, and its arguments.
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

fn variable(text: &str) -> Result<(String, OsString), String> {
    let (name, value) = text.split_once('=').ok_or("write it as NAME=VALUE")?;
    Ok((name.to_owned(), value.into()))
}

/// Runs the command.
///
/// Exit code 1: a rule is broken; 2: the command is wrong; 130: interrupted. Warnings alone are 0.
pub async fn run(args: ContractArgs) -> ExitCode {
    outcome::exit_code(examine(args, &mut io::stdout())).await
}

async fn examine(args: ContractArgs, out: &mut impl Write) -> anyhow::Result<Outcome> {
    let ContractArgs { manifest, arguments, uri, env, json, command } = args;
    let report = contract::examine(&Order { command, manifest, arguments, uri, environment: env }).await?;
    if json {
        report.write_json(out)?;
    } else {
        report.write_text(out)?;
    }
    Ok(if report.is_wrong() { Outcome::Failed } else { Outcome::Done })
}

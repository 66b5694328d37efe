//! `penstock doctor`: examines a URL as MCP clients would meet it.
//!
//! Subcommand: `Doctor(doctor::DoctorArgs)`, run by `doctor::run(args).await`.

use std::io::{self, Write};
use std::process::ExitCode;

use super::outcome::{self, Outcome};
use crate::doctor::{self, Order};

/// Do what MCP clients do when they meet a URL; say what is wrong and how to mend it.
#[derive(Debug, clap::Args)]
pub struct DoctorArgs {
    /// The MCP endpoint, as people type it into their client.
    url: String,
    /// OAuth access token, to look behind the door too.
    #[arg(long, value_name = "TOKEN")]
    token: Option<String>,
    /// A client id to ask for a sign-in page with, instead of registering one.
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
    /// A tool that reports progress, to see whether events arrive one by one. By default `long_operation`.
    #[arg(long, value_name = "NAME")]
    tool: Option<String>,
    /// The tool's arguments, a JSON object.
    #[arg(long, value_name = "JSON", requires = "tool")]
    arguments: Option<String>,
    /// Write one JSON object instead of text.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
///
/// Exit code 1: something is wrong; 2: the command is; 130: interrupted. Warnings alone are 0.
pub async fn run(args: DoctorArgs) -> ExitCode {
    outcome::exit_code(examine(args, &mut io::stdout())).await
}

async fn examine(args: DoctorArgs, out: &mut impl Write) -> anyhow::Result<Outcome> {
    let DoctorArgs { url, token, client_id, tool, arguments, json } = args;
    let report = doctor::examine(&Order { url, token, client_id, tool, arguments }).await?;
    if json {
        report.write_json(out)?;
    } else {
        report.write_text(out)?;
    }
    Ok(if report.is_wrong() { Outcome::Failed } else { Outcome::Done })
}

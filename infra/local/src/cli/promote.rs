//! `penstock promote`: a canary is for more callers, or for all.
//!
//! Subcommand: `Promote(promote::PromoteArgs)`, run by `promote::run(args).await`.

use std::io;
use std::process::ExitCode;

use super::outcome::{self, Outcome};
use crate::release::{Release, ReleaseError, Step};

/// Serve a tool's canary to more callers, or to everybody.
#[derive(Debug, clap::Args)]
pub struct PromoteArgs {
    #[command(flatten)]
    target: ReleaseTarget,
    /// The percentage of callers it is for, 0 to 99. Without, it is for everybody.
    #[arg(long, value_name = "P", value_parser = clap::value_parser!(u8).range(0..=99))]
    percent: Option<u8>,
}

/// Of which tool a release is.
#[derive(Debug, clap::Args)]
pub struct ReleaseTarget {
    /// The tool. Of other kinds: prompt:NAME, resource:NAME, template:NAME, prompts:NAME or resources:NAME.
    #[arg(value_parser = id)]
    tool: String,
    /// The gateway, with its stage: prod-penstock.
    #[arg(long, value_name = "NAME", value_parser = gateway)]
    gateway: String,
}

/// Runs the command.
///
/// Exit code 1: nothing was changed, because what is deployed rules it out, or somebody else wrote at the same time; 2: the
/// command is wrong, or AWS out of reach; 130: interrupted.
pub async fn run(args: PromoteArgs) -> ExitCode {
    outcome::exit_code(Box::pin(release(args.target, Step::Promote(args.percent)))).await
}

/// Makes one step and says what has changed.
pub(super) async fn release(target: ReleaseTarget, step: Step) -> anyhow::Result<Outcome> {
    let ReleaseTarget { tool, gateway } = target;
    match (Release { tool, gateway, step }).run().await {
        Ok(report) => {
            report.write_text(&mut io::stdout())?;
            Ok(if report.is_contended() { Outcome::Failed } else { Outcome::Done })
        }
        Err(error) => failed(error),
    }
}

fn failed(error: ReleaseError) -> anyhow::Result<Outcome> {
    if !error.is_refusal() {
        return Err(error.into());
    }
    eprintln!("{error}");
    Ok(Outcome::Failed)
}

/// What can be the name of something that is served, with the prefix of its kind.
fn id(text: &str) -> Result<String, &'static str> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.:".contains(&byte);
    let is_id = !text.is_empty() && text.bytes().all(fits);
    if is_id { Ok(text.to_owned()) } else { Err("use A-Z a-z 0-9 _ - . and a prefix such as prompt:") }
}

/// What can be a gateway's name: it becomes part of a path.
fn gateway(text: &str) -> Result<String, &'static str> {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_name = !text.is_empty() && text.bytes().all(fits);
    if is_name { Ok(text.to_owned()) } else { Err("use <stage>-<name> of a-z 0-9 -") }
}

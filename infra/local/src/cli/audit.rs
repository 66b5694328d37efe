//! `penstock audit`: who may do what.
//!
//! Subcommand: `Audit(audit::AuditArgs)`, run by `audit::run(args).await`.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use super::outcome::{self, Outcome};
use crate::audit::{self, Order};

/// Say what each tool may do and who may invoke it; fail where that is more than it should be.
#[derive(Debug, clap::Args)]
pub struct AuditArgs {
    /// CloudFormation templates, or folders that `cdk synth` has made.
    #[arg(value_name = "TEMPLATE|FOLDER", required_unless_present = "live")]
    templates: Vec<PathBuf>,
    /// Only this gateway: `dev-penstock`.
    #[arg(long, value_name = "NAME", required_if_eq("live", "true"))]
    gateway: Option<String>,
    /// Look at the account and region of the AWS environment; with templates, at what differs too.
    #[arg(long)]
    live: bool,
    /// A principal that may invoke all the same: an ARN, in which * stands for anything. May be given several times.
    #[arg(long = "allow-principal", value_name = "ARN")]
    allowed: Vec<String>,
    /// Write one JSON object instead of text.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
///
/// Exit code 1: something is wrong; 2: nothing could be audited; 130: interrupted.
pub async fn run(args: AuditArgs) -> ExitCode {
    outcome::exit_code(examine(args, &mut io::stdout())).await
}

async fn examine(args: AuditArgs, out: &mut impl Write) -> anyhow::Result<Outcome> {
    let AuditArgs { templates, gateway, live, allowed, json } = args;
    let report = audit::audit(&Order { templates, gateway, live, allowed }).await?;
    if json {
        report.write_json(out)?;
    } else {
        report.write_text(out)?;
    }
    Ok(if report.is_wrong() { Outcome::Failed } else { Outcome::Done })
}

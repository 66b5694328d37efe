//! `penstock rollback`: what was for everybody before, is again.
//!
//! Subcommand: `Rollback(rollback::RollbackArgs)`, run by `rollback::run(args).await`.

use std::process::ExitCode;

use super::outcome;
use super::promote::{ReleaseTarget, release};
use crate::release::Step;

/// Serve what was served before: instead of a canary, or of the newest version.
#[derive(Debug, clap::Args)]
pub struct RollbackArgs {
    #[command(flatten)]
    target: ReleaseTarget,
    /// The version to serve to everybody. Without, the one before.
    #[arg(long, value_name = "VERSION", value_parser = clap::value_parser!(u64).range(1..))]
    to: Option<u64>,
}

/// Runs the command. Exit codes are those of `penstock promote`.
pub async fn run(args: RollbackArgs) -> ExitCode {
    outcome::exit_code(Box::pin(release(args.target, Step::RollBack(args.to)))).await
}

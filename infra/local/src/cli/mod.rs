//! The command line: one file per subcommand.

pub mod audit;
pub mod call;
pub mod contract;
pub mod doctor;
pub mod new;
mod outcome;
pub mod policy;
pub mod promote;
pub mod rollback;
pub mod token;
pub mod tools;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::dev::{self, DevArgs};
use crate::token::TokenRequest;

/// Penstock: an MCP gateway on AWS Lambda.
#[derive(Debug, Parser)]
#[command(name = "penstock", version, args_conflicts_with_subcommands = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    /// Without a subcommand, `dev` is meant.
    #[command(flatten)]
    dev: DevArgs,
}

#[derive(Debug, Subcommand)]
enum Command {
    Dev(DevArgs),
    Call(call::CallArgs),
    /// Print a test token for `penstock dev --auth`.
    Token(TokenRequest),
    Tools(tools::ToolsArgs),
    New(new::NewArgs),
    Doctor(doctor::DoctorArgs),
    Contract(contract::ContractArgs),
    Policy(policy::PolicyArgs),
    Promote(promote::PromoteArgs),
    Rollback(rollback::RollbackArgs),
    Audit(audit::AuditArgs),
}

impl Cli {
    /// Runs the command; answers what the process exits with.
    pub async fn run(self) -> ExitCode {
        match self.command.unwrap_or(Command::Dev(self.dev)) {
            Command::Dev(args) => match dev::run(args).await {
                Ok(()) => ExitCode::SUCCESS,
                Err(error) => {
                    eprintln!("error: {error:#}");
                    ExitCode::FAILURE
                }
            },
            Command::Call(args) => call::run(args).await,
            Command::Token(wanted) => token::run(wanted).await,
            Command::New(args) => new::run(args).await,
            Command::Tools(args) => tools::run(args).await,
            Command::Doctor(args) => doctor::run(args).await,
            Command::Contract(args) => contract::run(args).await,
            Command::Policy(args) => policy::run(&args),
            Command::Promote(args) => promote::run(args).await,
            Command::Rollback(args) => rollback::run(args).await,
            Command::Audit(args) => audit::run(args).await,
        }
    }
}

//! `penstock token`: prints a test token for `penstock dev --auth`.
//!
//! Subcommand: `Token(TokenRequest)`, run by `token::run(request).await`.

use std::io::{self, Write as _};
use std::process::ExitCode;

use super::outcome::{self, Outcome};
use crate::token::{self, TokenRequest};

/// Runs the command. The token alone is on standard output.
///
/// Exit code 2: there is no token, and why is on standard error; 130: interrupted.
pub async fn run(wanted: TokenRequest) -> ExitCode {
    outcome::exit_code(print(&wanted)).await
}

async fn print(wanted: &TokenRequest) -> anyhow::Result<Outcome> {
    let token = token::request(wanted).await?;
    writeln!(io::stdout(), "{token}")?;
    Ok(Outcome::Done)
}

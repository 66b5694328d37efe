//! The `penstock` command.

use std::process::ExitCode;

use clap::Parser;
use penstock::cli::Cli;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

#[tokio::main]
async fn main() -> ExitCode {
    // That it finds no region or credentials, the commands say themselves, and what to do about it.
    let directives = std::env::var(EnvFilter::DEFAULT_ENV).unwrap_or_else(|_| "info,aws_config=error".to_owned());
    let filter = match EnvFilter::builder().with_default_directive(LevelFilter::INFO.into()).parse(directives) {
        Ok(filter) => filter,
        Err(error) => {
            eprintln!("error: RUST_LOG: {error}");
            return ExitCode::from(2);
        }
    };
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).without_time().init();
    Cli::parse().run().await
}

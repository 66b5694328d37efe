//! The `penstock` command.

use std::process::ExitCode;

use clap::Parser;
use penstock::cli::Cli;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

#[tokio::main]
async fn main() -> ExitCode {
    let filter = match EnvFilter::builder().with_default_directive(LevelFilter::INFO.into()).from_env() {
        Ok(filter) => filter,
        Err(error) => {
            eprintln!("error: RUST_LOG: {error}");
            return ExitCode::from(2);
        }
    };
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).without_time().init();
    Cli::parse().run().await
}

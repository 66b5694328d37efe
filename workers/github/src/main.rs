//! Worker family: repositories on GitHub.

mod failure;
mod github;
mod model;
mod repository;
mod search_repositories;
mod secret;
mod token;

use std::process::ExitCode;

use penstock_kit::Family;

use crate::github::GitHub;

fn main() -> ExitCode {
    Family::new()
        .try_tool(async || GitHub::from_env().await.map(search_repositories::SearchRepositories))
        .try_template(async || GitHub::from_env().await.map(repository::Repository))
        .serve()
}

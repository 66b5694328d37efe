//! Worker family: a library of prompts, filled by its operator.

mod arguments;
mod front_matter;
mod library;
mod shelf;
mod template;

use std::process::ExitCode;

use penstock_kit::Family;

fn main() -> ExitCode {
    Family::new().try_prompt_library(async || library::Library::open().await).serve()
}

//! Worker family: files of a folder or a bucket as resources.

mod document;
mod media;

use std::process::ExitCode;

use penstock_kit::Family;

fn main() -> ExitCode {
    Family::new().try_template(async || document::Document::open().await).serve()
}

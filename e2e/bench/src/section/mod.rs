//! One section a file: each prints its table and answers the bounds it measured.

mod first_event;
mod https;
mod list;
mod load;
mod memory;
mod micro;
mod size;
mod start;
mod stream;

use crate::options::{Options, Section};
use crate::programs::Programs;
use crate::report::Requirement;

/// Runs the sections that were asked for, in order.
pub(crate) async fn run(options: &Options) -> anyhow::Result<Vec<Requirement>> {
    let mut met = Vec::new();
    if options.wants(Section::Micro) {
        micro::run(options).await?;
    }
    if options.wants_only(Section::Micro) {
        return Ok(met);
    }
    let programs = tokio::task::spawn_blocking(Programs::build).await??;
    if options.wants(Section::Load) {
        met.extend(load::run(options, &programs).await?);
    }
    if options.wants(Section::List) {
        met.extend(list::run(options, &programs).await?);
    }
    if options.wants(Section::Stream) {
        met.extend(stream::run(options, &programs)?);
    }
    if options.wants(Section::FirstEvent) {
        met.extend(first_event::run(options, &programs).await?);
    }
    if options.wants(Section::Memory) {
        met.extend(memory::run(options, &programs).await?);
    }
    if options.wants(Section::Start) {
        met.extend(start::run(options, &programs).await?);
    }
    if options.wants(Section::Https) {
        met.extend(https::run(options, &programs).await?);
    }
    if options.wants(Section::Size) {
        met.extend(size::run(&programs).await?);
    }
    Ok(met)
}

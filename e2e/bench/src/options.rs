use std::time::Duration;

use clap::{Parser, ValueEnum};

/// Benchmarks of the Penstock gateway: tables with ratios, then the bounds that must hold.
#[derive(Debug, Parser)]
#[command(name = "penstock-bench")]
pub(crate) struct Options {
    /// Run this section only. May be given several times.
    #[arg(long, value_name = "SECTION")]
    only: Vec<Section>,
    /// Fewer and shorter repetitions: shows that everything works, measures roughly.
    #[arg(long)]
    quick: bool,
    /// Exit with 1 if a bound is missed.
    #[arg(long)]
    pub(crate) strict: bool,
}

/// A part of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Section {
    /// Decoder and `Gateway::handle` without sockets, by criterion.
    Micro,
    /// `tools/call` of `ping` beside direct invocations, at 1, 16 and 64 calls at once.
    Load,
    /// `tools/list` of 100 tools beside a fixed body.
    List,
    /// 100 progress events a call beside a bare streaming proxy.
    Stream,
    /// Time to the first event beside direct invocations.
    FirstEvent,
    /// Memory while 1, 10 and 100 MB pass.
    Memory,
    /// Process start to the first poll for work, beside a bare function.
    Start,
    /// The first HTTPS call beside later ones.
    Https,
    /// Binary sizes and idle memory.
    Size,
}

impl Options {
    /// Whether a section was asked for.
    pub(crate) fn wants(&self, section: Section) -> bool {
        self.only.is_empty() || self.only.contains(&section)
    }

    /// Whether nothing but this section was asked for.
    pub(crate) fn wants_only(&self, section: Section) -> bool {
        self.only == [section]
    }

    /// Whether only a rough measurement was asked for.
    pub(crate) fn is_quick(&self) -> bool {
        self.quick
    }

    /// How often interleaved phases are repeated.
    pub(crate) fn rounds(&self) -> usize {
        if self.quick { 3 } else { 7 }
    }

    /// How long one phase of load lasts.
    pub(crate) fn phase(&self) -> Duration {
        Duration::from_millis(if self.quick { 200 } else { 1000 })
    }

    /// A number of single measurements, fewer of them in a hurry.
    pub(crate) fn samples(&self, full: usize) -> usize {
        if self.quick { full.div_ceil(5).max(3) } else { full }
    }
}

//! Which processor a thread, and what it starts, runs on.

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// Two processors this process may use: one for what is measured, the other for the rest.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Processors {
    ours: usize,
    measured: usize,
}

impl Processors {
    /// The first and the last there are; the same one if there is but one.
    pub(crate) fn choose() -> anyhow::Result<Self> {
        let allowed = sched_getaffinity(None)?;
        let mut allowed = (0..CpuSet::MAX_CPU).filter(|cpu| allowed.is_set(*cpu));
        let ours = allowed.next().unwrap_or_default();
        Ok(Self { ours, measured: allowed.next_back().unwrap_or(ours) })
    }

    /// Keeps this thread on our processor.
    pub(crate) fn work(self) -> anyhow::Result<()> {
        pin(self.ours)
    }

    /// Moves this thread to the other one: processes started from here on stay there.
    pub(crate) fn start_measured(self) -> anyhow::Result<()> {
        pin(self.measured)
    }
}

fn pin(cpu: usize) -> anyhow::Result<()> {
    let mut set = CpuSet::new();
    set.set(cpu);
    Ok(sched_setaffinity(None, &set)?)
}

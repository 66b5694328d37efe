//! Phases of load on one process, and the row they make.

use std::time::Duration;

use crate::load::{Load, Samples};
use crate::process::Process;
use crate::report::Table;
use crate::stats::{median, quantile};

/// What several phases showed; times in seconds.
#[derive(Debug, Default)]
pub(crate) struct Series {
    rates: Vec<f64>,
    cpu: Vec<f64>,
    latencies: Vec<f64>,
    memory: f64,
}

impl Series {
    /// Adds a phase of `load` on `process`.
    pub(crate) async fn measure(&mut self, process: &Process, load: &mut Load, time: Duration) -> anyhow::Result<()> {
        let before = process.cpu().await?;
        let samples = load.run(time).await?;
        self.add(&samples, process, before).await
    }

    /// Adds a phase that `process` has gone through, having used `before` seconds of CPU until then.
    pub(crate) async fn add(&mut self, samples: &Samples, process: &Process, before: f64) -> anyhow::Result<()> {
        let used = process.cpu().await? - before;
        self.rates.push(samples.count() / samples.elapsed);
        self.cpu.push(used / samples.count());
        self.latencies.extend_from_slice(&samples.latencies);
        self.memory = process.memory()?;
        Ok(())
    }

    /// CPU time of a request: the median over the phases.
    pub(crate) fn cpu(&self) -> f64 {
        median(&self.cpu)
    }

    /// A table of series, compared with the one called `base`.
    pub(crate) fn table(title: &str, base: &str) -> Table {
        let ratio = format!("x {base}");
        Table::new(title, ["path", "requests/s", "p50 ms", "p99 ms", "CPU us/request", &ratio, "RSS MB"])
    }

    /// Adds this series to such a table; `base` is the CPU time the ratio is to.
    pub(crate) fn row(&self, table: &mut Table, name: &str, base: f64) {
        table.row([
            &name,
            &format!("{:.0}", median(&self.rates)),
            &format!("{:.2}", quantile(&self.latencies, 0.5) * 1e3),
            &format!("{:.2}", quantile(&self.latencies, 0.99) * 1e3),
            &format!("{:.1}", self.cpu() * 1e6),
            &format!("{:.2}", self.cpu() / base),
            &format!("{:.1}", self.memory),
        ]);
    }
}

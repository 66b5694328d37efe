//! Time to the first event of `long_operation`, beside the same function invoked directly.

use std::time::{Duration, Instant};

use anyhow::ensure;
use serde_json::json;

use crate::catalog;
use crate::client::{Client, EventCounter, Post};
use crate::direct::Direct;
use crate::gateway::Gateway;
use crate::host::Host;
use crate::options::Options;
use crate::programs::Programs;
use crate::report::{Requirement, Table};
use crate::stats::quantile;

const TOOL: &str = "long_operation";

pub(super) async fn run(options: &Options, programs: &Programs) -> anyhow::Result<Option<Requirement>> {
    let arguments = json!({ "steps": 1, "step_ms": 0 });
    let host = Host::start(programs).await?;
    let gateway = Gateway::start(programs, &[catalog::demo(TOOL)?], &host.lambda).await?;
    let mut client = Client::connect(gateway.address).await?;
    let mut direct = Direct::start(programs, &host.lambda, TOOL, &arguments)?;
    let call = Post::call(TOOL, &arguments);

    let (mut through, mut past) = (Vec::new(), Vec::new());
    // One call each in turn; the first pair is for warming up and counts for nothing.
    for sample in 0..=options.samples(300) {
        let first = first_event(&mut client, &call).await?;
        // No time at all is enough for one call.
        let (_, firsts) = direct.run(TOOL, 1, Duration::ZERO).await?;
        if sample > 0 {
            through.push(first);
            past.extend(firsts);
        }
    }
    let mut table = Table::new("First event: one call at a time", ["path", "p50 ms", "p90 ms", "p99 ms"]);
    for (name, samples) in [("gateway", &through), ("direct", &past)] {
        let at = |share| format!("{:.2}", quantile(samples, share) * 1e3);
        table.row([&name, &at(0.5), &at(0.9), &at(0.99)]);
    }
    table.print();
    let added = (quantile(&through, 0.5) - quantile(&past, 0.5)) * 1e3;
    Ok(Some(Requirement::at_most("p50 time to first event beyond a direct call", added, 2.0, "ms")))
}

/// Seconds to the first event; reads the stream to its end.
async fn first_event(client: &mut Client, call: &Post) -> anyhow::Result<f64> {
    let sent = Instant::now();
    let mut answer = client.send(call).await?;
    let (mut counter, mut events, mut first) = (EventCounter::default(), 0, 0.0);
    while let Some(piece) = answer.next().await? {
        events += counter.count(&piece);
        if first == 0.0 && events > 0 {
            first = sent.elapsed().as_secs_f64();
        }
    }
    ensure!(events == 2, "{events} events instead of a step and a result");
    Ok(first)
}

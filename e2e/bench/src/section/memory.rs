//! Memory: what a gateway occupies at most while more and more passes through it.

use anyhow::ensure;
use serde_json::json;

use crate::catalog;
use crate::client::{Client, Post};
use crate::gateway::Gateway;
use crate::options::Options;
use crate::programs::Programs;
use crate::report::{Requirement, Table};
use crate::source::Source;

/// MB that pass in one call, growing: a peak never falls.
const SIZES: [usize; 3] = [1, 10, 100];

/// MB an allocator may add to a peak by chance.
const SLACK: f64 = 2.0;

pub(super) async fn run(options: &Options, programs: &Programs) -> anyhow::Result<Vec<Requirement>> {
    let sizes = if options.is_quick() { &SIZES[..2] } else { &SIZES[..] };
    let source = Source::start().await?;
    let mut table =
        Table::new("Memory: gateway's peak RSS, one call", ["MB passed", "as events, MB", "as one result, MB"]);
    let events = peaks(programs, &source, "events", sizes).await?;
    let results = peaks(programs, &source, "result", sizes).await?;
    for ((size, events), results) in sizes.iter().zip(&events).zip(&results) {
        table.row([size, &format!("{events:.1}"), &format!("{results:.1}")]);
    }
    table.print();
    // The smallest size is for buffers to find their place; growth shows from there on.
    let top = sizes.len() - 1;
    let growth = |peaks: &[f64]| peaks[top] - peaks[top - 1];
    let (least, most) = (sizes[top - 1], sizes[top]);
    let bound = |what, peaks: &[f64]| {
        let what = format!("memory a stream of {most} MB of {what} takes beyond one of {least} MB");
        Requirement::at_most(what, growth(peaks), SLACK, "MB")
    };
    Ok(vec![bound("events", &events), bound("a result", &results)])
}

/// The peak after each size, of a gateway of its own.
async fn peaks(programs: &Programs, source: &Source, script: &str, sizes: &[usize]) -> anyhow::Result<Vec<f64>> {
    let name = |size: &usize| format!("{script}-{size}");
    let tools: Vec<_> = sizes.iter().map(|size| catalog::entry(&name(size), &name(size))).collect();
    let gateway = Gateway::start(programs, &tools, &source.url()).await?;
    let mut peaks = Vec::new();
    for size in sizes {
        let mut client = Client::connect(gateway.address).await?;
        let mut answer = client.send(&Post::call(&name(size), &json!({}))).await?;
        let mut received = 0;
        while let Some(piece) = answer.next().await? {
            received += piece.len();
        }
        ensure!(received > size * 900_000, "{received} bytes arrived instead of {size} MB");
        peaks.push(gateway.process.peak_memory()?);
    }
    Ok(peaks)
}

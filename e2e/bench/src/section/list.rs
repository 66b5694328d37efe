//! `tools/list` of 100 tools beside a server that answers the same bytes without reading a thing.

use std::time::Duration;

use anyhow::ensure;

use crate::catalog;
use crate::client::Post;
use crate::floor::Floor;
use crate::gateway::Gateway;
use crate::load::Load;
use crate::options::Options;
use crate::programs::Programs;
use crate::report::Requirement;
use crate::series::Series;

const TOOLS: usize = 100;

/// Enough to keep the server busy, too few to make it queue.
const CONNECTIONS: usize = 4;

pub(super) async fn run(options: &Options, programs: &Programs) -> anyhow::Result<Option<Requirement>> {
    let entries: Vec<_> = (0..TOOLS).map(|tool| catalog::entry(&format!("lookup_{tool}"), "none")).collect();
    // Nothing listens there, and nothing is invoked.
    let gateway = Gateway::start(programs, &entries, "http://127.0.0.1:9").await?;
    let mut load = Load::connect(gateway.address, Post::list(), CONNECTIONS).await?;
    let listed = load.answer.windows(13).filter(|key| key == b"\"inputSchema\"").count();
    ensure!(listed == TOOLS, "{listed} tools are listed instead of {TOOLS}");
    let floor = Floor::fixed_body(programs, &load.answer).await?;
    let mut floor_load = Load::connect(floor.address, Post::list(), CONNECTIONS).await?;

    let (mut series, mut floor_series) = (Series::default(), Series::default());
    for round in 0..=options.rounds() {
        // The first round is for warming up and counts for nothing.
        let time = if round == 0 { Duration::from_millis(100) } else { options.phase() / 2 };
        if round == 1 {
            (series, floor_series) = Default::default();
        }
        series.measure(&gateway.process, &mut load, time).await?;
        floor_series.measure(&floor.process, &mut floor_load, time).await?;
    }
    let title = format!("List: {TOOLS} tools, {} bytes, {CONNECTIONS} connections", load.answer.len());
    let mut table = Series::table(&title, "fixed-body");
    series.row(&mut table, "gateway", floor_series.cpu());
    floor_series.row(&mut table, "fixed-body", floor_series.cpu());
    table.print();
    let ratio = series.cpu() / floor_series.cpu();
    Ok(Some(Requirement::at_most("CPU of tools/list beside fixed-body", ratio, 3.0, "x")))
}

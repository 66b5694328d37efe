//! Load: `ping` through the gateway beside the same function invoked directly, and two floors.

use std::time::Duration;

use serde_json::json;

use crate::catalog;
use crate::client::Post;
use crate::direct::Direct;
use crate::floor::Floor;
use crate::gateway::Gateway;
use crate::host::Host;
use crate::load::Load;
use crate::options::Options;
use crate::programs::Programs;
use crate::report::Requirement;
use crate::series::Series;

/// Calls under way at once.
const CONCURRENCY: [usize; 3] = [1, 16, 64];

const TOOL: &str = "ping";

/// What is measured in turn. A small answer's floor is `fixed`; `proxy` stands before another one.
struct Subjects {
    gateway: Gateway,
    direct: Direct,
    fixed: Floor,
    proxy: Floor,
    _upstream: Floor,
    _host: Host,
}

pub(super) async fn run(options: &Options, programs: &Programs) -> anyhow::Result<Vec<Requirement>> {
    let mut subjects = Subjects::start(programs).await?;
    let mut requirements = Vec::new();
    for concurrency in CONCURRENCY {
        let [gateway, direct, fixed, proxy] = subjects.measure(options, concurrency).await?;
        let base = direct.cpu();
        let title = format!("Load: tools/call of {TOOL}, {concurrency} at once");
        let mut table = Series::table(&title, "direct");
        for (name, series) in
            [("gateway", &gateway), ("direct", &direct), ("fixed-body", &fixed), ("streaming-proxy", &proxy)]
        {
            series.row(&mut table, name, base);
        }
        table.print();
        let cpu = gateway.cpu();
        println!("gateway / direct = {:.2}; beyond direct: {:.0} us a call", cpu / base, (cpu - base) * 1e6);
        let what = format!("CPU the gateway adds to a direct call, {concurrency} at once");
        requirements.push(Requirement::at_most(what, (cpu - base) / base, 1.0, "x"));
    }
    Ok(requirements)
}

impl Subjects {
    async fn start(programs: &Programs) -> anyhow::Result<Self> {
        let host = Host::start(programs).await?;
        let gateway = Gateway::start(programs, &[catalog::demo(TOOL)?], &host.lambda).await?;
        let answer = Load::connect(gateway.address, post(), 1).await?.answer;
        let direct = Direct::start(programs, &host.lambda, TOOL, &json!({}))?;
        let fixed = Floor::fixed_body(programs, &answer).await?;
        let upstream = Floor::fixed_body(programs, &answer).await?;
        let proxy = Floor::streaming_proxy(programs, upstream.address).await?;
        Ok(Self { gateway, direct, fixed, proxy, _upstream: upstream, _host: host })
    }

    /// Warms everything up, then measures one subject after the other, several times over.
    async fn measure(&mut self, options: &Options, concurrency: usize) -> anyhow::Result<[Series; 4]> {
        let mut series: [Series; 4] = Default::default();
        let mut gateway = Load::connect(self.gateway.address, post(), concurrency).await?;
        let mut fixed = Load::connect(self.fixed.address, post(), concurrency).await?;
        let mut proxy = Load::connect(self.proxy.address, post(), concurrency).await?;
        for round in 0..=options.rounds() {
            // The first round is for warming up and counts for nothing.
            let time = if round == 0 { Duration::from_millis(200) } else { options.phase() };
            if round == 1 {
                series = Default::default();
            }
            series[0].measure(&self.gateway.process, &mut gateway, time).await?;
            let before = self.direct.process.cpu().await?;
            let (samples, _) = self.direct.run(TOOL, concurrency, time).await?;
            series[1].add(&samples, &self.direct.process, before).await?;
            series[2].measure(&self.fixed.process, &mut fixed, time).await?;
            series[3].measure(&self.proxy.process, &mut proxy, time).await?;
        }
        Ok(series)
    }
}

fn post() -> Post {
    Post::call(TOOL, &json!({}))
}

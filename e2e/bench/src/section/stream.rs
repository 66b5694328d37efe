//! Streaming: calls of 100 progress events, beside a bare proxy that passes the same bytes on.

use std::net::SocketAddr;
use std::time::Instant;

use anyhow::{anyhow, ensure};
use bytes::{Bytes, BytesMut};
use serde_json::json;
use tokio::runtime::Builder;

use crate::catalog;
use crate::client::{Client, EventCounter, Post};
use crate::floor::Floor;
use crate::gateway::Gateway;
use crate::options::Options;
use crate::pin::Processors;
use crate::process::Process;
use crate::programs::Programs;
use crate::report::{Requirement, Table};
use crate::source::{EVENTS, Source};
use crate::stats::median;

/// Streams measured in one go.
const STREAMS: u32 = 40;

/// Medians over several goes; times in seconds.
#[derive(Debug, Default)]
struct Series {
    cpu: Vec<f64>,
    rates: Vec<f64>,
}

/// The gateway and what it is compared with.
struct Pair {
    gateway: Gateway,
    proxy: Floor,
}

/// Measures on a thread of its own. An event wakes three parties in turn, and the kernel's cost of
/// that differs several times over with the processors they happen to share: so source and client
/// stay on one, and what is measured on another.
pub(super) fn run(options: &Options, programs: &Programs) -> anyhow::Result<Option<Requirement>> {
    let alone = || -> anyhow::Result<_> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(measure(options, programs))
    };
    let measured = tokio::task::block_in_place(|| std::thread::scope(|scope| scope.spawn(alone).join()));
    measured.map_err(|_| anyhow!("the measuring thread panicked"))?
}

async fn measure(options: &Options, programs: &Programs) -> anyhow::Result<Option<Requirement>> {
    let processors = Processors::choose()?;
    processors.start_measured()?;
    let source = Source::start().await?;
    let pair = Pair::start(programs, &source).await?;
    processors.work()?;
    source.record(recorded(&source, pair.gateway.address).await?);

    let mut table = Table::new(
        format!("Stream: {EVENTS} events and a result, one call and one thread at a time"),
        ["path", "CPU us/stream", "us/event", "x proxy", "events/s"],
    );
    let mut ratios = Vec::new();
    for (script, how) in [("paced", "event for event"), ("burst", "burst")] {
        let [gateway, proxy] = pair.interleaved(script, options, &source).await?;
        gateway.row(&mut table, &format!("gateway, {how}"), &proxy);
        proxy.row(&mut table, &format!("streaming-proxy, {how}"), &proxy);
        ratios.push(median(&gateway.cpu) / median(&proxy.cpu));
    }
    table.print();
    Ok(Some(Requirement::at_most("CPU of a 100-event stream beside streaming-proxy", ratios[0], 1.5, "x")))
}

/// The events the gateway answers with: what the proxy passes on must be the same bytes.
async fn recorded(source: &Source, gateway: SocketAddr) -> anyhow::Result<Vec<Bytes>> {
    let mut client = Client::connect(gateway).await?;
    let mut body = stream(source, &mut client, &Post::call("paced", &json!({}))).await?;
    let mut events = Vec::new();
    while let Some(end) = body.windows(2).position(|pair| pair == b"\n\n") {
        events.push(body.split_to(end + 2).freeze());
    }
    Ok(events)
}

/// Reads one stream, letting each event go when the one before it has arrived; answers its bytes.
async fn stream(source: &Source, client: &mut Client, post: &Post) -> anyhow::Result<BytesMut> {
    source.pace.reset();
    let mut answer = client.send(post).await?;
    let (mut counter, mut events, mut body) = (EventCounter::default(), 0, BytesMut::new());
    while let Some(piece) = answer.next().await? {
        let seen = counter.count(&piece);
        source.pace.release(seen);
        events += seen;
        body.extend_from_slice(&piece);
    }
    ensure!(events == EVENTS as usize + 1, "{events} events instead of {EVENTS} and a result");
    Ok(body)
}

impl Pair {
    async fn start(programs: &Programs, source: &Source) -> anyhow::Result<Self> {
        let tools = [catalog::entry("paced", "paced"), catalog::entry("burst", "burst")];
        let gateway = Gateway::start(programs, &tools, &source.url()).await?;
        let proxy = Floor::streaming_proxy(programs, source.address).await?;
        Ok(Self { gateway, proxy })
    }

    async fn interleaved(&self, script: &str, options: &Options, source: &Source) -> anyhow::Result<[Series; 2]> {
        let Self { gateway, proxy } = self;
        let call = Post::call(script, &json!({}));
        let plain = call.clone().to(&format!("/sse/{script}"));
        let (mut through_gateway, mut through_proxy) = (Series::default(), Series::default());
        for round in 0..=options.rounds() {
            // The first round is for warming up and counts for nothing.
            if round == 1 {
                (through_gateway, through_proxy) = Default::default();
            }
            through_gateway.measure(source, &gateway.process, gateway.address, &call).await?;
            through_proxy.measure(source, &proxy.process, proxy.address, &plain).await?;
        }
        Ok([through_gateway, through_proxy])
    }
}

impl Series {
    async fn measure(
        &mut self,
        source: &Source,
        process: &Process,
        address: SocketAddr,
        post: &Post,
    ) -> anyhow::Result<()> {
        let mut client = Client::connect(address).await?;
        stream(source, &mut client, post).await?;
        let (before, start) = (process.cpu().await?, Instant::now());
        for _ in 0..STREAMS {
            stream(source, &mut client, post).await?;
        }
        let elapsed = start.elapsed().as_secs_f64();
        self.cpu.push((process.cpu().await? - before) / f64::from(STREAMS));
        self.rates.push(f64::from(STREAMS * EVENTS) / elapsed);
        Ok(())
    }

    fn row(&self, table: &mut Table, name: &str, base: &Self) {
        let cpu = median(&self.cpu);
        table.row([
            &name,
            &format!("{:.0}", cpu * 1e6),
            &format!("{:.1}", cpu * 1e6 / f64::from(EVENTS)),
            &format!("{:.2}", cpu / median(&base.cpu)),
            &format!("{:.0}", median(&self.rates)),
        ]);
    }
}

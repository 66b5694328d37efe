//! Micro-benchmarks: decoding a worker's stream, and whole requests without sockets or AWS.

use std::time::Duration;

use bytes::Bytes;
use criterion::{BatchSize, Criterion, Throughput};
use futures_util::{StreamExt as _, stream};
use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use penstock_gateway::catalog::Catalog;
use penstock_gateway::invoke::{Invoke, PayloadStream};
use penstock_gateway::{Gateway, Services};
use penstock_protocol::frame::{Decoder, Event};
use serde_json::json;
use tokio::runtime::{Builder, Runtime};

const EVENTS: usize = 100;
const TOOLS: usize = 100;
const MIB: usize = 1024 * 1024;

fn main() {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    decoder(&mut criterion);
    handle(&mut criterion);
    criterion.final_summary();
}

/// What a worker writes: progress frames, each a line, and a result.
fn frames() -> Vec<Bytes> {
    let progress = |step: usize| {
        format!(
            "{{\"progress\":{{\"progress\":{step},\"total\":{EVENTS},\"message\":\"step {step} of {EVENTS} done\"}}}}\n"
        )
    };
    let result = "{\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"done\"}]}}\n";
    (1..=EVENTS).map(progress).chain([result.to_owned()]).map(Bytes::from).collect()
}

fn decoder(criterion: &mut Criterion) {
    let frames = frames();
    let whole = Bytes::from(frames.concat());
    let sevenths = whole.chunks(7).map(Bytes::copy_from_slice).collect();
    let mut group = criterion.benchmark_group("decoder");
    group.throughput(Throughput::Elements(EVENTS as u64));
    for (name, chunks) in [("one chunk", vec![whole.clone()]), ("a chunk a frame", frames), ("7-byte chunks", sevenths)]
    {
        group.bench_function(name, |bencher| {
            bencher.iter_batched(|| chunks.clone(), |chunks| assert_eq!(decode(chunks), EVENTS), BatchSize::SmallInput);
        });
    }
}

/// Decodes a stream; answers how many of its frames were progress.
fn decode(chunks: Vec<Bytes>) -> usize {
    let mut decoder = Decoder::default();
    let mut events = 0;
    for chunk in chunks {
        decoder.push(chunk).expect("sound frames");
        while let Some(event) = decoder.next_event() {
            events += usize::from(matches!(event, Event::Progress(_)));
        }
    }
    decoder.finish().expect("a terminal frame");
    events
}

/// A function that writes the same chunks every time.
struct Script(Vec<Bytes>);

impl Invoke for Script {
    fn invoke(&self, _: &str, _: Vec<u8>) -> PayloadStream {
        stream::iter(self.0.clone().into_iter().map(Ok)).boxed()
    }
}

/// A gateway of `tools` tools, each of which writes `chunks`.
fn gateway(tools: usize, chunks: Vec<Bytes>) -> Gateway {
    let folder = tempfile::tempdir().expect("a folder");
    for tool in 0..tools {
        let entry = json!({
            "definition": {
                "name": format!("tool_{tool}"),
                "description": "Reads one record of the inventory and answers with its fields.",
                "inputSchema": { "type": "object", "properties": { "id": { "type": "string", "description": "Which record." } } },
            },
            "timeoutSeconds": 60,
            "function": format!("tool_{tool}:1"),
        });
        std::fs::write(folder.path().join(format!("{tool}.json")), entry.to_string()).expect("written");
    }
    let catalog = Catalog::from_folder(folder.path()).expect("a catalog");
    Gateway::new(Services::alone(catalog, Script(chunks)))
}

fn request(method: &str) -> Request<Bytes> {
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
        "progressToken": 1,
    });
    let mut params = json!({ "_meta": meta });
    let mut request = Request::post("/mcp")
        .header("host", "127.0.0.1:3000")
        .header("content-type", "application/json")
        .header("accept", "application/json, text/event-stream")
        .header("mcp-protocol-version", "2026-07-28")
        .header("mcp-method", method);
    if method == "tools/call" {
        params["name"] = json!("tool_0");
        params["arguments"] = json!({});
        request = request.header("mcp-name", "tool_0");
    }
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    request.body(Bytes::from(body.to_string())).expect("a sound request")
}

/// A result of one MiB of text, in chunks as large as a network read.
fn large_result() -> Vec<Bytes> {
    let head = Bytes::from_static(b"{\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"");
    let piece = Bytes::from(vec![b'x'; 64 * 1024]);
    let tail = Bytes::from_static(b"\"}]}}\n");
    let pieces = std::iter::repeat_n(piece, MIB / (64 * 1024));
    std::iter::once(head).chain(pieces).chain([tail]).collect()
}

fn handle(criterion: &mut Criterion) {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut group = criterion.benchmark_group("Gateway::handle");
    let events = gateway(1, frames());
    let call = request("tools/call");
    group.throughput(Throughput::Elements(EVENTS as u64));
    group.bench_function("a call with 100 events", |bencher| {
        // The final response is an event too.
        bencher.iter(|| assert_eq!(blocks(&answer(&runtime, &events, &call)), EVENTS + 1));
    });
    let large = gateway(1, large_result());
    group.throughput(Throughput::Bytes(MIB as u64));
    group.bench_function("a result of 1 MiB", |bencher| {
        bencher.iter(|| assert!(answer(&runtime, &large, &call).len() > MIB));
    });
    let many = gateway(TOOLS, Vec::new());
    let list = request("tools/list");
    let listed = answer(&runtime, &many, &list);
    assert_eq!(listed.windows(13).filter(|key| key == b"\"inputSchema\"").count(), TOOLS);
    group.throughput(Throughput::Elements(1));
    group.bench_function("a list of 100 tools", |bencher| {
        bencher.iter(|| assert_eq!(answer(&runtime, &many, &list).len(), listed.len()));
    });
}

/// The whole body of the answer.
fn answer(runtime: &Runtime, gateway: &Gateway, request: &Request<Bytes>) -> Bytes {
    runtime.block_on(async {
        let response = gateway.handle(request.clone()).await;
        assert_eq!(response.status(), StatusCode::OK);
        response.into_body().collect().await.expect("a whole body").to_bytes()
    })
}

/// How many server-sent events there are: each is one line of data and an empty one.
fn blocks(body: &[u8]) -> usize {
    body.iter().map(|byte| usize::from(*byte == b'\n')).sum::<usize>() / 2
}

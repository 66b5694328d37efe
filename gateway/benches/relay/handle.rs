//! Whole requests.

use bytes::Bytes;
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput};
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use penstock_gateway::{Body, Gateway};
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};

use crate::request::{call, call_in, initialize, list, retry};
use crate::worker::{self, EVENTS, MIB, curious, gateway, particular};

const TOOLS: usize = 100;

pub(crate) fn benchmark(criterion: &mut Criterion) {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut group = criterion.benchmark_group("Gateway::handle");
    streams(&mut group, &runtime);
    group.throughput(Throughput::Elements(1));
    lists(&mut group, &runtime);
    calls(&mut group, &runtime);
}

fn streams(group: &mut BenchmarkGroup<'_, WallTime>, runtime: &Runtime) {
    let call = call(&json!({}));
    let events = gateway(1, worker::frames());
    group.throughput(Throughput::Elements(EVENTS as u64));
    group.bench_function("a call with 100 events", |bencher| {
        // The final response is an event too.
        bencher.iter(|| assert_eq!(blocks(&answer(runtime, &events, &call)), EVENTS + 1));
    });
    let large = gateway(1, worker::large_result());
    group.throughput(Throughput::Bytes(MIB as u64));
    group.bench_function("a result of 1 MiB", |bencher| {
        bencher.iter(|| assert!(answer(runtime, &large, &call).len() > MIB));
    });
}

fn lists(group: &mut BenchmarkGroup<'_, WallTime>, runtime: &Runtime) {
    let many = gateway(TOOLS, Vec::new());
    let list = list();
    let listed = answer(runtime, &many, &list);
    assert_eq!(listed.windows(13).filter(|key| key == b"\"inputSchema\"").count(), TOOLS);
    group.bench_function("a list of 100 tools", |bencher| {
        bencher.iter(|| assert_eq!(answer(runtime, &many, &list).len(), listed.len()));
    });
}

/// The same small call with everything that can be asked of one.
fn calls(group: &mut BenchmarkGroup<'_, WallTime>, runtime: &Runtime) {
    let arguments = json!({ "id": "a-1", "fields": ["name", "stock"], "limit": 10 });
    let mut same = |name: &str, gateway: &Gateway, request: &Request<Bytes>| {
        let first = answer(runtime, gateway, request);
        // A refusal would be fast.
        let sent: Value = serde_json::from_slice(&first).expect("JSON");
        assert!(sent["result"]["content"].is_array() && sent["result"].get("isError").is_none(), "{sent}");
        group.bench_function(name, |bencher| {
            bencher.iter(|| assert_eq!(answer(runtime, gateway, request).len(), first.len()));
        });
    };
    let plain = gateway(1, worker::record());
    same("a call", &plain, &call(&arguments));
    same("a call with both schemas", &particular(), &call(&arguments));
    let session = send(runtime, &plain, &initialize()).headers()["mcp-session-id"].clone();
    same("a call in a session", &plain, &call_in(session.to_str().expect("visible ASCII"), &arguments));
    let curious = curious();
    let question = answer(runtime, &curious, &call(&arguments));
    let question: Value = serde_json::from_slice(&question).expect("JSON");
    let state = question["result"]["requestState"].as_str().expect("a question");
    same("a call that answers a question", &curious, &retry(&arguments, state));
}

fn send(runtime: &Runtime, gateway: &Gateway, request: &Request<Bytes>) -> Response<Body> {
    let response = runtime.block_on(gateway.handle(request.clone()));
    assert_eq!(response.status(), StatusCode::OK);
    response
}

/// The whole body of the answer.
pub(crate) fn answer(runtime: &Runtime, gateway: &Gateway, request: &Request<Bytes>) -> Bytes {
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

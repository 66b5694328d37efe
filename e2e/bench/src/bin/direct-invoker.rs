//! The direct path: functions called by the AWS SDK as the gateway calls them, and nothing else.
//!
//! Usage: `direct-invoker PAYLOAD`. Each line of input, `FUNCTION CONCURRENCY MILLISECONDS`, is
//! answered by `{"elapsed":s,"calls":[[s to the first frame, s to the end],…]}`.

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use aws_config::{retry::RetryConfig, stalled_stream_protection::StalledStreamProtectionConfig};
use aws_sdk_lambda::Client;
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::InvokeWithResponseStreamResponseEvent::{InvokeComplete, PayloadChunk};
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use tokio::io::{AsyncBufReadExt as _, BufReader, stdin};
use tokio::task::JoinSet;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let payload = std::env::args().nth(1).context("usage: direct-invoker PAYLOAD")?;
    let config = aws_config::defaults(aws_config::BehaviorVersion::latest())
        .http_client(
            aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https(),
        )
        .retry_config(RetryConfig::disabled())
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
    let client = Client::new(&config.load().await);
    let mut lines = BufReader::new(stdin()).lines();
    while let Some(line) = lines.next_line().await? {
        let [function, concurrency, time] = *line.split(' ').collect::<Vec<_>>() else { bail!("not a run: {line}") };
        let (start, time) = (Instant::now(), Duration::from_millis(time.parse()?));
        let call = |_| repeat(client.clone(), function.into(), payload.clone(), start + time);
        let calls = (0..concurrency.parse::<u32>()?).map(call).collect::<JoinSet<_>>().join_all().await;
        let calls = calls.into_iter().collect::<anyhow::Result<Vec<_>>>()?.concat();
        println!("{}", serde_json::json!({ "elapsed": start.elapsed().as_secs_f64(), "calls": calls }));
    }
    Ok(())
}

/// Calls one after the other until `end`, at least once.
async fn repeat(client: Client, function: String, payload: String, end: Instant) -> anyhow::Result<Vec<[f64; 2]>> {
    let mut calls = Vec::new();
    while calls.is_empty() || Instant::now() < end {
        let call = client.invoke_with_response_stream().function_name(&function).payload(Blob::new(payload.as_bytes()));
        let (sent, mut first) = (Instant::now(), None);
        let mut stream = call.send().await?.event_stream;
        while let Some(event) = stream.recv().await? {
            match event {
                PayloadChunk(chunk) if first.is_none() => {
                    // Lambda's prelude, which ends in NULs, is no part of the answer.
                    let frame = chunk.payload.is_some_and(|bytes| bytes.as_ref().ends_with(b"\n"));
                    first = frame.then(|| sent.elapsed().as_secs_f64());
                }
                InvokeComplete(end) if end.error_code.is_some() => bail!("{function} failed: {end:?}"),
                _ => {}
            }
        }
        calls.push([first.context("the function wrote no frame")?, sent.elapsed().as_secs_f64()]);
    }
    Ok(calls)
}

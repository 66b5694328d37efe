//! Results whose content is read while they are written.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures_util::stream::{self, Stream, StreamExt as _};
use penstock_protocol::frame::FrameError;
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};

use super::super::{AHEAD, MARGIN, respond};
use super::invocation;
use crate::deployed::{Deployed, Identity};
use crate::{Call, Contents, NoArguments, Reply, Resource, Tool, ToolError, resource, testing, tool};

type Chunk = io::Result<Bytes>;

/// A tool that answers with what it was made with, once.
struct Once<S>(std::sync::Mutex<Option<S>>);

impl<S: Stream<Item = Chunk> + Send + 'static> Tool for Once<S> {
    const MANIFEST: &str = r#"{ "definition": { "name": "endless" } }"#;
    type Arguments = NoArguments;
    type Output = ();

    async fn call(&self, _: NoArguments, call: &Call) -> Result<Reply<()>, ToolError> {
        call.progress(1, None, "found").await;
        Ok(Reply::streaming(self.0.lock().expect("no panic holds it").take().expect("called once")))
    }
}

fn answering(text: impl Stream<Item = Chunk> + Send + 'static) -> Arc<Deployed> {
    let tool = Once(std::sync::Mutex::new(Some(text)));
    let identity = Identity::read(r#"{ "definition": { "name": "endless" } }"#).expect("a manifest");
    Arc::new(Deployed::new(identity, tool::handlers(tool)))
}

#[expect(clippy::unnecessary_wraps, reason = "streams have chunks or failures")]
fn chunk(text: &'static str) -> Chunk {
    Ok(Bytes::from_static(text.as_bytes()))
}

/// The whole stream of one call.
async fn lines(deployed: Arc<Deployed>) -> Vec<Bytes> {
    collect(respond(deployed, invocation())).await
}

async fn collect(mut receiver: mpsc::Receiver<Bytes>) -> Vec<Bytes> {
    let mut lines = Vec::new();
    while let Some(line) = receiver.recv().await {
        lines.push(line);
    }
    lines
}

fn frames(lines: Vec<Bytes>) -> Vec<Value> {
    testing::decode(lines).expect("the stream keeps the worker contract")
}

#[tokio::test]
async fn a_text_leaves_as_it_is_read() {
    let lines = lines(answering(stream::iter([chunk("a\n"), chunk(""), chunk("\"b\"")]))).await;
    let written = [r#"{"result":{"content":[{"type":"text","text":""#, r"a\n", r#"\"b\""#, "\"}]}}\n"];
    assert_eq!(lines[1..], written);
    assert_eq!(frames(lines)[1], json!({ "result": { "content": [{ "type": "text", "text": "a\n\"b\"" }] } }));
}

#[tokio::test]
async fn a_text_of_nothing_is_empty() {
    let frames = frames(lines(answering(stream::empty())).await);
    assert_eq!(frames[1], json!({ "result": { "content": [{ "type": "text", "text": "" }] } }));
}

#[tokio::test]
async fn a_failure_before_the_first_piece_is_told() {
    let frames = frames(lines(answering(stream::iter([Err(io::Error::other("a secret"))]))).await);
    let content = json!([{ "type": "text", "text": "the content could not be read" }]);
    assert_eq!(frames[1], json!({ "result": { "isError": true, "content": content } }));
}

#[tokio::test]
async fn a_failure_after_it_leaves_the_stream_without_an_end() {
    let failing = stream::iter([chunk("begun"), Err(io::Error::other("unplugged")), chunk("more")]).boxed();
    let no_text = stream::iter([chunk("begun"), Ok(Bytes::from_static(b"\xff"))]).boxed();
    let panicking = stream::iter(0..2).map(|at| if at == 0 { chunk("begun") } else { panic!("at {at}") }).boxed();
    for text in [failing, no_text, panicking] {
        let lines = lines(answering(text)).await;
        assert_eq!(lines.last().expect("lines"), "begun");
        assert_eq!(testing::decode(lines), Err(FrameError::Truncated));
    }
}

/// Yields one chunk and then waits; says when it is dropped.
fn stuck() -> (impl Stream<Item = Chunk>, oneshot::Receiver<()>) {
    let (alive, gone) = oneshot::channel::<()>();
    let stuck = stream::unfold((alive, Some("begun")), |(alive, text)| async move {
        match text {
            Some(text) => Some((chunk(text), (alive, None))),
            None => std::future::pending().await,
        }
    });
    (stuck, gone)
}

#[tokio::test]
async fn a_result_that_is_out_of_time_is_cut_short() {
    let (text, gone) = stuck();
    let mut invocation = invocation();
    invocation.deadline = SystemTime::now() + MARGIN + Duration::from_millis(50);
    let lines = collect(respond(answering(text), invocation)).await;
    assert_eq!(lines.last().expect("lines"), "begun");
    gone.await.expect_err("the source is dropped");
}

#[tokio::test]
async fn a_reader_that_leaves_drops_the_source() {
    let (text, gone) = stuck();
    let mut receiver = respond(answering(text), invocation());
    while receiver.recv().await.expect("a line") != "begun" {}
    drop(receiver);
    gone.await.expect_err("the source is dropped");
}

#[tokio::test(start_paused = true)]
async fn a_source_is_never_read_further_ahead_of_its_reader_than_the_channel_is_long() {
    let read = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&read);
    let text = stream::repeat_with(move || {
        counter.fetch_add(1, Ordering::Relaxed);
        chunk("more")
    });
    let _unread = respond(answering(text), invocation());
    // Paused time moves only when every task waits: the source has run into its reader by then.
    tokio::time::sleep(Duration::from_millis(1)).await;
    // Progress and the line's head are ahead of it.
    assert_eq!(read.load(Ordering::Relaxed), AHEAD as u64 - 1);
}

/// A file of five bytes.
struct File;

impl Resource for File {
    const MANIFEST: &str = r#"{ "kind": "resource", "definition": { "name": "f", "uri": "test://f" } }"#;

    async fn read(&self, _: &Call) -> Result<Contents, ToolError> {
        let bytes = stream::iter([chunk("\u{1}a"), chunk("bc"), chunk("d")]);
        Ok(Contents::stream_blob("test://f", "application/octet-stream", bytes))
    }
}

#[tokio::test]
async fn the_bytes_of_a_resource_leave_in_base64() {
    let identity = Identity::read(File::MANIFEST).expect("a manifest");
    let deployed = Arc::new(Deployed::new(identity, resource::handlers(File)));
    let mut invocation = invocation();
    let event = testing::resource_event("test://f", json!({}));
    invocation.event = serde_json::value::to_raw_value(&event).expect("a value is JSON");
    let lines = collect(respond(deployed, invocation)).await;
    let part = json!({ "uri": "test://f", "mimeType": "application/octet-stream", "blob": "AWFiY2Q=" });
    assert_eq!(frames(lines), [json!({ "result": { "contents": [part] } })]);
}

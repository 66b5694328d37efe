//! Helpers for the tests of tools, prompts and resources: [`call`] and [`ask`] run one in the test's
//! process, [`Worker`] runs the real binary, [`Peer`] stands in for a service it asks,
//! [`assert_manifest_is_current`] keeps `tool.json` in step with the code.

mod event;
mod manifest;
mod peer;
mod worker;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use penstock_protocol::Bytes;
use penstock_protocol::frame::{Decoder, Event, FrameError};
use serde_json::{Value, json};

use crate::deployed::{Deployed, Identity};
use crate::respond::{Invocation, respond};
use crate::{Family, Tool, tool};

pub use event::{completion_event, event, listing_event, prompt_event, resource_event};
pub use manifest::{assert_manifest_is_current, assert_manifest_is_valid};
pub use peer::{Answer, Peer, Request};
pub use worker::{Exit, Response, Worker};

/// How long a call under test may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// Calls `tool` with `arguments`, as a client that wants progress and every log message; answers its
/// frames, the terminal one last.
///
/// # Panics
/// If the stream breaks the worker contract.
pub async fn call<T: Tool>(tool: T, arguments: Value) -> Vec<Value> {
    let identity = Identity::read(T::MANIFEST).expect("`MANIFEST` is a manifest");
    send(tool, &event(&identity.name, arguments)).await
}

/// Sends `tool` an [event](event()) the test has prepared; answers its frames.
///
/// # Panics
/// If the stream breaks the worker contract.
pub async fn send<T: Tool>(tool: T, event: &Value) -> Vec<Value> {
    let identity = Identity::read(T::MANIFEST).expect("`MANIFEST` is a manifest");
    frames(Deployed::new(identity, tool::handlers(tool)), event).await
}

/// Sends the only member of `family` an event the test has prepared; answers its frames. For prompts,
/// resources and templates: `ask(Family::new().prompt(|| Greeting), &prompt_event("greeting", …))`.
///
/// # Panics
/// If the family has not exactly one member, that one cannot be set up, or its stream breaks the worker
/// contract.
pub async fn ask(family: Family, event: &Value) -> Vec<Value> {
    let manifests: Vec<_> = family.manifests().collect();
    let [manifest] = manifests.as_slice() else { panic!("{} members, not one", manifests.len()) };
    let id = Identity::read(manifest).expect("`MANIFEST` is a manifest").id();
    frames(family.construct(Some(id)).await.expect("it can be set up"), event).await
}

async fn frames(deployed: Deployed, event: &Value) -> Vec<Value> {
    let invocation = Invocation {
        event: serde_json::value::to_raw_value(event).expect("a value is JSON"),
        deadline: SystemTime::now() + PATIENCE,
        request_id: "test".to_owned(),
    };
    let mut receiver = respond(Arc::new(deployed), invocation);
    let mut stream = Vec::new();
    while let Some(line) = receiver.recv().await {
        stream.push(line);
    }
    decode(stream).expect("the stream keeps the worker contract")
}

/// The moment `from_now`, as it stands in a call event's `deadlineMs`.
pub fn deadline_ms(from_now: Duration) -> u64 {
    let since_epoch = (SystemTime::now() + from_now).duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX)
}

/// Decodes a worker's stream into its frames.
///
/// # Errors
/// [`FrameError`] if the stream breaks the worker contract.
///
/// # Panics
/// If a frame's value is not JSON.
pub fn decode(chunks: impl IntoIterator<Item = Bytes>) -> Result<Vec<Value>, FrameError> {
    let mut decoder = Decoder::default();
    for chunk in chunks {
        decoder.push(chunk)?;
    }
    decoder.finish()?;
    let (mut frames, mut result) = (Vec::new(), Vec::new());
    let value = |json: &[u8]| serde_json::from_slice::<Value>(json).expect("a frame holds JSON");
    while let Some(event) = decoder.next_event() {
        match event {
            Event::Progress(json) => frames.push(json!({ "progress": value(&json) })),
            Event::Log(json) => frames.push(json!({ "log": value(&json) })),
            Event::Changed(json) => frames.push(json!({ "changed": value(&json) })),
            Event::InputRequired(json) => frames.push(json!({ "inputRequired": value(&json) })),
            Event::Error(json) => frames.push(json!({ "error": value(&json) })),
            Event::Result(piece) => result.extend_from_slice(&piece),
            Event::ResultEnd => frames.push(json!({ "result": value(&result) })),
        }
    }
    Ok(frames)
}

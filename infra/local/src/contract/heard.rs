//! What a worker said in one call.

use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use penstock_protocol::frame::{Decoder, Event, FrameError, Prelude};
use penstock_protocol::manifest::Contract;
use serde_json::{Value, json};

use crate::doctor::quote;
use crate::host::{FunctionError, Part, Reply};

/// Bytes of a result that are looked at. Larger ones are counted.
const MAX_LOOKED_AT: usize = 8 * 1024 * 1024;

/// The largest value a function may return that does not stream.
const MAX_VALUE: usize = 6 * 1024 * 1024;

/// Frames that are kept; later ones are counted.
const MAX_FRAMES: usize = 10_000;

/// One answer, read to its end.
#[derive(Debug)]
pub(super) struct Heard {
    pub(super) progress: Vec<Value>,
    pub(super) logs: Vec<Value>,
    /// When the first frame was complete; none if the last was the only one.
    pub(super) first: Option<Duration>,
    pub(super) took: Duration,
    pub(super) ending: Result<Last, Fault>,
}

/// How an answer ended that keeps the contract.
#[derive(Debug)]
pub(super) enum Last {
    Result(Value),
    /// So many bytes that nobody looked at them.
    Large(usize),
    Asked(Value),
    Error(Value),
    /// A function that returns values has thrown: its `errorType` and `errorMessage`.
    Threw(String),
}

/// Which rule an answer broke, and what was received.
#[derive(Debug)]
pub(super) enum Fault {
    /// There was no process to answer.
    Start(String),
    /// The answer is not made of frames, or is not one value.
    Form(String),
    /// It is not ended as it must be.
    End(String),
}

impl Fault {
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Start(text) | Self::Form(text) | Self::End(text) => text,
        }
    }
}

impl Heard {
    /// Reads `reply` to its end.
    pub(super) async fn read(contract: Contract, is_tool: bool, reply: Reply) -> Self {
        let mut heard = Self {
            progress: Vec::new(),
            logs: Vec::new(),
            first: None,
            took: Duration::ZERO,
            ending: Ok(Last::Large(0)),
        };
        let start = Instant::now();
        heard.ending = match contract {
            Contract::Frames => heard.frames(reply, start).await,
            Contract::Event | Contract::Arguments => value(reply).await.map(|last| returned(contract, is_tool, last)),
        };
        heard.took = start.elapsed();
        heard
    }

    async fn frames(&mut self, mut reply: Reply, start: Instant) -> Result<Last, Fault> {
        let (mut decoder, mut last, mut received) = (Decoder::default(), Ending::default(), 0);
        loop {
            let (pushed, chunk, failed) = match reply.next().await {
                Part::Chunk(chunk) => {
                    received += chunk.len();
                    (decoder.push(chunk.clone()), chunk, None)
                }
                Part::End(outcome) => (decoder.finish(), Bytes::new(), Some(outcome)),
            };
            while let Some(event) = decoder.next_event() {
                self.take(event, start.elapsed(), &mut last);
            }
            match (pushed, failed) {
                (_, Some(Err(error))) => return Err(died(&error, received, last.is_over)),
                (Err(error), _) => return Err(broken(error, &chunk)),
                (Ok(()), Some(Ok(()))) => return last.close(),
                (Ok(()), None) => {}
            }
        }
    }

    fn take(&mut self, event: Event, at: Duration, last: &mut Ending) {
        let kept = match event {
            Event::Progress(json) => Some((&mut self.progress, json)),
            Event::Log(json) => Some((&mut self.logs, json)),
            Event::Changed(_) => None,
            terminal => return last.take(terminal),
        };
        self.first.get_or_insert(at);
        if let Some((frames, json)) = kept.filter(|(frames, _)| frames.len() < MAX_FRAMES) {
            frames.push(serde_json::from_slice(&json).unwrap_or_default());
        }
    }
}

/// The terminal frame so far.
#[derive(Default)]
struct Ending {
    result: BytesMut,
    size: usize,
    other: Option<Last>,
    is_over: bool,
}

impl Ending {
    fn take(&mut self, event: Event) {
        let parsed = |json: Bytes| serde_json::from_slice(&json).unwrap_or_default();
        match event {
            Event::Result(piece) => {
                self.size += piece.len();
                if self.size <= MAX_LOOKED_AT {
                    self.result.extend_from_slice(&piece);
                }
                return;
            }
            Event::InputRequired(json) => self.other = Some(Last::Asked(parsed(json))),
            Event::Error(json) => self.other = Some(Last::Error(parsed(json))),
            Event::ResultEnd | Event::Progress(_) | Event::Log(_) | Event::Changed(_) => {}
        }
        self.is_over = true;
    }

    fn close(self) -> Result<Last, Fault> {
        if let Some(last) = self.other {
            return Ok(last);
        }
        if self.size > MAX_LOOKED_AT {
            return Ok(Last::Large(self.size));
        }
        let value = serde_json::from_slice(&self.result);
        let not_json =
            |error| Fault::Form(format!("the result is not JSON: {error}; received {}", excerpt(&self.result)));
        value.map(Last::Result).map_err(not_json)
    }
}

/// What a function that does not stream frames returned.
async fn value(mut reply: Reply) -> Result<Last, Fault> {
    let mut prelude = Prelude::default();
    let mut body = BytesMut::new();
    let form = |error: FrameError| Fault::Form(error.to_string());
    loop {
        match reply.next().await {
            Part::Chunk(chunk) => {
                body.extend_from_slice(&prelude.strip(chunk).map_err(form)?);
                if body.len() > MAX_VALUE {
                    return Err(Fault::Form(format!("more than {MAX_VALUE} bytes; frames may be larger")));
                }
            }
            Part::End(Ok(())) => break,
            Part::End(Err(error)) if is_thrown(&error) => return Ok(Last::Threw(told(&error))),
            Part::End(Err(error)) => return Err(died(&error, body.len(), false)),
        }
    }
    body.extend_from_slice(&prelude.finish().map_err(form)?);
    let not_json = |error| Fault::Form(format!("it is not JSON: {error}; received {}", excerpt(&body)));
    serde_json::from_slice(&body).map(Last::Result).map_err(not_json)
}

/// What a value means: see docs/contract.md, "Out: one JSON value".
fn returned(contract: Contract, is_tool: bool, last: Last) -> Last {
    let Last::Result(value) = last else { return last };
    if contract == Contract::Event && value["resultType"] == "input_required" {
        let mut question = value;
        if let Some(members) = question.as_object_mut() {
            members.retain(|name, _| matches!(name.as_str(), "inputRequests" | "requestState"));
        }
        return Last::Asked(question);
    }
    if !is_tool || value["content"].is_array() {
        return Last::Result(value);
    }
    let text = value.to_string();
    Last::Result(json!({ "content": [{ "type": "text", "text": text }], "structuredContent": value }))
}

/// Whether the function itself said that it failed; Lambda's own words for its failures have these prefixes.
fn is_thrown(error: &FunctionError) -> bool {
    !["Runtime.", "Sandbox.", "Function."].iter().any(|prefix| error.kind.starts_with(prefix))
}

fn died(error: &FunctionError, received: usize, is_over: bool) -> Fault {
    let told = told(error);
    let never_asked = ["Runtime.InvalidEntrypoint", "Runtime.ExitError"].contains(&error.kind.as_str())
        || (error.kind == "Sandbox.Timedout" && told.contains("Init timed out"));
    if is_over {
        Fault::End(format!("after its last frame: {told}"))
    } else if received == 0 && never_asked {
        Fault::Start(told)
    } else {
        Fault::End(format!("{told}, after {received} bytes of answer"))
    }
}

/// An error as Lambda tells it, bounded.
fn told(error: &FunctionError) -> String {
    let body: Value = serde_json::from_slice(&error.body).unwrap_or_default();
    format!("{}: {}", error.kind, quote(body["errorMessage"].as_str().unwrap_or_default()))
}

fn broken(error: FrameError, chunk: &Bytes) -> Fault {
    match error {
        FrameError::Truncated => Fault::End(error.to_string()),
        FrameError::AfterTerminal => Fault::End(format!("{error}; received last {}", excerpt(chunk))),
        FrameError::Prelude | FrameError::Malformed | FrameError::UnknownFrame | FrameError::LineTooLong => {
            Fault::Form(format!("{error}; received {}", excerpt(chunk)))
        }
    }
}

fn excerpt(bytes: &[u8]) -> String {
    quote(&String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]))
}

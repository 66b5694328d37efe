use std::time::Duration;

use reqwest::header::HeaderMap;
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use super::case::Case;
use super::mcp;
use super::probe::{self, Ask, Silence};
use crate::client::{Parser, TooLong};

/// Events kept of one call; what comes after is not looked at.
const MAX_EVENTS: usize = 10_000;

/// The largest stream read, in bytes.
const MAX_STREAM: usize = 32 * 1024 * 1024;

/// A call as it arrived. Times count from the moment it was sent.
#[derive(Debug, Default)]
pub(super) struct Recording {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    /// Whether it is an event stream.
    pub(super) streamed: bool,
    /// The messages, and when each was complete.
    pub(super) messages: Vec<(Duration, Value)>,
    /// When comments came, which is how a stream is kept alive.
    pub(super) comments: Vec<Duration>,
    /// Why it ended before the response.
    pub(super) cut: Option<Silence>,
}

impl Recording {
    /// Sends a call and writes down what comes, until the response or the end of the run.
    pub(super) async fn of(case: &Case, ask: Ask) -> Result<Self, Silence> {
        let start = Instant::now();
        let mut response = case.probe.open(ask).await?;
        let headers = response.headers().clone();
        let streamed = probe::media_type(&headers) == "text/event-stream";
        let mut recording = Self { status: response.status().as_u16(), headers, streamed, ..Self::default() };
        let (mut parser, mut body, mut size) = (Parser::default(), Vec::new(), 0);
        while !recording.is_complete() && recording.messages.len() < MAX_EVENTS {
            let chunk = match timeout_at(case.probe.end(), response.chunk()).await {
                Ok(Ok(Some(chunk))) => chunk,
                Ok(Ok(None)) => break,
                Ok(Err(error)) => return Ok(recording.cut_short(probe::silence(&error))),
                Err(_) => return Ok(recording.cut_short(Silence::Over)),
            };
            size += chunk.len();
            if size > if streamed { MAX_STREAM } else { probe::MAX_BODY } {
                return Ok(recording.cut_short(Silence::Long));
            }
            if !streamed {
                body.extend_from_slice(&chunk);
            } else if recording.hear(start.elapsed(), &mut parser, &chunk).is_err() {
                return Ok(recording.cut_short(Silence::Long));
            }
        }
        if !streamed {
            recording.add(start.elapsed(), [body.as_slice()]);
        }
        Ok(recording)
    }

    fn hear(&mut self, at: Duration, parser: &mut Parser, chunk: &[u8]) -> Result<(), TooLong> {
        let before = parser.comments();
        let events = parser.push(chunk)?;
        self.comments.extend(std::iter::repeat_n(at, parser.comments() - before));
        self.add(at, events.iter().map(Vec::as_slice));
        Ok(())
    }

    fn add<'a>(&mut self, at: Duration, messages: impl IntoIterator<Item = &'a [u8]>) {
        let messages = messages.into_iter().filter_map(|message| serde_json::from_slice(message).ok());
        self.messages.extend(messages.map(|message: Value| (at, message)));
    }

    fn cut_short(mut self, silence: Silence) -> Self {
        self.cut = Some(silence);
        self
    }

    fn is_complete(&self) -> bool {
        self.response().is_some()
    }

    /// The response and when it came.
    pub(super) fn response(&self) -> Option<(Duration, &Value)> {
        let (at, message) = self.messages.last().filter(|(_, message)| mcp::is_response(message))?;
        Some((*at, message))
    }

    /// The longest time without an event, from the head of the answer on, and whether a comment came within.
    pub(super) fn longest_silence(&self) -> (Duration, bool) {
        let times: Vec<Duration> = self.messages.iter().map(|(at, _)| *at).collect();
        let gaps = times.windows(2).filter_map(|pair| pair.first().copied().zip(pair.last().copied()));
        let longest = gaps.max_by_key(|(from, to)| to.saturating_sub(*from));
        let Some((from, to)) = longest else { return (Duration::ZERO, false) };
        let kept = self.comments.iter().any(|at| (from..=to).contains(at));
        (to.saturating_sub(from), kept)
    }

    /// The time between the first and the last message.
    pub(super) fn spread(&self) -> Duration {
        let first = self.messages.first().map(|(at, _)| *at).unwrap_or_default();
        let last = self.messages.last().map(|(at, _)| *at).unwrap_or_default();
        last.saturating_sub(first)
    }
}

//! Which of a worker's progress and log frames reach the client, and as what.

use bytes::{BufMut, Bytes, BytesMut};
use penstock_protocol::RawValue;
use penstock_protocol::meta::LogLevel;
use serde::Deserialize;

use super::sse;

/// What the client asked to hear about while it waits.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    /// The client's progress token, verbatim (rule M-6); no progress without one.
    pub(crate) progress_token: Option<Box<RawValue>>,
    /// The least severe log message it wants; no log without one (rule M-5).
    pub(crate) log_level: Option<LogLevel>,
}

/// Filters notices, and keeps progress growing (rule T-3).
#[derive(Debug)]
pub(crate) struct Notices {
    wanted: Wanted,
    last_progress: f64,
}

#[derive(Deserialize)]
struct ProgressFrame {
    progress: f64,
    /// Only the gateway knows the token; one from the worker would be a second member of that name.
    #[serde(default, rename = "progressToken")]
    token: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct LogFrame<'a> {
    level: LogLevel,
    #[serde(rename = "data", borrow)]
    _data: &'a RawValue,
}

impl Notices {
    pub(crate) fn new(wanted: Wanted) -> Self {
        Self { wanted, last_progress: f64::NEG_INFINITY }
    }

    /// Writes the event for a progress frame; false if the client does not get it.
    pub(crate) fn progress(&mut self, frame: &Bytes, out: &mut BytesMut) -> bool {
        let Some(token) = &self.wanted.progress_token else { return false };
        match serde_json::from_slice::<ProgressFrame>(frame) {
            Ok(ProgressFrame { progress, token: None }) if progress > self.last_progress => {
                self.last_progress = progress;
            }
            _ => return false,
        }
        out.reserve(frame.len() + 128);
        out.extend_from_slice(sse::OPEN);
        out.extend_from_slice(br#"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"#);
        out.extend_from_slice(token.get().as_bytes());
        out.put_u8(b',');
        // A frame with a `progress` member has at least one, so the comma is right.
        sse::put_json(&frame[1..], out);
        out.put_u8(b'}');
        out.extend_from_slice(sse::CLOSE);
        true
    }

    /// Writes the event for a log frame; false if the client does not get it.
    pub(crate) fn log(&mut self, frame: &Bytes, out: &mut BytesMut) -> bool {
        let Some(least) = self.wanted.log_level else { return false };
        if !serde_json::from_slice::<LogFrame<'_>>(frame).is_ok_and(|log| log.level >= least) {
            return false;
        }
        out.extend_from_slice(sse::OPEN);
        out.extend_from_slice(br#"{"jsonrpc":"2.0","method":"notifications/message","params":"#);
        sse::put_json(frame, out);
        out.put_u8(b'}');
        out.extend_from_slice(sse::CLOSE);
        true
    }
}

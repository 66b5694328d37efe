//! The `result` line: whole, or with content that is read while the line is written.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use penstock_protocol::Bytes;
use penstock_protocol::frame::Frame;
use serde::Serialize;
use tokio::sync::mpsc;

use crate::deployed::Outcome;
use crate::source::Source;
use crate::{ErrorObject, ToolError, code};

/// What follows the last string of a result whose last member is a list of blocks or parts.
const TAIL: &[u8] = b"\"}]}}\n";

/// A `result` line.
#[derive(Debug)]
pub(crate) enum Line {
    Whole(Bytes),
    Streamed(Streamed),
}

/// A `result` line whose last string is still to be read.
#[derive(Debug)]
pub(crate) struct Streamed {
    /// The line up to that string.
    head: Bytes,
    source: Source,
}

/// Any MCP result as a `result` line.
pub(crate) fn whole_line<R: Serialize>(result: &R) -> Result<Bytes, ToolError> {
    Frame::Result(result).to_line().map(Bytes::from).map_err(|error| no_json(&error))
}

/// The error of a tool whose output no JSON can hold.
pub(crate) fn no_json(error: &serde_json::Error) -> ToolError {
    tracing::error!(%error, "the output is not JSON");
    ErrorObject::new(code::INTERNAL_ERROR, "the tool's output is not JSON").into()
}

/// A result whose last member is a list, the last item of which ends with an empty string, as a line that has the
/// content of `source` in its place.
pub(crate) fn streamed_line<R: Serialize>(result: &R, source: Source) -> Outcome {
    let mut head = whole_line(result)?;
    debug_assert!(head.ends_with(&[b"\"", TAIL].concat()), "no empty string ends the result");
    head.truncate(head.len() - TAIL.len());
    Ok(Line::Streamed(Streamed { head, source }))
}

impl Streamed {
    /// Sends the line, but for its end, which is what this returns. Sets `begun` once part of the line is on its way:
    /// another frame would break it from then on.
    ///
    /// # Errors
    /// The source's.
    pub(crate) async fn write(mut self, frames: &mpsc::Sender<Bytes>, begun: &AtomicBool) -> io::Result<Bytes> {
        let mut next = self.source.next().await?;
        begun.store(true, Ordering::Relaxed);
        send(frames, self.head).await;
        while let Some(piece) = next {
            send(frames, piece).await;
            next = self.source.next().await?;
        }
        Ok(Bytes::from_static(TAIL))
    }
}

async fn send(frames: &mpsc::Sender<Bytes>, piece: Bytes) {
    if frames.send(piece).await.is_err() {
        // The reader has left and the call is about to be dropped, once it waits.
        std::future::pending::<()>().await;
    }
}

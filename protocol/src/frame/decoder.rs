use std::collections::VecDeque;

use bytes::{Buf, Bytes, BytesMut};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::Prelude;
use crate::depth;

/// The longest line other than a `result`, in bytes. A `result` line has no bound here: it is
/// handed on in pieces and never held.
pub const MAX_LINE: usize = 256 * 1024;

/// What the stream says next. Values are JSON text, verbatim, without the frame around them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The object of a `progress` frame.
    Progress(Bytes),
    /// The object of a `log` frame.
    Log(Bytes),
    /// The object of a `changed` frame.
    Changed(Bytes),
    /// The object of an `inputRequired` frame. Terminal.
    InputRequired(Bytes),
    /// The next piece of the `result` value. Not checked to be JSON: pieces end anywhere.
    Result(Bytes),
    /// The `result` value is complete. Terminal.
    ResultEnd,
    /// The object of an `error` frame. Terminal.
    Error(Bytes),
}

/// Why a stream breaks the worker contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// The function wrote HTTP-integration metadata and not the eight NULs that end it.
    #[error("the response prelude is not followed by eight NUL bytes")]
    Prelude,
    /// The line is no JSON object, or nests too deep.
    #[error("a line is not a JSON object")]
    Malformed,
    /// The line is an object whose members are not exactly one known frame.
    #[error("a line is not exactly one of progress, log, changed, result, inputRequired, error")]
    UnknownFrame,
    /// The line is longer than [`MAX_LINE`].
    #[error("a line is longer than {MAX_LINE} bytes")]
    LineTooLong,
    /// Bytes after the terminal frame.
    #[error("the stream goes on after its terminal frame")]
    AfterTerminal,
    /// The stream ended before a terminal frame.
    #[error("the stream ended without a result, inputRequired or error")]
    Truncated,
}

#[derive(Debug, Default, PartialEq, Eq)]
enum State {
    /// Collecting a line whose kind is open.
    #[default]
    Line,
    /// Inside the value of a `result` frame.
    Result,
    /// The terminal frame has been read.
    Ended,
}

/// Decodes a worker's stream, cut anywhere, into [`Event`]s.
///
/// Push chunks as they arrive and take events until there are none; call [`finish`](Self::finish)
/// at the end of the stream. Holds at most one line.
#[derive(Debug, Default)]
pub struct Decoder {
    prelude: Prelude,
    line: BytesMut,
    /// The last `}` of a result and the white space behind it: either the frame's own, or not yet.
    tail: Vec<u8>,
    state: State,
    events: VecDeque<Event>,
}

impl Decoder {
    /// Feeds the next chunk.
    ///
    /// # Errors
    /// [`FrameError`]; events read before the fault can still be taken.
    pub fn push(&mut self, chunk: Bytes) -> Result<(), FrameError> {
        let chunk = self.prelude.strip(chunk)?;
        self.decode(chunk)
    }

    /// The next event, if one is complete.
    pub fn next_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// Ends the stream. The last line may lack its line feed.
    ///
    /// # Errors
    /// [`FrameError::Truncated`] if no terminal frame was read.
    pub fn finish(&mut self) -> Result<(), FrameError> {
        let held = self.prelude.finish()?;
        self.decode(held)?;
        if self.state == State::Line && !self.line.is_empty() {
            self.decode(Bytes::from_static(b"\n"))?;
        }
        match self.state {
            State::Result => self.end_result(),
            State::Line => Err(FrameError::Truncated),
            State::Ended => Ok(()),
        }
    }

    fn decode(&mut self, mut chunk: Bytes) -> Result<(), FrameError> {
        while !chunk.is_empty() {
            match self.state {
                State::Line => self.read_line(&mut chunk)?,
                State::Result => self.read_result(&mut chunk)?,
                State::Ended if chunk.trim_ascii().is_empty() => return Ok(()),
                State::Ended => return Err(FrameError::AfterTerminal),
            }
        }
        Ok(())
    }

    fn read_line(&mut self, chunk: &mut Bytes) -> Result<(), FrameError> {
        let newline = chunk.iter().position(|byte| *byte == b'\n');
        let piece = chunk.split_to(newline.map_or(chunk.len(), |at| at + 1));
        let line = if self.line.is_empty() && newline.is_some() {
            piece
        } else {
            self.line.extend_from_slice(&piece);
            if newline.is_none() && result_value(&self.line).is_none() {
                return if self.line.len() > MAX_LINE { Err(FrameError::LineTooLong) } else { Ok(()) };
            }
            self.line.split().freeze()
        };
        if let Some(at) = result_value(&line) {
            self.state = State::Result;
            return self.read_result(&mut line.slice(at..));
        }
        if line.len() > MAX_LINE {
            return Err(FrameError::LineTooLong);
        }
        if line.trim_ascii().is_empty() {
            return Ok(());
        }
        let event = short_frame(&line)?;
        if matches!(event, Event::Error(_) | Event::InputRequired(_)) {
            self.state = State::Ended;
        }
        self.events.push_back(event);
        Ok(())
    }

    fn read_result(&mut self, chunk: &mut Bytes) -> Result<(), FrameError> {
        let newline = chunk.iter().position(|byte| *byte == b'\n');
        let mut piece = chunk.split_to(newline.unwrap_or(chunk.len()));
        if piece.trim_ascii().is_empty() && !self.tail.is_empty() {
            self.tail.extend_from_slice(&piece);
        } else {
            let tail = piece.split_off(last_brace(&piece).unwrap_or(piece.len()));
            let before = std::mem::replace(&mut self.tail, tail.into());
            let pieces = [before.into(), piece].into_iter().filter(|piece: &Bytes| !piece.is_empty());
            self.events.extend(pieces.map(Event::Result));
        }
        if self.tail.len() > MAX_LINE {
            return Err(FrameError::LineTooLong);
        }
        if newline.is_some() {
            chunk.advance(1);
            self.end_result()?;
        }
        Ok(())
    }

    fn end_result(&mut self) -> Result<(), FrameError> {
        if std::mem::take(&mut self.tail).is_empty() {
            return Err(FrameError::Truncated);
        }
        self.state = State::Ended;
        self.events.push_back(Event::ResultEnd);
        Ok(())
    }
}

/// Where the value begins, if `line` opens a `result` frame.
fn result_value(line: &[u8]) -> Option<usize> {
    let rest = line.trim_ascii_start().strip_prefix(b"{")?.trim_ascii_start();
    let rest = rest.strip_prefix(b"\"result\"")?.trim_ascii_start().strip_prefix(b":")?;
    Some(line.len() - rest.len())
}

/// Where the last `}` stands, if nothing but white space follows it.
fn last_brace(piece: &[u8]) -> Option<usize> {
    let trimmed = piece.trim_ascii_end();
    (trimmed.last() == Some(&b'}')).then(|| trimmed.len() - 1)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum ShortFrame<'a> {
    #[serde(borrow)]
    Progress(&'a RawValue),
    #[serde(borrow)]
    Log(&'a RawValue),
    #[serde(borrow)]
    Changed(&'a RawValue),
    #[serde(borrow)]
    InputRequired(&'a RawValue),
    #[serde(borrow)]
    Error(&'a RawValue),
}

fn short_frame(line: &Bytes) -> Result<Event, FrameError> {
    if !depth::within_limit(line) {
        return Err(FrameError::Malformed);
    }
    let frame: ShortFrame<'_> = serde_json::from_slice(line)
        .map_err(|error| if error.is_data() { FrameError::UnknownFrame } else { FrameError::Malformed })?;
    let (event, raw): (fn(Bytes) -> Event, _) = match frame {
        ShortFrame::Progress(raw) => (Event::Progress, raw),
        ShortFrame::Log(raw) => (Event::Log, raw),
        ShortFrame::Changed(raw) => (Event::Changed, raw),
        ShortFrame::InputRequired(raw) => (Event::InputRequired, raw),
        ShortFrame::Error(raw) => (Event::Error, raw),
    };
    if raw.get().starts_with('{') {
        Ok(event(line.slice_ref(raw.get().as_bytes())))
    } else {
        Err(FrameError::Malformed)
    }
}

use bytes::{Buf, Bytes};

use super::FrameError;

/// Lambda's runtimes separate the HTTP-integration prelude from the body with this many NULs.
const SEPARATOR: usize = 8;

/// Longest prelude skipped: status, headers and cookies of a response that is not HTTP to us.
const MAX_PRELUDE: usize = 16 * 1024;

/// Takes the HTTP-integration prelude off the front of a stream, wherever Lambda cut it.
///
/// Streaming runtimes put a JSON object and eight NULs before the body, also when the caller is not
/// a function URL. Frames and JSON never hold a NUL byte, so one before the first line feed tells.
#[derive(Debug, Default)]
pub struct Prelude {
    held: Vec<u8>,
    state: State,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    #[default]
    Undecided,
    Separator(usize),
    Passed,
}

impl Prelude {
    /// Feeds the next bytes; answers those that belong to the body.
    ///
    /// # Errors
    /// [`FrameError::Prelude`] if a prelude began and is not closed by eight NULs.
    pub fn strip(&mut self, mut chunk: Bytes) -> Result<Bytes, FrameError> {
        if self.state == State::Undecided {
            match chunk.iter().position(|byte| matches!(byte, b'\n' | 0)) {
                Some(at) if chunk[at] == 0 => {
                    chunk.advance(at);
                    self.held = Vec::new();
                    self.state = State::Separator(0);
                }
                None if self.held.len() + chunk.len() <= MAX_PRELUDE => {
                    self.held.extend_from_slice(&chunk);
                    return Ok(Bytes::new());
                }
                _ => {
                    self.state = State::Passed;
                    return Ok(self.release(chunk));
                }
            }
        }
        if let State::Separator(seen) = self.state {
            let wanted = SEPARATOR - seen;
            let nuls = chunk.iter().take(wanted).take_while(|byte| **byte == 0).count();
            if nuls < wanted && nuls < chunk.len() {
                return Err(FrameError::Prelude);
            }
            chunk.advance(nuls);
            self.state = if nuls == wanted { State::Passed } else { State::Separator(seen + nuls) };
        }
        Ok(chunk)
    }

    /// Ends the stream; answers what was held while it was not known to be a prelude.
    ///
    /// # Errors
    /// [`FrameError::Prelude`] if the stream ended inside the separator.
    pub fn finish(&mut self) -> Result<Bytes, FrameError> {
        match self.state {
            State::Separator(_) => Err(FrameError::Prelude),
            State::Undecided | State::Passed => Ok(self.release(Bytes::new())),
        }
    }

    fn release(&mut self, chunk: Bytes) -> Bytes {
        if self.held.is_empty() {
            return chunk;
        }
        let mut held = std::mem::take(&mut self.held);
        held.extend_from_slice(&chunk);
        held.into()
    }
}

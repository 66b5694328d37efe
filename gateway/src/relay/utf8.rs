//! UTF-8 checked across chunk boundaries.

use super::scan::Malformed;

/// The beginning of a character whose end is in the next chunk.
#[derive(Debug, Default)]
pub(crate) struct Utf8 {
    pending: [u8; 4],
    length: usize,
}

impl Utf8 {
    /// Checks the next chunk.
    pub(crate) fn push(&mut self, mut chunk: &[u8]) -> Result<(), Malformed> {
        while self.length > 0 {
            let Some((byte, rest)) = chunk.split_first() else { return Ok(()) };
            self.pending[self.length] = *byte;
            self.length += 1;
            chunk = rest;
            match std::str::from_utf8(&self.pending[..self.length]) {
                Ok(_) => self.length = 0,
                Err(error) if error.error_len().is_some() => return Err(Malformed),
                Err(_) => {}
            }
        }
        if let Err(error) = std::str::from_utf8(chunk) {
            let tail = &chunk[error.valid_up_to()..];
            if error.error_len().is_some() {
                return Err(Malformed);
            }
            self.pending[..tail.len()].copy_from_slice(tail);
            self.length = tail.len();
        }
        Ok(())
    }
}

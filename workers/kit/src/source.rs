//! Text and bytes that are read while the result is written, and how they stand in JSON.

use std::io::{Error, ErrorKind, Result};
use std::{fmt, mem};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream::{BoxStream, Stream};

/// The most of a source that is encoded at once, in bytes: what waits for the reader is bounded by it, however large
/// the chunks are that come.
const PIECE: usize = 64 * 1024;

/// How bytes become the inside of a JSON string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// They are UTF-8; what JSON wants escaped is.
    Text,
    /// In base64 (RFC 4648, section 4).
    Base64,
}

/// The inside of a JSON string that is still to be read.
pub(crate) struct Source {
    stream: BoxStream<'static, Result<Bytes>>,
    /// Read, and too large to be encoded at once.
    chunk: Bytes,
    /// `None` once the stream has ended.
    encoder: Option<Encoder>,
}

impl Source {
    pub(crate) fn new(encoding: Encoding, stream: impl Stream<Item = Result<Bytes>> + Send + 'static) -> Self {
        let encoder = Encoder { encoding, carry: Vec::new() };
        Self { stream: stream.boxed(), chunk: Bytes::new(), encoder: Some(encoder) }
    }

    /// The next piece, encoded; `None` after the last.
    ///
    /// # Errors
    /// What the stream says, or that it holds no UTF-8. There is nothing more to read then.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>> {
        while let Some(encoder) = &mut self.encoder {
            if self.chunk.is_empty() {
                let Some(chunk) = self.stream.next().await else {
                    let rest = self.encoder.take().map(Encoder::finish).transpose()?;
                    return Ok(rest.filter(|rest| !rest.is_empty()));
                };
                self.chunk = chunk?;
            }
            let piece = encoder.push(self.chunk.split_to(self.chunk.len().min(PIECE)))?;
            if !piece.is_empty() {
                return Ok(Some(piece));
            }
        }
        Ok(None)
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").field("encoder", &self.encoder).finish_non_exhaustive()
    }
}

/// Encodes a text or blob that comes in pieces, cut anywhere.
#[derive(Debug)]
struct Encoder {
    encoding: Encoding,
    /// What cannot be encoded without what follows: a part of a character, or of three bytes.
    carry: Vec<u8>,
}

impl Encoder {
    fn push(&mut self, piece: Bytes) -> Result<Bytes> {
        let mut bytes = piece;
        if !self.carry.is_empty() {
            self.carry.extend_from_slice(&bytes);
            bytes = mem::take(&mut self.carry).into();
        }
        let rest = bytes.split_off(self.complete(&bytes)?);
        self.carry.extend_from_slice(&rest);
        encoded(self.encoding, &bytes)
    }

    fn finish(self) -> Result<Bytes> {
        encoded(self.encoding, &self.carry)
    }

    /// How many of `bytes` can be encoded whatever follows.
    fn complete(&self, bytes: &[u8]) -> Result<usize> {
        match self.encoding {
            Encoding::Base64 => Ok(bytes.len() - bytes.len() % 3),
            Encoding::Text => match str::from_utf8(bytes) {
                Ok(_) => Ok(bytes.len()),
                Err(error) if error.error_len().is_none() => Ok(error.valid_up_to()),
                Err(_) => Err(not_utf8()),
            },
        }
    }
}

fn encoded(encoding: Encoding, bytes: &[u8]) -> Result<Bytes> {
    match encoding {
        Encoding::Base64 => Ok(STANDARD.encode(bytes).into()),
        Encoding::Text => {
            let quoted = Bytes::from(serde_json::to_vec(str::from_utf8(bytes).map_err(|_| not_utf8())?)?);
            Ok(quoted.slice(1..quoted.len() - 1))
        }
    }
}

fn not_utf8() -> Error {
    Error::new(ErrorKind::InvalidData, "a text is not UTF-8")
}

#[cfg(test)]
mod tests;

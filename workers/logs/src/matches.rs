//! The lines that were found, kept until all are: in memory while they are few, else in a temporary file.

use std::fmt::Write as _;
use std::io::{self, Cursor, Write as _};

use bytes::Bytes;
use futures_util::stream::{BoxStream, StreamExt as _, once};
use jiff::Timestamp;
use tempfile::{SpooledData, SpooledTempFile};
use tokio::fs::File;
use tokio_util::io::ReaderStream;

use crate::aws::Event;

/// What is kept in memory, in bytes.
const IN_MEMORY: usize = 1024 * 1024;

/// How much of the file is read at once, in bytes.
const CHUNK: usize = 64 * 1024;

/// Lines that were found.
#[derive(Debug)]
pub(crate) struct Matches {
    file: SpooledTempFile,
    /// Bytes in it.
    pub(crate) size: usize,
}

impl Matches {
    pub(crate) fn new() -> Self {
        Self { file: SpooledTempFile::new(IN_MEMORY), size: 0 }
    }

    /// Keeps `text`.
    ///
    /// # Errors
    /// If there is no room on the disk.
    pub(crate) fn push(&mut self, text: &str) -> io::Result<()> {
        self.size += text.len();
        // Into the system's cache: not worth a thread.
        self.file.write_all(text.as_bytes())
    }

    /// All of it after `head`, read as it is wanted.
    ///
    /// # Errors
    /// If the file cannot be read from its beginning.
    pub(crate) fn after(self, head: String) -> io::Result<BoxStream<'static, io::Result<Bytes>>> {
        let head = once(async { Ok(Bytes::from(head)) });
        Ok(match self.file.into_inner() {
            SpooledData::InMemory(text) => head.chain(once(async { Ok(Cursor::into_inner(text).into()) })).boxed(),
            SpooledData::OnDisk(mut file) => {
                io::Seek::rewind(&mut file)?;
                head.chain(ReaderStream::with_capacity(File::from_std(file), CHUNK)).boxed()
            }
        })
    }
}

/// An event as a line: time, stream, message. Further lines of the message are indented, so that a line that is not
/// begins a match.
pub(crate) fn write(event: &Event, out: &mut String) {
    match Timestamp::from_millisecond(event.time) {
        // A string takes any text.
        Ok(time) => drop(write!(out, "{time:.3}")),
        Err(_) => out.push('?'),
    }
    out.push(' ');
    out.push_str(&event.stream);
    let mut separator = " ";
    for line in event.message.trim_end().lines() {
        out.push_str(separator);
        out.push_str(line);
        separator = "\n  ";
    }
    out.push('\n');
}

/// `text` in pieces of at most `length` bytes, between lines where it can be.
pub(crate) fn pieces(text: &str, length: usize) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let room = rest.floor_char_boundary(length);
        let end = if room == rest.len() { room } else { rest[..room].rfind('\n').map_or(room, |at| at + 1) };
        let piece;
        (piece, rest) = rest.split_at(end);
        (!piece.is_empty()).then_some(piece)
    })
}

#[cfg(test)]
mod tests;

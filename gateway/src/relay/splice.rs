//! Passes a worker's result object through while it arrives, and adds what only the gateway may say.
//!
//! A result can be larger than the gateway's memory, so it is never parsed: members are told apart
//! as they pass, `resultType` is taken out and written again at the end, and the gateway's identity
//! joins `_meta`. Every other value leaves byte for byte as it came.

use std::borrow::Cow;

use bytes::{BufMut, BytesMut};
use penstock_protocol::meta;

use super::caching::{Caching, Hints};
use super::output::Output;
use super::scan::{Malformed, Mark, Scanner};
use super::utf8::Utf8;

/// What the gateway adds to a result.
#[derive(Debug, Clone)]
pub(crate) enum Additions {
    /// 2026-07-28: `resultType`, and `_meta` with this `serverInfo` object (rules R-1 and M-4).
    Stateless {
        /// The gateway's name and version, as JSON.
        server_info: bytes::Bytes,
        /// `ttlMs` and `cacheScope`, where the method has them (rule R-2).
        caching: Option<Caching>,
    },
    /// Handshake revisions: nothing; and less, `structuredContent` only where it is an object and no
    /// word on caching (rule L-10).
    Handshake,
}

/// Longest member name in a result or its `_meta`; the rest of a result has no such bound.
const MAX_KEY: usize = 4096;

/// Longest `resultType` looked at: every value that means something here is shorter.
const MAX_RESULT_TYPE: usize = 32;

/// Where in the result the next byte belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Outside any member that is being copied.
    Between,
    /// In the key of a member of the result or of its `_meta`.
    Key,
    /// Behind such a key, before its value.
    BeforeValue,
    /// In a value that is passed on.
    Kept,
    /// In the value of `resultType`, which is left out and looked at.
    ResultType,
    /// In a value that is left out.
    Dropped,
}

/// One result object on its way through.
#[derive(Debug)]
pub(crate) struct Splice {
    scanner: Scanner,
    utf8: Utf8,
    additions: Additions,
    place: Place,
    /// Depth whose members are looked at: 1 in the result, 2 while inside its `_meta`.
    level: u32,
    /// Whether a member has been written at level 1 and 2.
    written: [bool; 2],
    key: Vec<u8>,
    result_type: Vec<u8>,
    has_meta: bool,
    hints: Option<Hints>,
    /// `None` for a tool without `outputSchema`.
    output: Option<Output>,
}

impl Splice {
    pub(super) fn new(additions: Additions, output: Option<Output>) -> Self {
        let hints = match &additions {
            Additions::Stateless { caching, .. } => caching.map(Hints::new),
            Additions::Handshake => None,
        };
        Self {
            scanner: Scanner::new(),
            utf8: Utf8::default(),
            additions,
            place: Place::Between,
            level: 1,
            written: [false; 2],
            key: Vec::new(),
            result_type: Vec::new(),
            has_meta: false,
            hints,
            output,
        }
    }

    /// Takes the next piece and writes what may leave to `out`.
    pub(crate) fn push(&mut self, piece: &[u8], out: &mut BytesMut) -> Result<(), Malformed> {
        self.utf8.push(piece)?;
        let mut at = 0;
        while at < piece.len() {
            let run = self.scanner.plain_run(&piece[at..]);
            if run > 0 {
                self.take(&piece[at..at + run], out);
                at += run;
            } else {
                self.byte(piece[at], out)?;
                at += 1;
            }
        }
        Ok(())
    }

    /// Whether the whole object has passed.
    pub(crate) fn finish(&self) -> Result<(), Malformed> {
        if self.scanner.is_done() { Ok(()) } else { Err(Malformed) }
    }

    /// Whether what has passed is what the tool says it returns.
    pub(super) fn conforms(&self) -> bool {
        self.output.as_ref().is_none_or(Output::conforms)
    }

    fn byte(&mut self, byte: u8, out: &mut BytesMut) -> Result<(), Malformed> {
        let before = self.scanner.depth();
        let mark = self.scanner.step(byte)?;
        if matches!(byte, b'\r' | b'\n') {
            // Only white space between tokens; on an SSE stream it would end the event.
            return Ok(());
        }
        match mark {
            _ if before == 0 => return root(byte, out),
            _ if before != self.level => self.take(&[byte], out),
            Mark::KeyStart => {
                self.key.clear();
                self.place = Place::Key;
                self.take(&[byte], out);
            }
            Mark::KeyEnd => {
                self.take(&[byte], out);
                self.place = Place::BeforeValue;
            }
            Mark::ValueStart => self.value_start(byte, out)?,
            Mark::MemberEnd => self.member_end(),
            Mark::ObjectEnd => self.object_end(out)?,
            Mark::Inside => self.take(&[byte], out),
        }
        Ok(())
    }

    fn member_end(&mut self) {
        self.place = Place::Between;
        if let Some(output) = &mut self.output {
            output.end();
        }
    }

    fn take(&mut self, bytes: &[u8], out: &mut BytesMut) {
        if let Some(output) = &mut self.output {
            output.take(bytes);
        }
        match self.place {
            Place::Kept => out.extend_from_slice(bytes),
            Place::Key => hold(&mut self.key, bytes, MAX_KEY),
            Place::ResultType => hold(&mut self.result_type, bytes, MAX_RESULT_TYPE),
            Place::Dropped | Place::Between | Place::BeforeValue => {}
        }
    }

    fn value_start(&mut self, byte: u8, out: &mut BytesMut) -> Result<(), Malformed> {
        if self.key.len() > MAX_KEY {
            return Err(Malformed);
        }
        let name: Cow<'_, str> = key_name(&self.key)?;
        let is_meta = self.level == 1 && name == "_meta";
        if is_meta && (byte != b'{' || self.has_meta) {
            return Err(Malformed);
        }
        if let (1, Some(output)) = (self.level, &mut self.output) {
            output.begin(&name)?;
        }
        self.place = match (&self.additions, self.level, &*name) {
            (_, 1, "resultType") => Place::ResultType,
            (Additions::Handshake, 1, "structuredContent") if byte != b'{' => Place::Dropped,
            (_, 1, name) if self.hints.as_mut().is_some_and(|hints| !hints.keeps(name, byte)) => Place::Dropped,
            (Additions::Handshake, 1, "ttlMs" | "cacheScope")
            | (Additions::Stateless { .. }, 2, meta::key::SERVER_INFO) => Place::Dropped,
            _ => Place::Kept,
        };
        if self.place == Place::Kept {
            self.open_member(out);
            out.extend_from_slice(&self.key);
            out.put_u8(b':');
        }
        self.take(&[byte], out);
        if is_meta {
            self.has_meta = true;
            self.level = 2;
            self.place = Place::Between;
        }
        Ok(())
    }

    fn open_member(&mut self, out: &mut BytesMut) {
        let written = &mut self.written[self.level as usize - 1];
        if std::mem::replace(written, true) {
            out.put_u8(b',');
        }
    }

    fn object_end(&mut self, out: &mut BytesMut) -> Result<(), Malformed> {
        let additions = self.additions.clone();
        if let Additions::Stateless { server_info, .. } = &additions {
            let own_meta = self.level == 1 && !self.has_meta;
            if self.level == 2 || own_meta {
                self.open_member(out);
                if own_meta {
                    out.extend_from_slice(b"\"_meta\":{");
                }
                put_member(meta::key::SERVER_INFO, server_info, out);
                if own_meta {
                    out.put_u8(b'}');
                }
            }
            if self.level == 1 {
                self.open_member(out);
                if let Some(hints) = &self.hints {
                    hints.put_missing(out);
                }
                put_member("resultType", b"\"complete\"", out);
            }
        }
        out.put_u8(b'}');
        if self.level == 1 {
            return self.check_result_type();
        }
        self.level = 1;
        self.place = Place::Between;
        Ok(())
    }

    /// Only finished results are relayed; asking the client for input is not served.
    fn check_result_type(&self) -> Result<(), Malformed> {
        match self.result_type.trim_ascii() {
            b"" | b"\"complete\"" => Ok(()),
            _ => Err(Malformed),
        }
    }
}

fn root(byte: u8, out: &mut BytesMut) -> Result<(), Malformed> {
    match byte {
        b'{' => out.put_u8(byte),
        b' ' | b'\t' => {}
        _ => return Err(Malformed),
    }
    Ok(())
}

/// The name a key spells, escapes resolved, so that no spelling slips past the comparison.
fn key_name(key: &[u8]) -> Result<Cow<'_, str>, Malformed> {
    if key.contains(&b'\\') {
        serde_json::from_slice::<String>(key).map(Cow::Owned).map_err(|_| Malformed)
    } else {
        let name = key.get(1..key.len() - 1).unwrap_or_default();
        std::str::from_utf8(name).map(Cow::Borrowed).map_err(|_| Malformed)
    }
}

fn put_member(key: &str, value: &[u8], out: &mut BytesMut) {
    out.put_u8(b'"');
    out.extend_from_slice(key.as_bytes());
    out.extend_from_slice(b"\":");
    out.extend_from_slice(value);
}

/// Keeps one byte more than `limit`, so that "too long" can be told.
pub(super) fn hold(held: &mut Vec<u8>, bytes: &[u8], limit: usize) {
    let room = (limit + 1).saturating_sub(held.len());
    held.extend_from_slice(&bytes[..bytes.len().min(room)]);
}

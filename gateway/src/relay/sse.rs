//! Server-Sent Events as MCP clients read them: one `data:` line an event (rule T-8).

use bytes::BytesMut;

/// A comment that keeps the connection open and means nothing (rule T-7).
pub(crate) const KEEP_ALIVE: &[u8] = b":\n\n";

/// Opens an event.
pub(crate) const OPEN: &[u8] = b"data: ";

/// Closes an event.
pub(crate) const CLOSE: &[u8] = b"\n\n";

/// Closes an event that must not be read: half of its data has left and the rest will never come.
///
/// Data cannot be taken back, but an event of a type other than `message` is not a message
/// (WHATWG HTML section 9.2.6), so the client drops it and reads the error that follows.
pub(crate) const CLOSE_DISCARDED: &[u8] = b"\nevent: discarded\n\n";

/// Writes JSON into the open event. Carriage returns, which JSON allows between tokens only, would
/// end the line for an SSE reader and are left out.
pub(crate) fn put_json(json: &[u8], out: &mut BytesMut) {
    for part in json.split(|byte| matches!(byte, b'\r' | b'\n')) {
        out.extend_from_slice(part);
    }
}

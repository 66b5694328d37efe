//! What a variable stands for.

use percent_encoding::percent_decode_str;

/// A value from a path segment: it has no `/`, not even an encoded one.
pub(super) fn segment(raw: &str) -> Option<String> {
    let value = any(raw).filter(|_| !raw.contains(['/', '?', '#']))?;
    (!value.contains('/')).then_some(value)
}

/// A value that is not empty.
pub(super) fn any(raw: &str) -> Option<String> {
    if raw.is_empty() { None } else { parameter(raw) }
}

/// A value, decoded once.
pub(super) fn parameter(raw: &str) -> Option<String> {
    if !is_encoded(raw) {
        return None;
    }
    let value = percent_decode_str(raw).decode_utf8().ok()?;
    let leaves_folder = value.split(['/', '\\']).any(|segment| matches!(segment, "." | ".."));
    (!leaves_folder && !value.contains('\0')).then(|| value.into_owned())
}

/// Whether every `%` begins an encoded byte, and nothing is there that a URI cannot hold. Letters
/// outside ASCII are let through: clients send them, and they mean nothing else.
fn is_encoded(raw: &str) -> bool {
    let encoded =
        |at: usize| raw.as_bytes().get(at + 1..at + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit));
    raw.bytes().enumerate().all(|(at, byte)| match byte {
        b'%' => encoded(at),
        byte => byte.is_ascii_graphic() || !byte.is_ascii(),
    })
}

//! The routing headers of 2026-07-28, which let proxies see what a body says (rules H-10 to H-17).
//!
//! What a proxy acted on must be what runs: a header named twice, malformed, or unlike the body is
//! refused.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;

use super::failure::Failure;

/// Opens and closes a value that HTTP could not carry as it is (rule H-15).
const SENTINEL: (&str, &str) = ("=?base64?", "?=");

/// The refusal of a header.
pub(crate) fn refused(header: &str, reason: &'static str) -> Failure {
    Failure::Header { header: header.to_owned(), reason }
}

/// The only value of a header, without the white space around it; `None` if it is absent.
pub(crate) fn single<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, Failure> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(refused(name, "sent more than once"));
    }
    let text = std::str::from_utf8(value.as_bytes()).ok();
    match text.filter(|text| text.bytes().all(|byte| matches!(byte, 0x20..=0x7e | b'\t'))) {
        Some(text) => Ok(Some(text.trim_matches([' ', '\t']))),
        None => Err(refused(name, "holds characters outside visible ASCII; encode the value as =?base64?…?=")),
    }
}

/// The text a value stands for, its Base64 form decoded. Only `Mcp-Name` and `Mcp-Param-*` have that
/// form; of the others, proxies read the plain value.
pub(crate) fn decoded<'a>(name: &str, value: &'a str) -> Result<Cow<'a, str>, Failure> {
    let encoded = value.strip_prefix(SENTINEL.0).and_then(|rest| rest.strip_suffix(SENTINEL.1));
    let Some(encoded) = encoded else { return Ok(Cow::Borrowed(value)) };
    let bytes = STANDARD.decode(encoded).map_err(|_| refused(name, "is not valid Base64"))?;
    String::from_utf8(bytes).map(Cow::Owned).map_err(|_| refused(name, "is not UTF-8 behind its Base64"))
}

/// Checks that a header says what the body says. Absence is a fault where the header is `required`.
pub(crate) fn matches(headers: &HeaderMap, name: &str, expected: &str, required: bool) -> Result<(), Failure> {
    agrees(name, single(headers, name)?.map(Cow::Borrowed), expected, required)
}

/// The same for a header whose value may be encoded.
pub(crate) fn matches_decoded(headers: &HeaderMap, name: &str, expected: &str, required: bool) -> Result<(), Failure> {
    let stated = single(headers, name)?.map(|value| decoded(name, value)).transpose()?;
    agrees(name, stated, expected, required)
}

fn agrees(name: &str, stated: Option<Cow<'_, str>>, expected: &str, required: bool) -> Result<(), Failure> {
    match stated {
        None if required => Err(refused(name, "missing")),
        None => Ok(()),
        Some(stated) if stated == expected => Ok(()),
        Some(_) => Err(refused(name, "differs from the body")),
    }
}

//! The token in a request (RFC 6750, section 2.1).

use http::header::AUTHORIZATION;
use http::request::Parts;
use percent_encoding::percent_decode_str;

use super::Refusal;

/// The token a request carries in its `Authorization` header, the one place where it may be (rule A-3). `None` if
/// there is none or another scheme's.
///
/// # Errors
/// [`Refusal::Malformed`] for a token in the query string, two headers, or what cannot be a token.
pub(super) fn token(request: &Parts) -> Result<Option<&str>, Refusal> {
    if request.uri.query().is_some_and(names_a_token) {
        return Err(Refusal::Malformed("tokens are not taken from the query string"));
    }
    let mut headers = request.headers.get_all(AUTHORIZATION).iter();
    let (Some(header), rest) = (headers.next(), headers.next()) else { return Ok(None) };
    if rest.is_some() {
        return Err(Refusal::Malformed("there is more than one Authorization header"));
    }
    let header = header.to_str().map_err(|_| Refusal::Malformed("the Authorization header is not text"))?;
    let (scheme, token) = header.trim().split_once(' ').unwrap_or((header.trim(), ""));
    let token = token.trim_start_matches(' ');
    if !scheme.eq_ignore_ascii_case("bearer") || token.is_empty() {
        return Ok(None);
    }
    if is_token(token) { Ok(Some(token)) } else { Err(Refusal::Malformed("the Authorization header holds no token")) }
}

/// `b64token` of RFC 6750. A function URL joins repeated headers with commas, which no token has.
fn is_token(text: &str) -> bool {
    let unpadded = text.trim_end_matches('=');
    !unpadded.is_empty() && unpadded.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte))
}

fn names_a_token(query: &str) -> bool {
    query.split('&').any(|pair| {
        let name = pair.split_once('=').map_or(pair, |(name, _)| name);
        percent_decode_str(name).eq(b"access_token".iter().copied())
    })
}

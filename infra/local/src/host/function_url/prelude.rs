use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::Deserialize;

/// What separates a streamed response's head from its body.
const SEPARATOR: [u8; 8] = [0; 8];

/// Largest head, in bytes: more than any HTTP client takes.
const MAX_HEAD: usize = 64 * 1024;

/// The head of a response, from the HTTP-integration prelude.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
}

/// Why a response has no head.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PreludeError {
    #[error("its head is longer than {MAX_HEAD} bytes, or there is none before the body")]
    TooLong,
    #[error("its head is not JSON with `statusCode`, `headers` and `cookies`: {0}")]
    Malformed(#[from] serde_json::Error),
    #[error("its head has the status {0}, which is none")]
    Status(u16),
    #[error("its head has the header {0:?}, which is none")]
    Header(String),
}

/// Collects the prelude, wherever it was cut.
#[derive(Debug, Default)]
pub(crate) struct Prelude {
    held: BytesMut,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    #[serde(default = "ok")]
    status_code: u16,
    #[serde(default)]
    headers: std::collections::BTreeMap<String, Values>,
    #[serde(default)]
    cookies: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Values {
    One(String),
    Many(Vec<String>),
}

const fn ok() -> u16 {
    200
}

impl Prelude {
    /// Feeds the next bytes; answers the head, and what of the body came with it, once it is complete.
    pub(crate) fn feed(&mut self, chunk: &Bytes) -> Result<Option<(Head, Bytes)>, PreludeError> {
        // A separator may have begun in what was held before.
        let from = self.held.len().saturating_sub(SEPARATOR.len() - 1);
        let before = self.held.len();
        self.held.extend_from_slice(&chunk[..chunk.len().min(MAX_HEAD + SEPARATOR.len())]);
        let found = self.held[from..].windows(SEPARATOR.len()).position(|window| window == SEPARATOR);
        let Some(found) = found else {
            return if self.held.len() >= MAX_HEAD + SEPARATOR.len() { Err(PreludeError::TooLong) } else { Ok(None) };
        };
        let head_end = from + found;
        let body = chunk.slice(head_end + SEPARATOR.len() - before..);
        let document: Document = serde_json::from_slice(&self.held[..head_end])?;
        Ok(Some((document.head()?, body)))
    }
}

impl Document {
    fn head(self) -> Result<Head, PreludeError> {
        let status = StatusCode::from_u16(self.status_code).map_err(|_| PreludeError::Status(self.status_code))?;
        let mut headers = HeaderMap::new();
        for (name, values) in self.headers {
            let parsed = HeaderName::from_bytes(name.as_bytes()).map_err(|_| PreludeError::Header(name.clone()))?;
            let values = match values {
                Values::One(value) => vec![value],
                Values::Many(values) => values,
            };
            for value in values {
                let value = HeaderValue::from_str(&value).map_err(|_| PreludeError::Header(name.clone()))?;
                headers.append(parsed.clone(), value);
            }
        }
        for cookie in self.cookies {
            let cookie =
                HeaderValue::from_str(&cookie).map_err(|_| PreludeError::Header(header::SET_COOKIE.to_string()))?;
            headers.append(header::SET_COOKIE, cookie);
        }
        Ok(Head { status, headers })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &[u8] =
        b"{\"statusCode\":201,\"headers\":{\"a\":\"1\",\"b\":[\"2\",\"3\"]},\"cookies\":[\"c=4\"]}\0\0\0\0\0\0\0\0body";

    #[test]
    fn a_prelude_is_found_wherever_it_is_cut() {
        for first in 0..=STREAM.len() {
            for second in first..=STREAM.len() {
                let mut prelude = Prelude::default();
                let mut head = None;
                let mut body = Vec::new();
                for piece in [&STREAM[..first], &STREAM[first..second], &STREAM[second..]] {
                    if head.is_some() {
                        body.extend_from_slice(piece);
                    } else if let Some((found, rest)) = prelude.feed(&Bytes::copy_from_slice(piece)).expect("valid") {
                        head = Some(found);
                        body.extend_from_slice(&rest);
                    }
                }
                let head = head.expect("the head is complete");
                assert_eq!(head.status, StatusCode::CREATED);
                assert_eq!(head.headers.get_all("b").iter().collect::<Vec<_>>(), ["2", "3"]);
                assert_eq!(head.headers[header::SET_COOKIE], "c=4");
                assert_eq!(body, b"body", "cut at {first} and {second}");
            }
        }
    }

    #[test]
    fn what_is_no_prelude_is_refused_by_name() {
        let refused = |bytes: &[u8]| {
            let mut stream = bytes.to_vec();
            stream.extend_from_slice(&SEPARATOR);
            Prelude::default().feed(&stream.into()).expect_err("no head").to_string()
        };
        assert!(refused(b"hello").contains("not JSON"));
        assert!(refused(b"{\"statusCode\":7}").contains('7'));
        assert!(refused(b"{\"headers\":{\"a b\":\"\"}}").contains("a b"));
        let long = Prelude::default().feed(&vec![b' '; 2 * MAX_HEAD].into()).expect_err("too long");
        assert!(matches!(long, PreludeError::TooLong));
    }
}

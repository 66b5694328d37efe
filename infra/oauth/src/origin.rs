//! The secret that shows a request came through the front door.

use std::fmt;
use std::str::FromStr;

use axum::http::{HeaderMap, HeaderName};
use ring::digest::{SHA256, SHA256_OUTPUT_LEN, digest};

/// The header the secret travels in.
const HEADER: HeaderName = HeaderName::from_static("x-penstock-origin");

/// Shortest secret, in bytes.
const MIN_SECRET: usize = 32;

/// One secret, or two while one replaces the other; kept as SHA-256 digests.
#[derive(Clone, PartialEq, Eq)]
pub struct OriginSecrets(Vec<[u8; SHA256_OUTPUT_LEN]>);

/// The text holds no secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be one or two secrets of at least {MIN_SECRET} characters, separated by a comma")]
pub struct InvalidOriginSecrets;

impl OriginSecrets {
    /// Whether a request carries one of them, and carries it once.
    pub(crate) fn admit(&self, headers: &HeaderMap) -> bool {
        let mut values = headers.get_all(HEADER).iter();
        let (Some(value), None) = (values.next(), values.next()) else { return false };
        let sent = sha256(value.as_bytes());
        // Every byte of every digest is looked at, whichever differs.
        let differs = |known: &[u8; SHA256_OUTPUT_LEN]| known.iter().zip(&sent).fold(0, |all, (a, b)| all | (a ^ b));
        self.0.iter().filter(|known| differs(known) == 0).count() > 0
    }
}

impl FromStr for OriginSecrets {
    type Err = InvalidOriginSecrets;

    fn from_str(text: &str) -> Result<Self, InvalidOriginSecrets> {
        let secrets: Vec<_> = text.split(',').map(str::trim).collect();
        if secrets.len() > 2 || secrets.iter().any(|secret| secret.len() < MIN_SECRET) {
            return Err(InvalidOriginSecrets);
        }
        Ok(Self(secrets.into_iter().map(|secret| sha256(secret.as_bytes())).collect()))
    }
}

impl fmt::Debug for OriginSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OriginSecrets({})", self.0.len())
    }
}

fn sha256(bytes: &[u8]) -> [u8; SHA256_OUTPUT_LEN] {
    let mut output = [0; SHA256_OUTPUT_LEN];
    output.copy_from_slice(digest(&SHA256, bytes).as_ref());
    output
}

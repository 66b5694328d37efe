//! The secret that tells a request sent through the distribution in front from one sent around it.

use std::fmt;
use std::str::FromStr;

use http::HeaderMap;
use ring::hmac::{self, HMAC_SHA256, Key, Tag};

/// The header that carries the secret.
const HEADER: &str = "x-penstock-origin";

/// Shortest secret, in characters.
const MIN_LENGTH: usize = 32;

/// Longest secret, in characters.
const MAX_LENGTH: usize = 1024;

/// Most secrets at once: one in use, one on its way in or out.
const MAX_SECRETS: usize = 2;

/// Secrets of which every request has to bring one; without any, every request is let in.
#[derive(Clone, Default)]
pub struct OriginSecrets(Vec<Secret>);

/// A secret under a key nobody has: comparing two such tags takes the same time wherever they differ.
#[derive(Clone)]
struct Secret {
    key: Key,
    tag: Tag,
}

/// The text holds no origin secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be one or two secrets, separated by a comma, each of {MIN_LENGTH} to {MAX_LENGTH} visible ASCII characters"
)]
pub struct InvalidOriginSecrets;

impl OriginSecrets {
    /// Whether none is demanded.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a request with these headers came by way of who knows a secret.
    pub fn admit(&self, headers: &HeaderMap) -> bool {
        let mut values = headers.get_all(HEADER).iter();
        match (values.next(), values.next()) {
            _ if self.0.is_empty() => true,
            // All are compared, so that the time does not tell which one it was.
            (Some(value), None) => self.0.iter().fold(false, |known, secret| known | secret.is(value.as_bytes())),
            _ => false,
        }
    }
}

impl Secret {
    fn is(&self, other: &[u8]) -> bool {
        other.len() <= MAX_LENGTH && hmac::verify(&self.key, other, self.tag.as_ref()).is_ok()
    }
}

impl FromStr for OriginSecrets {
    type Err = InvalidOriginSecrets;

    fn from_str(text: &str) -> Result<Self, InvalidOriginSecrets> {
        let secrets = text.split(',').map(str::trim).map(|secret| {
            let sound =
                (MIN_LENGTH..=MAX_LENGTH).contains(&secret.len()) && secret.bytes().all(|b| b.is_ascii_graphic());
            let random = penstock_seal::random::<32>().map_err(|_| InvalidOriginSecrets)?;
            let key = Key::new(HMAC_SHA256, &random);
            let tag = hmac::sign(&key, secret.as_bytes());
            if sound { Ok(Secret { key, tag }) } else { Err(InvalidOriginSecrets) }
        });
        let secrets: Vec<_> = secrets.collect::<Result<_, _>>()?;
        if secrets.len() > MAX_SECRETS { Err(InvalidOriginSecrets) } else { Ok(Self(secrets)) }
    }
}

impl fmt::Debug for OriginSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OriginSecrets({})", self.0.len())
    }
}

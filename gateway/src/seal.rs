//! Text that clients carry for the gateway and can neither read nor change: session ids, and the
//! state of requests that wait for input (rules and L-5).
//!
//! A sealed text is `<key id>.<Base64url of nonce, ciphertext and tag>`: AES-256-GCM (RFC 5116) under
//! a key derived by HKDF-SHA-256 (RFC 5869) for one purpose, so that a text sealed for one
//! cannot be used for another. Nonces are random: a key is good for 2^32 texts and is rotated long
//! before (NIST SP 800-38D section 8.3).

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hkdf::{HKDF_SHA256, Salt};
use ring::rand::{SecureRandom as _, SystemRandom};

/// Bytes of a key.
const KEY_LEN: usize = 32;

/// Longest key id.
const MAX_KEY_ID: usize = 16;

/// Most keys at once: one that seals, the rest on their way out.
const MAX_KEYS: usize = 8;

/// What a text is sealed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// `requestState` of a result that asks for input.
    RequestState,
    /// `Mcp-Session-Id`.
    Session,
    /// The id of a request to a client.
    Question,
    /// What tells an instance to run a task.
    Task,
}

impl Purpose {
    const ALL: [Self; 4] = [Self::RequestState, Self::Session, Self::Question, Self::Task];

    const fn as_str(self) -> &'static str {
        match self {
            Self::RequestState => "penstock request state",
            Self::Session => "penstock session",
            Self::Question => "penstock question",
            Self::Task => "penstock task",
        }
    }
}

/// The keys texts are sealed with. The first seals, every one opens, so a key is replaced by
/// putting the new one first and taking the old one away once its texts have expired.
#[derive(Clone)]
pub struct Keys(Vec<Key>);

#[derive(Clone)]
struct Key {
    id: String,
    /// One derived key for each of [`Purpose::ALL`].
    derived: [LessSafeKey; Purpose::ALL.len()],
}

/// The text holds no keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be keys as `id:base64`, separated by commas: ids of 1 to {MAX_KEY_ID} letters, digits, - and _, used once; keys of {KEY_LEN} bytes; at most {MAX_KEYS}"
)]
pub struct InvalidKeys;

/// The system gives no randomness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system's random number generator failed")]
pub(crate) struct NoRandomness;

impl Keys {
    /// One key nobody else has: what it seals, only this process opens.
    ///
    /// # Panics
    /// If the system gives no randomness.
    pub fn random() -> Self {
        let secret = random::<KEY_LEN>().expect("the system's random number generator works");
        Self(vec![Key::new("own".to_owned(), &secret).expect("a key of the right length")])
    }

    /// Seals `text` under the first key.
    pub(crate) fn seal(&self, purpose: Purpose, text: &[u8]) -> Result<String, NoRandomness> {
        let key = self.0.first().ok_or(NoRandomness)?;
        let nonce = random::<NONCE_LEN>()?;
        let mut sealed = text.to_vec();
        key.derived[purpose as usize]
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(&key.id), &mut sealed)
            .map_err(|_| NoRandomness)?;
        Ok(format!("{}.{}", key.id, URL_SAFE_NO_PAD.encode([&nonce[..], &sealed].concat())))
    }

    /// Opens what [`seal`](Self::seal) has sealed for the same purpose under one of these keys;
    /// `None` for everything else.
    pub(crate) fn open(&self, purpose: Purpose, sealed: &str) -> Option<Vec<u8>> {
        let (id, rest) = sealed.split_once('.')?;
        let key = self.0.iter().find(|key| key.id == id)?;
        let mut bytes = URL_SAFE_NO_PAD.decode(rest).ok()?;
        let nonce: [u8; NONCE_LEN] = bytes.get(..NONCE_LEN)?.try_into().ok()?;
        let mut text = bytes.split_off(NONCE_LEN);
        let nonce = Nonce::assume_unique_for_key(nonce);
        let opened = key.derived[purpose as usize].open_in_place(nonce, Aad::from(&key.id), &mut text).ok()?.len();
        text.truncate(opened);
        Some(text)
    }
}

impl Key {
    fn new(id: String, secret: &[u8]) -> Option<Self> {
        let base = Salt::new(HKDF_SHA256, b"penstock").extract(secret);
        let derive = |purpose: Purpose| {
            let key: UnboundKey = base.expand(&[purpose.as_str().as_bytes()], &AES_256_GCM).ok()?.into();
            Some(LessSafeKey::new(key))
        };
        let [request_state, session, question, task] = Purpose::ALL.map(derive);
        Some(Self { id, derived: [request_state?, session?, question?, task?] })
    }
}

impl FromStr for Keys {
    type Err = InvalidKeys;

    fn from_str(text: &str) -> Result<Self, InvalidKeys> {
        let mut keys: Vec<Key> = Vec::new();
        for part in text.split(',').map(str::trim) {
            let (id, secret) = part.split_once(':').ok_or(InvalidKeys)?;
            let is_id = (1..=MAX_KEY_ID).contains(&id.len())
                && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
            let secret = STANDARD.decode(secret).map_err(|_| InvalidKeys)?;
            if !is_id || secret.len() != KEY_LEN || keys.iter().any(|key| key.id == id) {
                return Err(InvalidKeys);
            }
            keys.push(Key::new(id.to_owned(), &secret).ok_or(InvalidKeys)?);
        }
        if keys.is_empty() || keys.len() > MAX_KEYS { Err(InvalidKeys) } else { Ok(Self(keys)) }
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|key| &key.id)).finish()
    }
}

/// Bytes nobody can guess.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::{Keys, Purpose};

    const OLD: &str = "old:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    const NEW: &str = "new:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

    fn keys(text: &str) -> Keys {
        text.parse().expect("keys")
    }

    /// nothing that was changed opens, nor what was sealed for another purpose.
    #[test]
    fn a_sealed_text_opens_whole_for_its_purpose_and_not_otherwise() {
        let keys = keys(OLD);
        let sealed = keys.seal(Purpose::Session, b"text").expect("sealed");
        assert_eq!(keys.open(Purpose::Session, &sealed).as_deref(), Some(&b"text"[..]));
        assert_eq!(keys.open(Purpose::RequestState, &sealed), None);
        for at in 0..sealed.len() {
            let mut changed = sealed.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).expect("ASCII");
            assert_eq!(keys.open(Purpose::Session, &changed), None, "changed at {at}");
            assert_eq!(keys.open(Purpose::Session, &sealed[..at]), None, "cut at {at}");
        }
        assert_ne!(sealed, keys.seal(Purpose::Session, b"text").expect("sealed"), "nonces differ");
    }

    /// keys rotate without breaking what is out there.
    #[test]
    fn a_key_that_has_been_replaced_opens_until_it_is_taken_away() {
        let sealed = keys(OLD).seal(Purpose::RequestState, b"text").expect("sealed");
        let both = keys(&format!("{NEW}, {OLD}"));
        assert!(both.open(Purpose::RequestState, &sealed).is_some());
        assert!(both.seal(Purpose::RequestState, b"").expect("sealed").starts_with("new."));
        assert!(keys(NEW).open(Purpose::RequestState, &sealed).is_none());
    }

    #[test]
    fn what_is_no_list_of_keys_is_refused() {
        let nine: Vec<_> = (0..9).map(|at| NEW.replace("new", &at.to_string())).collect();
        let wrong = ["", "old", "old:AAAA", ":AAAA", &format!("{OLD},{OLD}"), &format!("{OLD},"), &nine.join(",")];
        for text in wrong {
            assert!(text.parse::<Keys>().is_err(), "{text}");
        }
    }
}

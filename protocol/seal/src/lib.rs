//! Text that others carry for a function and can neither read nor change: session ids and request states of the
//! gateway (rules and L-5), codes and refresh tokens of the OAuth front.
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
use ring::hkdf::{HKDF_SHA256, Prk, Salt};
use ring::rand::{SecureRandom as _, SystemRandom};

/// Bytes of a key.
const KEY_LEN: usize = 32;

/// Longest key id.
const MAX_KEY_ID: usize = 16;

/// Most keys at once: one that seals, the rest on their way out.
const MAX_KEYS: usize = 8;

/// What a text is sealed for: a name that is part of the key, so that no text can pass for another's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purpose(&'static str);

impl Purpose {
    /// A purpose by its name, which has to be unique among all who share the keys.
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }
}

/// The keys texts are sealed with. The first seals, every one opens, so a key is replaced by
/// putting the new one first and taking the old one away once its texts have expired.
#[derive(Clone)]
pub struct Keys(Vec<Key>);

#[derive(Clone)]
struct Key {
    id: String,
    base: Prk,
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
pub struct NoRandomness;

impl Keys {
    /// One key nobody else has: what it seals, only this process opens.
    ///
    /// # Panics
    /// If the system gives no randomness.
    pub fn random() -> Self {
        let secret = random::<KEY_LEN>().expect("the system's random number generator works");
        Self(vec![Key::new("own".to_owned(), &secret)])
    }

    /// Seals `text` under the first key.
    ///
    /// # Errors
    /// [`NoRandomness`] if there is none for a nonce.
    pub fn seal(&self, purpose: Purpose, text: &[u8]) -> Result<String, NoRandomness> {
        let key = self.0.first().ok_or(NoRandomness)?;
        let nonce = random::<NONCE_LEN>()?;
        let mut sealed = text.to_vec();
        key.derive(purpose)
            .ok_or(NoRandomness)?
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(&key.id), &mut sealed)
            .map_err(|_| NoRandomness)?;
        Ok(format!("{}.{}", key.id, URL_SAFE_NO_PAD.encode([&nonce[..], &sealed].concat())))
    }

    /// Opens what [`seal`](Self::seal) has sealed for the same purpose under one of these keys;
    /// `None` for everything else.
    pub fn open(&self, purpose: Purpose, sealed: &str) -> Option<Vec<u8>> {
        let (id, rest) = sealed.split_once('.')?;
        let key = self.0.iter().find(|key| key.id == id)?;
        let mut bytes = URL_SAFE_NO_PAD.decode(rest).ok()?;
        let nonce: [u8; NONCE_LEN] = bytes.get(..NONCE_LEN)?.try_into().ok()?;
        let mut text = bytes.split_off(NONCE_LEN);
        let nonce = Nonce::assume_unique_for_key(nonce);
        let opened = key.derive(purpose)?.open_in_place(nonce, Aad::from(&key.id), &mut text).ok()?.len();
        text.truncate(opened);
        Some(text)
    }
}

impl Key {
    fn new(id: String, secret: &[u8]) -> Self {
        Self { id, base: Salt::new(HKDF_SHA256, b"penstock").extract(secret) }
    }

    /// `None` never happens: the algorithm's key length is one HKDF can give.
    fn derive(&self, purpose: Purpose) -> Option<LessSafeKey> {
        let key: UnboundKey = self.base.expand(&[purpose.0.as_bytes()], &AES_256_GCM).ok()?.into();
        Some(LessSafeKey::new(key))
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
            keys.push(Key::new(id.to_owned(), &secret));
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
///
/// # Errors
/// [`NoRandomness`] if the system gives none.
pub fn random<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::{Keys, Purpose};

    const SESSION: Purpose = Purpose::new("session");
    const STATE: Purpose = Purpose::new("state");
    const OLD: &str = "old:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    const NEW: &str = "new:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

    fn keys(text: &str) -> Keys {
        text.parse().expect("keys")
    }

    /// nothing that was changed opens, nor what was sealed for another purpose.
    #[test]
    fn a_sealed_text_opens_whole_for_its_purpose_and_not_otherwise() {
        let keys = keys(OLD);
        let sealed = keys.seal(SESSION, b"text").expect("sealed");
        assert_eq!(keys.open(SESSION, &sealed).as_deref(), Some(&b"text"[..]));
        assert_eq!(keys.open(STATE, &sealed), None);
        for at in 0..sealed.len() {
            let mut changed = sealed.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).expect("ASCII");
            assert_eq!(keys.open(SESSION, &changed), None, "changed at {at}");
            assert_eq!(keys.open(SESSION, &sealed[..at]), None, "cut at {at}");
        }
        assert_ne!(sealed, keys.seal(SESSION, b"text").expect("sealed"), "nonces differ");
    }

    /// keys rotate without breaking what is out there.
    #[test]
    fn a_key_that_has_been_replaced_opens_until_it_is_taken_away() {
        let sealed = keys(OLD).seal(STATE, b"text").expect("sealed");
        let both = keys(&format!("{NEW}, {OLD}"));
        assert!(both.open(STATE, &sealed).is_some());
        assert!(both.seal(STATE, b"").expect("sealed").starts_with("new."));
        assert!(keys(NEW).open(STATE, &sealed).is_none());
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

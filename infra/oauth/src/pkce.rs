//! Proof key for code exchange (RFC 7636), by SHA-256 and in no weaker way.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use penstock_seal::{NoRandomness, random};
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

/// Length of a SHA-256 digest as Base64url.
const CHALLENGE_LEN: usize = 43;

/// Shortest and longest verifier (RFC 7636, section 4.1).
const VERIFIER_LEN: std::ops::RangeInclusive<usize> = 43..=128;

/// What a verifier has to hash to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Challenge(String);

/// What the front proves to the upstream.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Verifier(String);

impl Challenge {
    /// `None` if this is no SHA-256 digest in Base64url.
    pub(crate) fn new(text: &str) -> Option<Self> {
        let is_digest = text.len() == CHALLENGE_LEN && URL_SAFE_NO_PAD.decode(text).is_ok();
        is_digest.then(|| Self(text.to_owned()))
    }

    /// Whether `verifier` is the one.
    pub(crate) fn is_met_by(&self, verifier: &str) -> bool {
        let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        VERIFIER_LEN.contains(&verifier.len()) && verifier.bytes().all(unreserved) && sha256(verifier) == self.0
    }
}

impl Verifier {
    pub(crate) fn random() -> Result<Self, NoRandomness> {
        Ok(Self(URL_SAFE_NO_PAD.encode(random::<32>()?)))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn challenge(&self) -> String {
        sha256(&self.0)
    }
}

/// The SHA-256 digest of a text in Base64url.
pub(crate) fn sha256(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::{Challenge, sha256};

    /// RFC 7636, appendix B.
    #[test]
    fn the_rfcs_example_holds() {
        let challenge = Challenge::new("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM").expect("a challenge");
        assert!(challenge.is_met_by("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
        assert!(!challenge.is_met_by("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl"));
    }

    #[test]
    fn verifiers_and_challenges_of_other_lengths_or_letters_are_none() {
        for verifier in ["a".repeat(42), "a".repeat(129), "ä".repeat(30), format!("{} ", "a".repeat(43))] {
            assert!(!Challenge::new(&sha256(&verifier)).expect("a challenge").is_met_by(&verifier), "{verifier}");
        }
        for challenge in ["", "plain-text-that-is-a-verifier-of-43-letters", "a=", &"a".repeat(44), &"/".repeat(43)] {
            let meets = Challenge::new(challenge).is_some_and(|known| known.is_met_by(challenge));
            assert!(!meets, "{challenge}");
        }
    }
}

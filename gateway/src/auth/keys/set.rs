//! A JSON Web Key Set (RFC 7517): the keys in it that tokens can be verified with.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, KeyOperations, PublicKeyUse};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey};
use penstock_protocol::RawValue;
use serde::Deserialize;

use super::KeysError;

/// Most keys in a set.
const MAX_KEYS: usize = 100;

/// Bits an RSA modulus may have: RFC 7518, section 3.3, demands the least, and ring verifies no more than the most.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

/// The keys of an issuer.
#[derive(Debug)]
pub(super) struct KeySet(Vec<Key>);

#[derive(Debug)]
struct Key {
    id: Option<String>,
    algorithms: Vec<Algorithm>,
    material: Arc<DecodingKey>,
}

impl KeySet {
    /// Reads a key set. Keys of other kinds and for other purposes are left out, and so are those that are too weak.
    pub(super) fn read(document: &[u8]) -> Result<Self, KeysError> {
        #[derive(Deserialize)]
        struct Document<'a> {
            #[serde(borrow)]
            keys: Vec<&'a RawValue>,
        }
        let document: Document<'_> =
            serde_json::from_slice(document).map_err(|_| KeysError::Document("the keys are no JSON Web Key Set"))?;
        if document.keys.len() > MAX_KEYS {
            return Err(KeysError::Document("there are more than 100 keys"));
        }
        let keys = document.keys.iter().filter_map(|key| Key::read(&serde_json::from_str(key.get()).ok()?));
        let keys: Vec<_> = keys.collect();
        if keys.is_empty() { Err(KeysError::Document("no key in the set can be used")) } else { Ok(Self(keys)) }
    }

    /// The key of this id that fits an algorithm; without an id, the only one that fits.
    pub(super) fn find(&self, id: Option<&str>, algorithm: Algorithm) -> Option<Arc<DecodingKey>> {
        let fits = |key: &&Key| key.algorithms.contains(&algorithm) && (id.is_none() || key.id.as_deref() == id);
        let mut fitting = self.0.iter().filter(fits);
        let found = fitting.next()?;
        (id.is_some() || fitting.next().is_none()).then(|| Arc::clone(&found.material))
    }
}

impl Key {
    fn read(jwk: &Jwk) -> Option<Self> {
        let common = &jwk.common;
        let for_signatures = common.public_key_use.as_ref().is_none_or(|usage| *usage == PublicKeyUse::Signature)
            && common.key_operations.as_ref().is_none_or(|operations| operations.contains(&KeyOperations::Verify));
        if !for_signatures {
            return None;
        }
        let (possible, key) = material(&jwk.algorithm)?;
        let meant =
            |algorithm: &Algorithm| common.key_algorithm.is_none_or(|only| only == KeyAlgorithm::from(*algorithm));
        let algorithms: Vec<_> = possible.iter().copied().filter(meant).collect();
        (!algorithms.is_empty()).then(|| Self { id: common.key_id.clone(), algorithms, material: Arc::new(key) })
    }
}

/// A public key and the algorithms its type and curve allow. There are none for a shared secret: a public key set holds
/// no secrets.
fn material(parameters: &AlgorithmParameters) -> Option<(&'static [Algorithm], DecodingKey)> {
    match parameters {
        AlgorithmParameters::RSA(rsa) => {
            let (n, e) = (integer(&rsa.n)?, integer(&rsa.e)?);
            let bits = 8 * n.len() - n.first()?.leading_zeros() as usize;
            let strong = RSA_BITS.contains(&bits);
            strong.then(|| (AlgorithmFamily::Rsa.algorithms(), DecodingKey::from_rsa_raw_components(&n, &e)))
        }
        AlgorithmParameters::EllipticCurve(ec) => {
            let algorithms: &[Algorithm] = match ec.curve {
                EllipticCurve::P256 => &[Algorithm::ES256],
                EllipticCurve::P384 => &[Algorithm::ES384],
                _ => return None,
            };
            Some((algorithms, DecodingKey::from_ec_components(&ec.x, &ec.y).ok()?))
        }
        AlgorithmParameters::OctetKeyPair(okp) if okp.curve == EllipticCurve::Ed25519 => {
            Some((&[Algorithm::EdDSA], DecodingKey::from_ed_components(&okp.x).ok()?))
        }
        _ => None,
    }
}

/// `Base64urlUInt` of RFC 7518, section 2, without the leading zeros that some write.
fn integer(encoded: &str) -> Option<Vec<u8>> {
    let mut bytes = URL_SAFE_NO_PAD.decode(encoded).ok()?;
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes.drain(..zeros);
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use jsonwebtoken::Algorithm;
    use serde_json::{Value, json};

    use super::KeySet;

    fn rsa(id: &str, bits: usize) -> Value {
        let mut modulus = vec![0xff; bits / 8];
        modulus.insert(0, 0);
        json!({ "kty": "RSA", "kid": id, "n": URL_SAFE_NO_PAD.encode(modulus), "e": "AQAB" })
    }

    fn ec(id: &str, curve: &str) -> Value {
        json!({ "kty": "EC", "kid": id, "crv": curve, "x": "AAAA", "y": "AAAA" })
    }

    fn with(mut key: Value, member: &str, value: Value) -> Value {
        key[member] = value;
        key
    }

    fn set(keys: &[Value]) -> Option<KeySet> {
        KeySet::read(json!({ "keys": keys }).to_string().as_bytes()).ok()
    }

    /// type, curve, use and algorithm of the key have to fit, whatever the token's header says.
    #[test]
    fn a_key_verifies_only_what_it_is_for() {
        use Algorithm::{ES256, ES384, EdDSA, PS256, RS256, RS512};
        for (key, fits, unfit) in [
            (rsa("k", 2048), vec![RS256, RS512, PS256], vec![ES256, EdDSA, Algorithm::HS256]),
            (with(rsa("k", 2048), "alg", json!("RS256")), vec![RS256], vec![RS512, PS256]),
            (with(rsa("k", 2048), "use", json!("sig")), vec![RS256], vec![]),
            (with(rsa("k", 4096), "key_ops", json!(["verify"])), vec![RS256], vec![]),
            (ec("k", "P-256"), vec![ES256], vec![ES384, RS256]),
            (ec("k", "P-384"), vec![ES384], vec![ES256]),
        ] {
            let set = set(std::slice::from_ref(&key)).expect("a usable key");
            assert!(fits.iter().all(|algorithm| set.find(Some("k"), *algorithm).is_some()), "{key}");
            assert!(unfit.iter().all(|algorithm| set.find(Some("k"), *algorithm).is_none()), "{key}");
        }
    }

    #[test]
    fn keys_that_are_weak_secret_or_for_something_else_are_left_out() {
        for key in [
            rsa("k", 1024),
            rsa("k", 2040),
            rsa("k", 8200),
            with(rsa("k", 2048), "use", json!("enc")),
            with(rsa("k", 2048), "alg", json!("ES256")),
            with(rsa("k", 2048), "alg", json!("RSA-OAEP")),
            with(rsa("k", 2048), "key_ops", json!(["encrypt"])),
            ec("k", "P-521"),
            json!({ "kty": "oct", "kid": "k", "k": "c2VjcmV0" }),
            json!({ "kty": "new", "kid": "k" }),
            json!("no key"),
        ] {
            assert!(set(std::slice::from_ref(&key)).is_none(), "{key}");
            let beside = set(&[key.clone(), ec("other", "P-256")]).expect("one is enough");
            assert!(beside.find(Some("k"), Algorithm::RS256).is_none(), "{key}");
        }
        assert!(set(&[]).is_none());
        assert!(set(&vec![ec("k", "P-256"); 101]).is_none(), "too many");
    }

    #[test]
    fn a_token_that_names_no_key_is_checked_with_the_only_one_that_fits() {
        let one = set(&[rsa("a", 2048), ec("b", "P-256")]).expect("keys");
        assert!(one.find(None, Algorithm::RS256).is_some() && one.find(None, Algorithm::ES256).is_some());
        let two = set(&[ec("a", "P-256"), ec("b", "P-256")]).expect("keys");
        assert!(two.find(None, Algorithm::ES256).is_none());
        assert!(two.find(Some("c"), Algorithm::ES256).is_none() && two.find(Some("b"), Algorithm::ES256).is_some());
    }
}

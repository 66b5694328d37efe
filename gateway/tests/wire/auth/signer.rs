//! Keys that sign tokens, sound ones and others.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
    Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384,
    RSA_PSS_SHA512, RsaEncoding, RsaKeyPair,
};
use serde_json::{Value, json};

/// A key pair of 2048 bits that is used for nothing but these tests.
const RSA: &[u8] = include_bytes!("../../fixtures/test-issuer-rsa-2048.pkcs8.der");

/// A key pair with an id.
pub(crate) struct Signer {
    pub(crate) id: &'static str,
    pair: Pair,
}

enum Pair {
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair, &'static str),
    Ed(Ed25519KeyPair),
}

fn text(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Signer {
    /// The RSA key there is.
    pub(crate) fn rsa(id: &'static str) -> Self {
        Self { id, pair: Pair::Rsa(RsaKeyPair::from_pkcs8(RSA).expect("a key pair")) }
    }

    /// A new key on the curve P-256.
    pub(crate) fn p256(id: &'static str) -> Self {
        Self { id, pair: Pair::Ec(ec(&ECDSA_P256_SHA256_FIXED_SIGNING), "P-256") }
    }

    /// A new key on the curve P-384.
    pub(crate) fn p384(id: &'static str) -> Self {
        Self { id, pair: Pair::Ec(ec(&ECDSA_P384_SHA384_FIXED_SIGNING), "P-384") }
    }

    /// A new Ed25519 key.
    pub(crate) fn ed25519(id: &'static str) -> Self {
        let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).expect("a key");
        Self { id, pair: Pair::Ed(Ed25519KeyPair::from_pkcs8(document.as_ref()).expect("a key pair")) }
    }

    /// What the issuer publishes.
    pub(crate) fn jwk(&self) -> Value {
        let mut jwk = match &self.pair {
            Pair::Rsa(pair) => {
                let PublicKeyComponents::<Vec<u8>> { n, e } = pair.public().into();
                json!({ "kty": "RSA", "n": text(n), "e": text(e) })
            }
            Pair::Ec(pair, curve) => {
                let point = &pair.public_key().as_ref()[1..];
                let (x, y) = point.split_at(point.len() / 2);
                json!({ "kty": "EC", "crv": curve, "x": text(x), "y": text(y) })
            }
            Pair::Ed(pair) => json!({ "kty": "OKP", "crv": "Ed25519", "x": text(pair.public_key()) }),
        };
        jwk["kid"] = self.id.into();
        jwk["use"] = "sig".into();
        jwk
    }

    /// The algorithm the key signs with unless told otherwise.
    fn algorithm(&self) -> &'static str {
        match &self.pair {
            Pair::Rsa(_) => "RS256",
            Pair::Ec(_, "P-384") => "ES384",
            Pair::Ec(..) => "ES256",
            Pair::Ed(_) => "EdDSA",
        }
    }

    /// The header of its tokens.
    pub(crate) fn header(&self) -> Value {
        json!({ "alg": self.algorithm(), "typ": "at+jwt", "kid": self.id })
    }

    /// A token with these claims.
    pub(crate) fn token(&self, claims: &Value) -> String {
        self.token_with(&self.header(), claims)
    }

    /// A token with this header.
    pub(crate) fn token_with(&self, header: &Value, claims: &Value) -> String {
        self.sign(&header.to_string(), &claims.to_string(), header["alg"].as_str().unwrap_or(self.algorithm()))
    }

    /// A token of these texts, whatever they are.
    pub(crate) fn sign(&self, header: &str, claims: &str, algorithm: &str) -> String {
        let signed = format!("{}.{}", text(header), text(claims));
        let random = SystemRandom::new();
        let signature = match &self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(rsa(algorithm), &random, signed.as_bytes(), &mut signature).expect("signed");
                signature
            }
            Pair::Ec(pair, _) => pair.sign(&random, signed.as_bytes()).expect("signed").as_ref().to_vec(),
            Pair::Ed(pair) => pair.sign(signed.as_bytes()).as_ref().to_vec(),
        };
        format!("{signed}.{}", text(signature))
    }

    /// A token whose signature is a message authentication code under the public key, which everybody knows.
    pub(crate) fn confused(&self, secret: &[u8], claims: &Value) -> String {
        let header = json!({ "alg": "HS256", "typ": "at+jwt", "kid": self.id });
        let signed = format!("{}.{}", text(header.to_string()), text(claims.to_string()));
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
        format!("{signed}.{}", text(hmac::sign(&key, signed.as_bytes())))
    }
}

/// A token that claims to need no signature.
pub(crate) fn unsigned(algorithm: &str, claims: &Value) -> String {
    format!("{}.{}.", text(json!({ "alg": algorithm, "typ": "at+jwt" }).to_string()), text(claims.to_string()))
}

fn ec(algorithm: &'static EcdsaSigningAlgorithm) -> EcdsaKeyPair {
    let random = SystemRandom::new();
    let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).expect("a key");
    EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).expect("a key pair")
}

fn rsa(algorithm: &str) -> &'static dyn RsaEncoding {
    match algorithm {
        "RS384" => &RSA_PKCS1_SHA384,
        "RS512" => &RSA_PKCS1_SHA512,
        "PS256" => &RSA_PSS_SHA256,
        "PS384" => &RSA_PSS_SHA384,
        "PS512" => &RSA_PSS_SHA512,
        _ => &RSA_PKCS1_SHA256,
    }
}

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64URL;
use ring::digest::{SHA256, digest};
use ring::error::Unspecified;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde::Serialize;
use serde_json::{Value, json};

/// A P-256 key that signs JSON Web Tokens with ES256 (RFC 7518, section 3.4).
#[derive(Debug)]
pub(super) struct SigningKey {
    pair: EcdsaKeyPair,
    random: SystemRandom,
    /// The public half (RFC 7517).
    jwk: Value,
    /// The header of every token, encoded.
    header: String,
}

impl SigningKey {
    pub(super) fn generate() -> Result<Self, Unspecified> {
        let random = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random)?;
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).map_err(|_| Unspecified)?;
        // An uncompressed point: 4, then both coordinates (SEC 1, section 2.3.3).
        let point = pair.public_key().as_ref();
        let (x, y) = point.get(1..).and_then(|both| both.split_at_checked(32)).ok_or(Unspecified)?;
        let (x, y) = (BASE64URL.encode(x), BASE64URL.encode(y));
        // The id is the key's thumbprint (RFC 7638, section 3.1).
        let canonical = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
        let id = BASE64URL.encode(digest(&SHA256, canonical.as_bytes()));
        let jwk = json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y, "use": "sig", "alg": "ES256", "kid": id });
        let header = BASE64URL.encode(json!({ "kid": id, "alg": "ES256" }).to_string());
        Ok(Self { pair, random, jwk, header })
    }

    /// The key set that verifies its tokens.
    pub(super) fn set(&self) -> Value {
        json!({ "keys": [self.jwk] })
    }

    /// A token with these claims.
    pub(super) fn sign(&self, claims: &impl Serialize) -> Result<String, Unspecified> {
        let claims = serde_json::to_vec(claims).map_err(|_| Unspecified)?;
        let signed = format!("{}.{}", self.header, BASE64URL.encode(claims));
        let signature = self.pair.sign(&self.random, signed.as_bytes())?;
        Ok(format!("{signed}.{}", BASE64URL.encode(signature)))
    }
}

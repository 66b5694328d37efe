//! A JSON Web Token before anything about it is believed (RFC 7515, RFC 7519).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde_json::{Map, Value};

use super::strict;

/// The longest token that is looked at, in bytes.
pub(super) const MAX_TOKEN: usize = 8 * 1024;

/// Header parameters that bring a key along, or that a reader has to understand: a token with one is refused.
const REFUSED_PARAMETERS: [&str; 5] = ["crit", "jwk", "jku", "x5c", "x5u"];

/// Why a token is refused. `Display` is the `error_description` a client reads: fixed words, nothing of the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidToken {
    #[error("the token is too long")]
    TooLong,
    #[error("the token is not a JSON Web Token that is understood here")]
    Malformed,
    #[error("the token's header brings a key along or demands an extension")]
    Header,
    #[error("the token's signature algorithm is not allowed")]
    Algorithm,
    #[error("the token was issued by somebody else")]
    Issuer,
    #[error("the token's signing key is unknown")]
    Key,
    #[error("the token's signature is wrong")]
    Signature,
    #[error("the token lacks a claim, or has one of the wrong type")]
    Claims,
    #[error("the token has expired")]
    Expired,
    #[error("the token is not valid yet")]
    NotYet,
    #[error("the token is not an access token")]
    NotForAccess,
    #[error("the token is not for this resource")]
    Audience,
    #[error("the token was issued to another client")]
    Client,
}

/// A token taken apart. Nothing in it may be used but to find the key that it has to be signed with.
#[derive(Debug)]
pub(super) struct Unverified<'a> {
    pub(super) algorithm: Algorithm,
    pub(super) key_id: Option<String>,
    /// Whether the header calls it an access token (RFC 9068, section 2.1).
    typed_for_access: bool,
    claims: Map<String, Value>,
    signed: &'a str,
    signature: &'a str,
}

/// What an issuer vouches for.
#[derive(Debug)]
pub(super) struct Verified {
    pub(super) typed_for_access: bool,
    pub(super) claims: Map<String, Value>,
}

impl<'a> Unverified<'a> {
    /// Takes a token apart.
    pub(super) fn read(token: &'a str) -> Result<Self, InvalidToken> {
        if token.len() > MAX_TOKEN {
            return Err(InvalidToken::TooLong);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(InvalidToken::Malformed)?;
        let (header, payload) = signed.split_once('.').ok_or(InvalidToken::Malformed)?;
        let header = part(header)?;
        if REFUSED_PARAMETERS.iter().any(|name| header.contains_key(*name)) {
            return Err(InvalidToken::Header);
        }
        let text = |name| match header.get(name) {
            Some(Value::String(text)) => Ok(Some(text.as_str())),
            Some(_) => Err(InvalidToken::Malformed),
            None => Ok(None),
        };
        let algorithm = text("alg")?.ok_or(InvalidToken::Malformed)?;
        let algorithm = algorithm.parse().map_err(|_| InvalidToken::Algorithm)?;
        let typed_for_access = typed_for_access(text("typ")?)?;
        let key_id = text("kid")?.map(str::to_owned);
        Ok(Self { algorithm, key_id, typed_for_access, claims: part(payload)?, signed, signature })
    }

    /// Who the token says has issued it.
    pub(super) fn issuer(&self) -> Option<&str> {
        self.claims.get("iss").and_then(Value::as_str)
    }

    /// What the token says, if `key` has signed it.
    pub(super) fn verify(self, key: &DecodingKey) -> Result<Verified, InvalidToken> {
        match jsonwebtoken::crypto::verify(self.signature, self.signed.as_bytes(), key, self.algorithm) {
            Ok(true) => Ok(Verified { typed_for_access: self.typed_for_access, claims: self.claims }),
            _ => Err(InvalidToken::Signature),
        }
    }
}

/// A part that is not the signature: Base64url without padding, of a JSON object.
fn part(encoded: &str) -> Result<Map<String, Value>, InvalidToken> {
    let json = URL_SAFE_NO_PAD.decode(encoded).map_err(|_| InvalidToken::Malformed)?;
    strict::object(&json).ok_or(InvalidToken::Malformed)
}

/// Other types of token (`dpop+jwt`, `logout+jwt`, …) are for other readers (RFC 8725, section 3.11).
fn typed_for_access(typ: Option<&str>) -> Result<bool, InvalidToken> {
    let is = |name: &str| typ.is_some_and(|typ| typ.eq_ignore_ascii_case(name));
    match typ {
        _ if is("at+jwt") || is("application/at+jwt") => Ok(true),
        None => Ok(false),
        _ if is("JWT") => Ok(false),
        Some(_) => Err(InvalidToken::NotForAccess),
    }
}

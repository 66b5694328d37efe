//! The browser a sign-in began in: a cookie that has to come back in every later step, so that nobody can finish in
//! one browser what was begun in another (RFC 9700, section 4.7).

use axum::http::{HeaderMap, HeaderValue, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use penstock_seal::{NoRandomness, random};

use crate::identity::Issuer;
use crate::pkce::sha256;

/// How long the cookie lives, in seconds: as long as both steps that a person takes.
const MAX_AGE: u64 = 1200;

/// Length of 32 random bytes as Base64url.
const VALUE_LEN: usize = 43;

/// What the browser knows and sealed texts hold only a digest of.
#[derive(Clone)]
pub(crate) struct Browser(String);

impl Browser {
    /// The browser of a request. It keeps what it has: a second sign-in in another tab must not end the first.
    pub(crate) fn known_or_new(headers: &HeaderMap, issuer: &Issuer) -> Result<Self, NoRandomness> {
        Self::known(headers, issuer).map_or_else(|| Ok(Self(URL_SAFE_NO_PAD.encode(random::<32>()?))), Ok)
    }

    /// Whether a request comes from the browser that has this digest.
    pub(crate) fn is(headers: &HeaderMap, issuer: &Issuer, digest: &str) -> bool {
        Self::known(headers, issuer).is_some_and(|browser| browser.digest() == digest)
    }

    pub(crate) fn digest(&self) -> String {
        sha256(&self.0)
    }

    /// The cookie. `Lax`, because the upstream's redirect comes from another site.
    pub(crate) fn cookie(&self, issuer: &Issuer) -> Option<HeaderValue> {
        let secure = if issuer.is_https() { "; Secure" } else { "" };
        let (name, value) = (name(issuer), &self.0);
        let cookie = format!("{name}={value}; Path=/; Max-Age={MAX_AGE}; HttpOnly; SameSite=Lax{secure}");
        HeaderValue::from_str(&cookie).ok()
    }

    /// `None` also if there are two: a neighbour may have set one of them.
    fn known(headers: &HeaderMap, issuer: &Issuer) -> Option<Self> {
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
        let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let mut values = pairs.filter(|(known, _)| *known == name(issuer)).map(|(_, value)| value);
        let (Some(value), None) = (values.next(), values.next()) else { return None };
        let is_ours = value.len() == VALUE_LEN && URL_SAFE_NO_PAD.decode(value).is_ok();
        is_ours.then(|| Self(value.to_owned()))
    }
}

/// `__Host-` keeps every other host, and plain HTTP, from setting the cookie; without TLS it cannot be used.
fn name(issuer: &Issuer) -> &'static str {
    if issuer.is_https() { "__Host-penstock-sign-in" } else { "penstock-sign-in" }
}

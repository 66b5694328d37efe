//! What a session id carries: sealed, so that no client can read, change or invent one.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use penstock_protocol::RawValue;
use penstock_protocol::jsonrpc;
use penstock_protocol::revision::Revision;
use serde::{Deserialize, Serialize};
use serde_json::value::to_raw_value;

use crate::rpc::failure::Failure;
use crate::seal::{self, Keys};

/// How long a session lasts. A client that is told 404 afterwards opens another.
const LIFETIME: Duration = Duration::from_hours(24);

/// Bytes of a session's name: nobody guesses one.
const ID_LEN: usize = 16;

/// Most bytes of capabilities a session id carries: it travels in a header of every request.
const MAX_CAPABILITIES: usize = 2048;

/// What never changes while a session lasts.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Token {
    #[serde(rename = "i")]
    id: String,
    #[serde(rename = "r")]
    revision: Revision,
    #[serde(rename = "c")]
    capabilities: Box<RawValue>,
    #[serde(rename = "p")]
    principal: String,
    /// Seconds since 1970.
    #[serde(rename = "e")]
    expires: u64,
}

impl Token {
    /// A new session.
    pub(super) fn new(
        revision: Revision,
        capabilities: Box<RawValue>,
        principal: String,
        now: SystemTime,
    ) -> Result<Self, Failure> {
        let id = URL_SAFE_NO_PAD.encode(seal::random::<ID_LEN>()?);
        let expires = seconds(now + LIFETIME);
        Ok(Self { id, revision, capabilities, principal, expires })
    }

    pub(super) fn seal(&self, keys: &Keys) -> Result<String, Failure> {
        let text = serde_json::to_vec(self).unwrap_or_default();
        Ok(keys.seal(seal::SESSION, &text)?)
    }

    /// Opens a session id of this principal's that has not expired; `None` for everything else
    /// (rules A-10 and S-4).
    pub(super) fn open(keys: &Keys, sealed: &str, principal: &str, now: SystemTime) -> Option<Self> {
        let text = keys.open(seal::SESSION, sealed)?;
        let token: Self = serde_json::from_slice(&text).ok()?;
        (token.principal == principal && seconds(now) < token.expires).then_some(token)
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn revision(&self) -> Revision {
        self.revision
    }

    pub(super) fn client_capabilities(&self) -> &RawValue {
        &self.capabilities
    }

    pub(super) fn expires(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(self.expires)
    }
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).as_ref().map_or(0, Duration::as_secs)
}

/// The members of a `ClientCapabilities` object that workers and this gateway make use of, the most
/// useful first. Those that do not fit into a session id any more are taken as not declared.
pub(super) fn known_capabilities(revision: Revision, declared: Option<&RawValue>) -> Result<Box<RawValue>, Failure> {
    #[derive(Default, Deserialize, Serialize)]
    struct Known<'a> {
        #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
        elicitation: Option<&'a RawValue>,
        #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
        sampling: Option<&'a RawValue>,
        #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
        roots: Option<&'a RawValue>,
        #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
        extensions: Option<&'a RawValue>,
    }
    if declared.is_some_and(|declared| !declared.get().starts_with('{')) {
        return Err(Failure::InvalidParams("capabilities: must be an object".to_owned()));
    }
    let mut known: Known<'_> =
        jsonrpc::parse_params(declared).map_err(|reason| Failure::InvalidParams(format!("capabilities: {reason}")))?;
    if revision < Revision::V2025_06_18 {
        // The revision has no such thing, whatever the client says.
        known.elicitation = None;
    }
    let mut left = MAX_CAPABILITIES;
    for member in [&mut known.elicitation, &mut known.sampling, &mut known.roots, &mut known.extensions] {
        let length = member.map_or(0, |value| value.get().len());
        *member = member.filter(|value| value.get().starts_with('{') && length <= left);
        left -= member.map_or(0, |_| length);
    }
    Ok(to_raw_value(&known).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::{Keys, LIFETIME, MAX_CAPABILITIES, RawValue, Revision, Token, known_capabilities};

    const ANN: &str = r#"["ann","app"]"#;

    fn known(declared: &str) -> Option<String> {
        let raw = RawValue::from_string(declared.to_owned()).expect("JSON");
        known_capabilities(Revision::V2025_11_25, Some(&raw)).ok().map(|known| known.get().to_owned())
    }

    /// L-5, S-4, A-10: a session id is visible ASCII, and good for its caller until its time is up.
    #[test]
    fn a_session_id_opens_for_its_principal_until_it_expires() {
        let (keys, now) = (Keys::random(), SystemTime::now());
        let none = known_capabilities(Revision::V2025_11_25, None).expect("nothing to refuse");
        let token = Token::new(Revision::V2025_11_25, none, ANN.to_owned(), now).expect("randomness");
        let sealed = token.seal(&keys).expect("sealed");
        assert!(sealed.bytes().all(|byte| matches!(byte, 0x21..=0x7e)), "{sealed}");
        let opened = Token::open(&keys, &sealed, ANN, now).expect("it is hers");
        assert_eq!((opened.id(), opened.revision()), (token.id(), Revision::V2025_11_25));
        assert!(Token::open(&keys, &sealed, r#"["bob","app"]"#, now).is_none(), "another caller");
        assert!(Token::open(&Keys::random(), &sealed, ANN, now).is_none(), "another gateway");
        assert!(Token::open(&keys, &sealed, ANN, now + LIFETIME).is_none(), "expired");
    }

    #[test]
    fn a_session_keeps_the_capabilities_that_are_made_use_of_as_far_as_they_fit() {
        let all = r#"{"roots":{"listChanged":true},"elicitation":{"form":{}},"experimental":{"x":{}},"sampling":5}"#;
        assert_eq!(known(all).as_deref(), Some(r#"{"elicitation":{"form":{}},"roots":{"listChanged":true}}"#));
        let long = format!(r#"{{"a":"{}"}}"#, "x".repeat(MAX_CAPABILITIES));
        let too_long = format!(r#"{{"extensions":{long},"sampling":{{}}}}"#);
        assert_eq!(known(&too_long).as_deref(), Some(r#"{"sampling":{}}"#));
        assert_eq!(known("[]"), None);
        assert_eq!(known(r#"{"roots":{},"roots":{}}"#), None, "two readers must not see two values");
    }
}

//! Hop 3: who is calling.

use std::str::FromStr;

use http::request::Parts;
use penstock_protocol::call::Caller;
use serde_json::json;

/// How callers are authenticated. There is no default: a gateway says it or does not start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Auth {
    /// Not at all. Only requests addressed to this machine by name are served, so a gateway that is
    /// deployed this way by mistake refuses everyone.
    None,
    /// By the entry: it has verified whoever calls and put a `Caller` into the request's extensions. For gateways that
    /// are embedded; no configuration leads here. A request without a caller may use nothing.
    Trusted,
}

/// The text names no way to authenticate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a way to authenticate: use \"none\" (this machine only)")]
pub struct UnknownAuth(String);

impl FromStr for Auth {
    type Err = UnknownAuth;

    fn from_str(text: &str) -> Result<Self, UnknownAuth> {
        match text {
            "none" => Ok(Self::None),
            other => Err(UnknownAuth(other.to_owned())),
        }
    }
}

/// The verified caller of a request; `None` where callers are not authenticated.
pub(crate) fn authenticate(auth: Auth, request: &Parts) -> Option<Caller> {
    match auth {
        Auth::None => None,
        Auth::Trusted => request.extensions.get::<Caller>().cloned(),
    }
}

/// Who a text or record belongs to that outlives a request: the same for every request of one caller
/// through one client, and no other (rules ).
pub(crate) fn principal(caller: Option<&Caller>) -> String {
    // JSON, so that no subject can be spelled like another's subject and client together.
    caller.map_or_else(
        || "anonymous".to_owned(),
        |caller| json!([caller.issuer, caller.subject, caller.client_id]).to_string(),
    )
}

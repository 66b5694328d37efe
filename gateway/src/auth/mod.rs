//! Hop 3: who is calling. With OAuth the gateway is a resource server: it verifies access tokens and issues none.

mod bearer;
pub(crate) mod challenge;
mod claims;
mod keys;
mod metadata;
mod refusal;
mod resource;
mod settings;
mod strict;
mod token;
mod verified;
mod verifier;

use http::request::Parts;
use penstock_protocol::call::Caller;
use serde_json::json;

pub(crate) use refusal::Refusal;
pub use resource::{InvalidResource, Resource};
pub use settings::{AuthorizationServers, InvalidSetting, IssuerSettings, Issuers, Scopes, Settings};
pub use verifier::Verifier;

use crate::gateway::Gateway;

/// How callers are authenticated. There is no default: a gateway says it or does not start.
#[derive(Debug, Clone)]
pub enum Auth {
    /// Not at all. Only requests addressed to this machine by name are served, so a gateway that is
    /// deployed this way by mistake refuses everyone.
    None,
    /// By the entry: it has verified whoever calls and put a [`Caller`] into the request's extensions. For gateways that
    /// are embedded; no configuration leads here. A request without a caller may use nothing.
    Trusted,
    /// By OAuth 2.1 access tokens, each request by its own (rules ).
    OAuth(Verifier),
}

/// The verified caller of a request; `None` where callers are not authenticated.
///
/// # Errors
/// [`Refusal`] for a request without a token that is good here.
pub(crate) async fn authenticate(gateway: &Gateway, request: &Parts) -> Result<Option<Caller>, Refusal> {
    match gateway.auth() {
        Auth::None => Ok(None),
        Auth::Trusted => Ok(request.extensions.get::<Caller>().cloned()),
        Auth::OAuth(verifier) => {
            let token = bearer::token(request)?.ok_or(Refusal::NoToken)?;
            let caller = verifier.verify(token, gateway.now()).await?;
            Ok(Some(Caller::clone(&caller)))
        }
    }
}

/// Who a text or record belongs to that outlives a request: the same for every request of one caller
/// through one client for one tenant, and no other (rules ).
pub(crate) fn principal(caller: Option<&Caller>) -> String {
    // JSON, so that no subject can be spelled like another's subject and client together.
    caller.map_or_else(
        || "anonymous".to_owned(),
        |caller| json!([caller.issuer, caller.subject, caller.client_id, caller.tenant]).to_string(),
    )
}

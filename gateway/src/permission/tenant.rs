//! Whose instances of an isolated function serve a caller: Lambda's tenant id.
//!
//! It is the SHA-256, in Base64url, of the JSON array `[issuer, "tenant" or "caller", name]`. So tenants of two issuers
//! are two, whatever they are called; any name fits the characters Lambda takes; and no log or trail shows who calls,
//! except to those who can guess the name.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use penstock_protocol::call::Caller;
use penstock_protocol::manifest::Isolation;
use ring::digest::{SHA256, digest};
use serde_json::json;

use super::{Permission, Who};
use crate::catalog::Worker;
use crate::rpc::failure::Failure;

/// The tenant everybody is of where callers are not told apart. No digest is this short.
const EVERYBODY: &str = "local";

impl Permission<'_> {
    /// The tenant whose instances serve the caller; `None` if the function's instances are everybody's.
    ///
    /// # Errors
    /// [`Failure::NoTenant`] if it has none.
    pub(crate) fn tenant(&self, worker: &Worker) -> Result<Option<String>, Failure> {
        let Some(isolation) = worker.isolation else { return Ok(None) };
        match self.who {
            Who::Anyone => Ok(Some(EVERYBODY.to_owned())),
            Who::Nobody => Err(Failure::NoTenant),
            Who::Caller(caller) => id(caller, isolation).map(Some).ok_or(Failure::NoTenant),
        }
    }

    pub(super) fn has_tenant(&self, worker: &Worker) -> Result<(), Failure> {
        match self.who {
            Who::Caller(caller) if !suffices(caller, worker.isolation) => Err(Failure::NoTenant),
            _ => Ok(()),
        }
    }
}

/// Whether a function with this isolation has instances for a caller.
pub(super) fn suffices(caller: &Caller, isolation: Option<Isolation>) -> bool {
    isolation.is_none_or(|isolation| name(caller, isolation).is_some())
}

/// What the caller's instances are told apart by, within its issuer. An empty name names nobody.
fn name(caller: &Caller, isolation: Isolation) -> Option<&str> {
    let name = match isolation {
        Isolation::Tenant => caller.tenant.as_deref()?,
        Isolation::Caller => &caller.subject,
    };
    (!name.is_empty()).then_some(name)
}

fn id(caller: &Caller, isolation: Isolation) -> Option<String> {
    // JSON, so that no two triples are spelled alike.
    let whose = json!([caller.issuer, isolation, name(caller, isolation)?]).to_string();
    Some(URL_SAFE_NO_PAD.encode(digest(&SHA256, whose.as_bytes())))
}

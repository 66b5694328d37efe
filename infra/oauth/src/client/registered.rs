//! Clients that have registered (RFC 7591). Nothing is stored: the id is what was registered, sealed.

use penstock_seal::{Keys, Purpose};
use serde::{Deserialize, Serialize};

use super::Client;

/// Longest client id given out, in bytes; longer ones fit into few URLs.
pub(crate) const MAX_CLIENT_ID: usize = 2048;

/// Most redirect URIs of a client.
pub(crate) const MAX_REDIRECT_URIS: usize = 20;

const PURPOSE: Purpose = Purpose::new("oauth client");

/// What a client has registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Registration {
    /// What it calls itself, cleaned.
    pub(crate) name: String,
    /// Where it may be answered.
    pub(crate) redirect_uris: Vec<String>,
    /// When, in seconds since 1970.
    pub(crate) issued_at: u64,
}

#[derive(Serialize, Deserialize)]
struct Envelope<R> {
    issuer: String,
    registration: R,
}

/// `None` if the registration does not fit into an id, or the system gives no randomness.
pub(super) fn seal(keys: &Keys, issuer: &str, registration: &Registration) -> Option<String> {
    let text = serde_json::to_vec(&Envelope { issuer: issuer.to_owned(), registration }).ok()?;
    keys.seal(PURPOSE, &text).ok().filter(|id| id.len() <= MAX_CLIENT_ID)
}

pub(super) fn open(keys: &Keys, issuer: &str, id: &str) -> Option<Client> {
    let text = keys.open(PURPOSE, id)?;
    let envelope: Envelope<Registration> = serde_json::from_slice(&text).ok()?;
    let Registration { name, redirect_uris, .. } = envelope.registration;
    (envelope.issuer == issuer).then_some(Client { name, document_host: None, is_trusted: false, redirect_uris })
}

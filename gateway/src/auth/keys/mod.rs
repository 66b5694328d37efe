//! The keys issuers sign with: where they are, which of them fit, and how they are kept.

pub(super) mod crypto;
mod discovery;
mod freshness;
mod set;
mod source;

pub(super) use source::{KeySource, NoKey};

use penstock_fetch::FetchError;

/// Why an issuer's keys could not be had. For the log.
#[derive(Debug, thiserror::Error)]
enum KeysError {
    #[error("{what}: {error}")]
    Fetch { what: &'static str, error: FetchError },
    #[error("{0}: HTTP status {1}")]
    Status(&'static str, u16),
    #[error("{0}")]
    Document(&'static str),
    #[error("it took too long")]
    Timeout,
}

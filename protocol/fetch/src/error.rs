//! Why there is no document.

use std::error::Error;

/// Why there is no answer. The text names hosts, never what was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// The client cannot be set up.
    #[error("no HTTPS client: {0}")]
    Setup(String),
    /// Not a URL that may be fetched.
    #[error("not a URL that may be fetched: {0}")]
    Url(&'static str),
    /// No connection, no TLS, or no HTTP.
    #[error("no answer: {0}")]
    Unreachable(String),
    /// The time was up.
    #[error("no answer in time")]
    Timeout,
    /// More bytes than wanted: [`MAX_BODY`](crate::MAX_BODY), for a [`Service`](crate::Service) more.
    #[error("the answer is too large")]
    TooLarge,
}

impl FetchError {
    pub(crate) fn from_transport(error: &reqwest::Error) -> Self {
        if error.is_timeout() { Self::Timeout } else { Self::Unreachable(chain(error)) }
    }
}

/// The innermost reason, which is the telling one.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut innermost: &dyn Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

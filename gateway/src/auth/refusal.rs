//! Why a request is not let in, and what its client is told.

use http::StatusCode;

use super::token::InvalidToken;

/// Why a request is not let in. `Display` is for the client and for the log: fixed words, nothing of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("an access token is needed")]
    NoToken,
    #[error("{0}")]
    Malformed(&'static str),
    #[error(transparent)]
    Invalid(#[from] InvalidToken),
    /// Nobody's fault who calls: the token may well be good.
    #[error("tokens cannot be verified at the moment; try again later")]
    KeysUnavailable,
}

impl Refusal {
    /// The HTTP status (rule A-6), and the code of the JSON-RPC error.
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::NoToken | Self::Invalid(_) => StatusCode::UNAUTHORIZED,
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::KeysUnavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The error code of RFC 6750, section 3.1: none where no token was sent.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::NoToken | Self::KeysUnavailable => "",
            Self::Malformed(_) => "invalid_request",
            Self::Invalid(_) => "invalid_token",
        }
    }
}

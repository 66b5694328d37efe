//! Why a service did not give what it was asked for, for operators and for models.

use std::time::Duration;

use http::header::RETRY_AFTER;

use crate::{FetchError, Fetched, RootsError};

/// Why a service cannot be asked at all. For the operator: names what is configured wrongly.
#[derive(Debug, thiserror::Error)]
pub enum ServiceSetupError {
    /// There is no usable base URL.
    #[error("{variable}: {reason}")]
    Url {
        /// The variable at fault.
        variable: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// The authorities to trust cannot be read.
    #[error("PENSTOCK_CA_BUNDLE: {0}")]
    Roots(#[source] RootsError),
}

/// Why there is no document. The text is for logs; [`explain`](Self::explain) is for clients.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ServiceError {
    /// No answer within the bounds.
    #[error(transparent)]
    Unanswered(#[from] FetchError),
    /// A status other than one of success.
    #[error("HTTP status {}", .0.status)]
    Refused(Box<Fetched>),
    /// A document of another kind, or redirects without end.
    #[error("the answer is not what was asked for")]
    Incomprehensible,
}

impl ServiceError {
    /// Says it to a client. `service` is what people call the service (`GitHub`). Nothing the service said is in it.
    pub fn explain(&self, service: &str) -> String {
        match self {
            Self::Unanswered(FetchError::Timeout) => {
                format!("{service} did not answer in time. Try again in a minute.")
            }
            Self::Unanswered(FetchError::TooLarge) => {
                format!("{service}'s answer is too large for this tool. Ask for less at once.")
            }
            Self::Unanswered(_) => format!("The connection to {service} failed. Try again in a minute."),
            Self::Refused(answer) => refusal(answer, service),
            Self::Incomprehensible => format!("{service}'s answer could not be understood. Try again in a minute."),
        }
    }
}

fn refusal(answer: &Fetched, service: &str) -> String {
    let status = answer.status;
    if status.as_u16() == 429 {
        let wait = answer.retry_after().map_or_else(|| "a minute or more".to_owned(), in_words);
        return format!("{service} takes no more requests for now. Try again in {wait}.");
    }
    let status = status.as_u16();
    match status {
        300..400 => format!(
            "{service} has moved away from the address this tool is configured with (HTTP {status}). Only the operator \
             can change that."
        ),
        500.. => format!("{service} has a fault of its own (HTTP {status}). Try again in a minute."),
        _ => format!("{service} refused the request (HTTP {status}). Trying the same again will not help."),
    }
}

impl Fetched {
    /// How long the server asks to be left alone (RFC 9110, section 10.2.3), if it says so in seconds.
    pub fn retry_after(&self) -> Option<Duration> {
        self.headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok().map(Duration::from_secs)
    }
}

/// A time to wait, as people say it: `40 seconds`, `12 minutes`, `5 hours`; never less than it is.
pub fn in_words(time: Duration) -> String {
    let seconds = time.as_secs() + u64::from(time.subsec_nanos() > 0);
    let (count, unit) = match seconds {
        0..=90 => (seconds.max(1), "second"),
        91..=5400 => (seconds.div_ceil(60), "minute"),
        _ => (seconds.div_ceil(3600), "hour"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

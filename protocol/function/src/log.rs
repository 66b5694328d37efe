//! Structured logs: one JSON object a line on standard error.

use std::str::FromStr;

use tracing_subscriber::filter::LevelFilter;

/// The least severe message that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogLevel(LevelFilter);

/// Not one of the levels of Lambda's logging controls.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a level: use TRACE, DEBUG, INFO, WARN, ERROR or FATAL")]
pub struct UnknownLevel(String);

impl Default for LogLevel {
    fn default() -> Self {
        Self(LevelFilter::INFO)
    }
}

impl FromStr for LogLevel {
    type Err = UnknownLevel;

    fn from_str(text: &str) -> Result<Self, UnknownLevel> {
        match text {
            // Further down, `lambda_runtime` writes whole events, arguments and all.
            "TRACE" | "DEBUG" => Ok(Self(LevelFilter::DEBUG)),
            "INFO" => Ok(Self(LevelFilter::INFO)),
            "WARN" => Ok(Self(LevelFilter::WARN)),
            "ERROR" | "FATAL" => Ok(Self(LevelFilter::ERROR)),
            other => Err(UnknownLevel(other.to_owned())),
        }
    }
}

/// Starts logging.
pub fn init(level: LogLevel) {
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_max_level(level.0)
        .with_writer(std::io::stderr)
        .init();
}

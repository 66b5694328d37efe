//! Dates as Cost Explorer counts them: UTC, first day included, last day excluded.
//!
//! Every check is made as of a `today` it is given, and an error tells what to send instead.

mod future;
mod month;
mod past;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) use future::ForecastGranularity;

/// Length of the pieces a period is answered in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Granularity {
    Daily,
    #[default]
    Monthly,
    Hourly,
}

impl Granularity {
    /// In words, for a title.
    pub(crate) fn adverb(self) -> &'static str {
        match self {
            Self::Daily => "daily",
            Self::Monthly => "monthly",
            Self::Hourly => "hourly",
        }
    }
}

/// A checked period, spelled as the API wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Period {
    pub(crate) start: String,
    pub(crate) end: String,
}

/// Today by the calendar of the bill.
pub(crate) fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
}

/// Whether `text` has the form of `pattern`, in which a `d` stands for a digit.
fn is_like(text: &str, pattern: &str) -> bool {
    let fits = |(byte, place): (u8, u8)| if place == b'd' { byte.is_ascii_digit() } else { byte == place };
    text.len() == pattern.len() && text.bytes().zip(pattern.bytes()).all(fits)
}

/// Reads a day.
fn day(name: &str, text: &str) -> Result<Date, String> {
    if !is_like(text, "dddd-dd-dd") {
        return Err(format!("`{name}` is {text:?}; send a date as YYYY-MM-DD, as in 2026-03-31."));
    }
    Date::strptime("%Y-%m-%d", text).map_err(|_| not_in_calendar(name, text))
}

fn not_in_calendar(name: &str, text: &str) -> String {
    format!("`{name}` is {text:?}, which the calendar does not have. Send a date that exists.")
}

/// What is wrong with a period of no or negative length.
fn days_out_of_order(first: Date, last: Date) -> String {
    let next = first.saturating_add(Span::new().days(1));
    let problem = if first == last {
        "`start_date` and `end_date` are the same, which covers no time".to_owned()
    } else {
        format!("`end_date` {last} is before `start_date` {first}")
    };
    format!("{problem}. The end is not included: {first} alone is start_date {first}, end_date {next}.")
}

//! Dates as Cost Explorer counts them: UTC, first day included, last day excluded.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How far back Cost Explorer keeps hours.
const HOURLY_DAYS: i32 = 14;

/// Length of the pieces a period is answered in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Granularity {
    Daily,
    #[default]
    Monthly,
    Hourly,
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

impl Period {
    /// Checks `start_date` and `end_date` as of `today`. An error tells what to send instead.
    pub(crate) fn new(start: &str, end: &str, granularity: Granularity, today: Date) -> Result<Self, String> {
        let (first, last) = (instant("start_date", start, granularity)?, instant("end_date", end, granularity)?);
        if first >= last {
            return Err(order(first, last, granularity));
        }
        if first.date() > today {
            return Err(format!(
                "`start_date` is {start}, which lies in the future: today is {today} (UTC), and there are costs of the \
                 past only. Send a start_date up to {today}."
            ));
        }
        let oldest = today.saturating_sub(Span::new().days(HOURLY_DAYS));
        if granularity == Granularity::Hourly && first.date() < oldest {
            return Err(format!(
                "`start_date` is {start}, but hours are kept for {HOURLY_DAYS} days. Send a start_date from {oldest}, \
                 or granularity DAILY."
            ));
        }
        let spell = |at: DateTime| match granularity {
            Granularity::Hourly => at.strftime("%Y-%m-%dT%H:00:00Z").to_string(),
            Granularity::Daily | Granularity::Monthly => at.date().to_string(),
        };
        Ok(Self { start: spell(first), end: spell(last) })
    }
}

/// Whether `text` has the form of `pattern`, in which a `d` stands for a digit.
fn is_like(text: &str, pattern: &str) -> bool {
    let fits = |(byte, place): (u8, u8)| if place == b'd' { byte.is_ascii_digit() } else { byte == place };
    text.len() == pattern.len() && text.bytes().zip(pattern.bytes()).all(fits)
}

/// Reads a day or, for hours, also a full hour; a day stands for its midnight then.
fn instant(name: &str, text: &str, granularity: Granularity) -> Result<DateTime, String> {
    let (is_day, is_hour) = (is_like(text, "dddd-dd-dd"), is_like(text, "dddd-dd-ddTdd:00:00Z"));
    let parsed = match granularity {
        Granularity::Hourly if is_hour => DateTime::strptime("%Y-%m-%dT%H:%M:%SZ", text).ok(),
        _ if is_day => Date::strptime("%Y-%m-%d", text).ok().map(Into::into),
        Granularity::Daily | Granularity::Monthly if is_hour => {
            return Err(format!(
                "`{name}` is {text:?}; hours go with granularity HOURLY only. Send {:?}.",
                &text[..10]
            ));
        }
        Granularity::Hourly => {
            return Err(format!("`{name}` is {text:?}; send a full hour in UTC as in 2026-03-31T09:00:00Z, or a day."));
        }
        Granularity::Daily | Granularity::Monthly => {
            return Err(format!("`{name}` is {text:?}; send a date as YYYY-MM-DD, as in 2026-03-31."));
        }
    };
    parsed.ok_or_else(|| format!("`{name}` is {text:?}, which the calendar does not have. Send a date that exists."))
}

fn order(first: DateTime, last: DateTime, granularity: Granularity) -> String {
    let day = first.date();
    let next = day.saturating_add(Span::new().days(1));
    let problem = if first == last {
        "`start_date` and `end_date` are the same, which covers no time".to_owned()
    } else {
        format!("`end_date` {} is before `start_date` {day}", last.date())
    };
    let example = match granularity {
        Granularity::Hourly => format!("the first hour of {day} is {day}T00:00:00Z to {day}T01:00:00Z"),
        Granularity::Daily | Granularity::Monthly => format!("{day} alone is start_date {day}, end_date {next}"),
    };
    format!("{problem}. The end is not included: {example}.")
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use super::{Granularity, Period};

    const TODAY: Date = date(2026, 11, 21);

    fn refusal(start: &str, end: &str, granularity: Granularity) -> String {
        Period::new(start, end, granularity, TODAY).expect_err("a refusal")
    }

    #[test]
    fn days_pass_as_they_are_and_midnight_is_added_for_hours() {
        let daily = Period::new("2026-11-01", "2026-12-01", Granularity::Daily, TODAY).expect("a period");
        assert_eq!((&*daily.start, &*daily.end), ("2026-11-01", "2026-12-01"));
        let hourly = Period::new("2026-11-20", "2026-11-20T09:00:00Z", Granularity::Hourly, TODAY).expect("a period");
        assert_eq!((&*hourly.start, &*hourly.end), ("2026-11-20T00:00:00Z", "2026-11-20T09:00:00Z"));
    }

    #[test]
    fn a_date_in_another_shape_is_refused_with_the_right_one() {
        for text in ["2026/11/01", "2026-1-1", "01.11.2026", "yesterday", "", "2026-11-01T00:00:00+01:00", "٢٠٢٦-11-01"]
        {
            let refusal = refusal(text, "2026-11-02", Granularity::Monthly);
            assert!(refusal.starts_with("`start_date` is "), "{refusal}");
            assert!(refusal.ends_with("send a date as YYYY-MM-DD, as in 2026-03-31."), "{refusal}");
        }
        let refusal = refusal("2026-11-20", "2026-11-20T09:30:00Z", Granularity::Hourly);
        assert!(refusal.contains("`end_date`") && refusal.contains("2026-03-31T09:00:00Z"), "{refusal}");
    }

    #[test]
    fn a_day_the_calendar_lacks_is_refused() {
        for text in ["2026-02-29", "2026-13-01", "2026-00-10", "2026-04-31"] {
            assert!(refusal(text, "2026-11-02", Granularity::Daily).contains("calendar does not have"), "{text}");
        }
        assert!(Period::new("2024-02-29", "2024-03-01", Granularity::Daily, TODAY).is_ok());
    }

    #[test]
    fn hours_need_their_granularity() {
        let refusal = refusal("2026-11-01T00:00:00Z", "2026-11-02", Granularity::Daily);
        assert!(refusal.contains("HOURLY") && refusal.ends_with("Send \"2026-11-01\"."), "{refusal}");
    }

    #[test]
    fn an_empty_or_reversed_period_is_answered_with_the_rule_and_an_example() {
        let same = refusal("2026-11-01", "2026-11-01", Granularity::Daily);
        assert!(
            same.ends_with("The end is not included: 2026-11-01 alone is start_date 2026-11-01, end_date 2026-11-02.")
        );
        let reversed = refusal("2026-11-02", "2026-11-01", Granularity::Daily);
        assert!(reversed.starts_with("`end_date` 2026-11-01 is before `start_date` 2026-11-02."), "{reversed}");
    }

    #[test]
    fn the_future_and_forgotten_hours_are_refused_with_the_limit() {
        assert!(refusal("2026-11-22", "2026-11-23", Granularity::Daily).contains("today is 2026-11-21"));
        assert!(refusal("2026-11-06", "2026-11-07", Granularity::Hourly).contains("from 2026-11-07"));
        assert!(Period::new("2026-11-07", "2026-11-08", Granularity::Hourly, TODAY).is_ok());
        assert!(Period::new("2026-11-21", "2026-12-01", Granularity::Daily, TODAY).is_ok());
    }
}

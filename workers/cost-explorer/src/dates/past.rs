//! Periods there are costs of: they begin today at the latest.

use jiff::Span;
use jiff::civil::{Date, DateTime};

use super::{Granularity, Period, day, days_out_of_order, is_like, not_in_calendar};

/// How far back Cost Explorer keeps hours.
const HOURLY_DAYS: i32 = 14;

/// How far back values are looked for where nobody says how far.
const RECENT_DAYS: i32 = 30;

impl Period {
    /// Checks `start_date` and `end_date`.
    pub(crate) fn past(start: &str, end: &str, granularity: Granularity, today: Date) -> Result<Self, String> {
        let (first, last) = (instant("start_date", start, granularity)?, instant("end_date", end, granularity)?);
        if first >= last {
            return Err(out_of_order(first, last));
        }
        if first.date() > today {
            return Err(format!(
                "`start_date` is {start}, which lies in the future: today is {today} (UTC), and there are costs of the \
                 past only. Send a start_date up to {today}; get_cost_forecast looks ahead."
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

    /// Checks days that may be left out: the end is today then, and the start 30 days before the end.
    pub(crate) fn recent(start: Option<&str>, end: Option<&str>, today: Date) -> Result<Self, String> {
        let end = end.map_or_else(|| today.to_string(), str::to_owned);
        let before = day("end_date", &end)?.saturating_sub(Span::new().days(RECENT_DAYS));
        let start = start.map_or_else(|| before.to_string(), str::to_owned);
        Self::past(&start, &end, Granularity::Daily, today)
    }
}

/// Reads a day or, for hours, also a full hour; a day stands for its midnight then.
fn instant(name: &str, text: &str, granularity: Granularity) -> Result<DateTime, String> {
    let (is_day, is_hour) = (is_like(text, "dddd-dd-dd"), is_like(text, "dddd-dd-ddTdd:00:00Z"));
    match granularity {
        Granularity::Hourly if is_hour => {
            DateTime::strptime("%Y-%m-%dT%H:%M:%SZ", text).map_err(|_| not_in_calendar(name, text))
        }
        Granularity::Hourly if !is_day => {
            Err(format!("`{name}` is {text:?}; send a full hour in UTC as in 2026-03-31T09:00:00Z, or a day."))
        }
        Granularity::Daily | Granularity::Monthly if is_hour => {
            Err(format!("`{name}` is {text:?}; hours go with granularity HOURLY only. Send {:?}.", &text[..10]))
        }
        _ => day(name, text).map(Into::into),
    }
}

fn out_of_order(first: DateTime, last: DateTime) -> String {
    let day = first.date();
    if day != last.date() || first == last {
        return days_out_of_order(day, last.date());
    }
    format!(
        "`end_date` is before `start_date`. The end is not included: the first hour of {day} is {day}T00:00:00Z to \
         {day}T01:00:00Z."
    )
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use crate::dates::{Granularity, Period};

    const TODAY: Date = date(2026, 11, 21);

    fn refusal(start: &str, end: &str, granularity: Granularity) -> String {
        Period::past(start, end, granularity, TODAY).expect_err("a refusal")
    }

    #[test]
    fn days_pass_as_they_are_and_midnight_is_added_for_hours() {
        let daily = Period::past("2026-11-01", "2026-12-01", Granularity::Daily, TODAY).expect("a period");
        assert_eq!((&*daily.start, &*daily.end), ("2026-11-01", "2026-12-01"));
        let hourly = Period::past("2026-11-20", "2026-11-20T09:00:00Z", Granularity::Hourly, TODAY).expect("a period");
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
        assert!(Period::past("2024-02-29", "2024-03-01", Granularity::Daily, TODAY).is_ok());
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
        assert!(Period::past("2026-11-07", "2026-11-08", Granularity::Hourly, TODAY).is_ok());
        assert!(Period::past("2026-11-21", "2026-12-01", Granularity::Daily, TODAY).is_ok());
    }

    #[test]
    fn a_period_left_out_is_the_last_thirty_days() {
        let recent = |start, end| Period::recent(start, end, TODAY);
        let period = |start: &str, end: &str| Ok(Period { start: start.to_owned(), end: end.to_owned() });
        assert_eq!(recent(None, None), period("2026-10-22", "2026-11-21"));
        assert_eq!(recent(Some("2026-01-01"), None), period("2026-01-01", "2026-11-21"));
        assert_eq!(recent(None, Some("2024-03-30")), period("2024-02-29", "2024-03-30"));
        assert!(recent(Some("2026-11-21"), None).expect_err("no time").contains("covers no time"));
        assert!(recent(None, Some("soon")).expect_err("no date").starts_with("`end_date` is \"soon\""));
    }
}

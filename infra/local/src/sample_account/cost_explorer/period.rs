//! Time periods and how a granularity cuts them. All times are UTC; ends are exclusive.

use jiff::Span;
use jiff::civil::{Date, DateTime, time};
use serde::Deserialize;
use serde_json::{Value, json};

use super::model;
use crate::sample_account::error::ApiError;

/// `DateInterval`, as sent.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TimePeriod {
    start: String,
    end: String,
}

/// Length of the pieces a period is answered in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Granularity {
    /// Days.
    Daily,
    /// Calendar months, cut off at the period's ends.
    Monthly,
    /// Hours.
    Hourly,
}

/// One piece of a period.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    /// First instant.
    pub(super) start: DateTime,
    /// First instant behind it.
    pub(super) end: DateTime,
}

impl TimePeriod {
    /// The pieces of the period, oldest first.
    ///
    /// # Errors
    /// The API's own: malformed or reversed dates, and dates there is no data for.
    pub(super) fn pieces(&self, granularity: Granularity, today: Date) -> Result<Vec<Piece>, ApiError> {
        let (start, end) = (instant(&self.start, granularity)?, instant(&self.end, granularity)?);
        if start >= end {
            return Err(ApiError::validation("Start date (and hour) should be before end date (and hour)"));
        }
        if start.date() > today {
            return Err(ApiError::data_unavailable());
        }
        if end.date() > today.last_of_month().saturating_add(Span::new().days(1)) {
            return Err(ApiError::validation("end date past the beginning of next month"));
        }
        if start.date() < model::first_day(today) {
            return Err(ApiError::validation("You haven't enabled historical data beyond 14 months"));
        }
        if granularity == Granularity::Hourly && start.date() < model::first_hourly_day(today) {
            return Err(ApiError::validation("You can only get hourly data for the last 14 days"));
        }
        Ok(cut(start, end, granularity))
    }

    /// The days of the period.
    ///
    /// # Errors
    /// As [`pieces`](Self::pieces).
    pub(super) fn days(&self, today: Date) -> Result<impl Iterator<Item = Date>, ApiError> {
        Ok(self.pieces(Granularity::Daily, today)?.into_iter().map(|piece| piece.start.date()))
    }

    /// The calendar month that is the period.
    ///
    /// # Errors
    /// As [`pieces`](Self::pieces), and for a period that is not exactly one month.
    pub(super) fn month(&self, today: Date) -> Result<Piece, ApiError> {
        match *self.pieces(Granularity::Monthly, today)? {
            [month] if month.start.day() == 1 && month.end.day() == 1 => Ok(month),
            _ => Err(ApiError::validation(
                "Comparison time periods should start and end on the first day of a month, and last exactly one month",
            )),
        }
    }

    /// The pieces of a period to come, from `today` on and up to `end`, soonest first.
    ///
    /// # Errors
    /// `ValidationException` for malformed or reversed dates, for a start in the past and an end beyond the last.
    pub(super) fn future(&self, granularity: Granularity, today: Date, last: Date) -> Result<Vec<Piece>, ApiError> {
        let (start, end) = (instant(&self.start, granularity)?, instant(&self.end, granularity)?);
        if start >= end {
            let (start, end) = (start.date(), end.date());
            return Err(ApiError::validation(format!("Requested Start: {start} must be before requested End: {end}")));
        }
        if start.date() < today {
            return Err(ApiError::validation(format!("Start date should not be before the current date, {today}")));
        }
        if end.date() > last {
            return Err(ApiError::validation(format!("End date should not be after {last} for this granularity")));
        }
        Ok(cut(start, end, granularity))
    }
}

fn instant(text: &str, granularity: Granularity) -> Result<DateTime, ApiError> {
    let (format, shape) = match granularity {
        Granularity::Hourly => ("%Y-%m-%dT%H:%M:%SZ", "yyyy-MM-ddTHH:mm:ssZ"),
        Granularity::Daily | Granularity::Monthly => ("%Y-%m-%d", "yyyy-MM-dd"),
    };
    let parsed = match granularity {
        Granularity::Hourly => DateTime::strptime(format, text),
        Granularity::Daily | Granularity::Monthly => Date::strptime(format, text).map(Into::into),
    };
    // The length as well: the parser also takes numbers without their leading zeros.
    match parsed {
        Ok(instant) if text.len() == shape.len() && instant.minute() == 0 && instant.second() == 0 => Ok(instant),
        _ => Err(ApiError::validation(format!("Time {text:?} is invalid. Valid format is: {shape}."))),
    }
}

fn cut(start: DateTime, end: DateTime, granularity: Granularity) -> Vec<Piece> {
    let next = |at: DateTime| match granularity {
        Granularity::Hourly => at.saturating_add(Span::new().hours(1)),
        Granularity::Daily => at.saturating_add(Span::new().days(1)),
        Granularity::Monthly => at.first_of_month().saturating_add(Span::new().months(1)),
    };
    let starts = std::iter::successors(Some(start), |at| Some(next(*at)).filter(|next| *next < end));
    starts.map(|start| Piece { start, end: next(start).min(end) }).collect()
}

impl Piece {
    /// The days the piece touches.
    pub(super) fn days(self) -> impl Iterator<Item = Date> {
        let end = self.end;
        let first = self.start.date();
        std::iter::successors(Some(first), |day| day.tomorrow().ok())
            .take_while(move |day| day.to_datetime(time(0, 0, 0, 0)) < end)
    }

    /// The API's `DateInterval`.
    pub(super) fn to_json(self, granularity: Granularity) -> Value {
        let text = |at: DateTime| match granularity {
            Granularity::Hourly => at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            Granularity::Daily | Granularity::Monthly => at.date().to_string(),
        };
        json!({ "Start": text(self.start), "End": text(self.end) })
    }
}

//! Periods that can be forecast: they begin today at the earliest.

use jiff::Span;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Granularity, Period, day, days_out_of_order};

/// Length of the pieces a forecast is made in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum ForecastGranularity {
    Daily,
    #[default]
    Monthly,
}

impl ForecastGranularity {
    /// The longest forecast, in months after that of its first day (the API's description of `GetCostForecast`).
    fn months(self) -> i32 {
        match self {
            Self::Daily => 3,
            Self::Monthly => 18,
        }
    }
}

impl From<ForecastGranularity> for Granularity {
    fn from(granularity: ForecastGranularity) -> Self {
        match granularity {
            ForecastGranularity::Daily => Self::Daily,
            ForecastGranularity::Monthly => Self::Monthly,
        }
    }
}

impl Period {
    /// Checks `start_date` and `end_date` of a forecast.
    pub(crate) fn future(
        start: &str,
        end: &str,
        granularity: ForecastGranularity,
        today: Date,
    ) -> Result<Self, String> {
        let (first, last) = (day("start_date", start)?, day("end_date", end)?);
        if first < today {
            return Err(format!(
                "`start_date` is {first}, which lies in the past: a forecast begins today, {today} (UTC), or later. \
                 Send start_date {today}; get_cost_and_usage reports the days before."
            ));
        }
        if first >= last {
            return Err(days_out_of_order(first, last));
        }
        let months = granularity.months();
        let latest = first.first_of_month().saturating_add(Span::new().months(months + 1));
        if last > latest {
            let instead = match granularity {
                ForecastGranularity::Daily => ", or granularity MONTHLY",
                ForecastGranularity::Monthly => "",
            };
            return Err(format!(
                "`end_date` is {last}, but a forecast of this granularity covers {months} months. Send an end_date up \
                 to {latest}{instead}."
            ));
        }
        Ok(Self { start: first.to_string(), end: last.to_string() })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use crate::dates::{ForecastGranularity, Period};

    const TODAY: Date = date(2026, 11, 30);

    fn refusal(start: &str, end: &str, granularity: ForecastGranularity) -> String {
        Period::future(start, end, granularity, TODAY).expect_err("a refusal")
    }

    #[test]
    fn a_forecast_may_begin_today_or_later() {
        for start in ["2026-11-30", "2026-12-01", "2027-03-15"] {
            assert!(Period::future(start, "2027-04-01", ForecastGranularity::Monthly, TODAY).is_ok(), "{start}");
        }
        let past = refusal("2026-11-29", "2026-12-31", ForecastGranularity::Monthly);
        assert!(past.contains("Send start_date 2026-11-30; get_cost_and_usage"), "{past}");
    }

    #[test]
    fn a_forecast_ends_after_it_begins() {
        let same = refusal("2026-11-30", "2026-11-30", ForecastGranularity::Daily);
        assert!(same.ends_with("2026-11-30 alone is start_date 2026-11-30, end_date 2026-12-01."), "{same}");
        assert!(refusal("2026-12-02", "2026-12-01", ForecastGranularity::Daily).contains("is before"));
        assert!(refusal("2026-12-02", "2027-02-29", ForecastGranularity::Daily).contains("calendar does not have"));
    }

    #[test]
    fn each_granularity_has_its_longest_forecast() {
        let fits = |end, granularity| Period::future("2026-11-30", end, granularity, TODAY).is_ok();
        assert!(fits("2027-03-01", ForecastGranularity::Daily));
        let daily = refusal("2026-11-30", "2027-03-02", ForecastGranularity::Daily);
        assert!(daily.ends_with("3 months. Send an end_date up to 2027-03-01, or granularity MONTHLY."), "{daily}");
        assert!(fits("2028-06-01", ForecastGranularity::Monthly));
        let monthly = refusal("2026-11-30", "2028-06-02", ForecastGranularity::Monthly);
        assert!(monthly.ends_with("18 months. Send an end_date up to 2028-06-01."), "{monthly}");
    }
}

//! `get_today_date`: what day is it where the bill is written?

use jiff::Span;
use jiff::civil::Date;
use penstock_kit::{Call, NoArguments, Reply, Tool, ToolError};
use schemars::JsonSchema;
use serde::Serialize;

use crate::dates;

/// The tool.
pub(crate) struct GetTodayDate;

/// What `get_today_date` answers. All dates are YYYY-MM-DD.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Output {
    /// Today (UTC, as in AWS bills).
    date: String,
    /// The day after: the `end_date` that includes today.
    tomorrow: String,
    /// Day of the week, in English.
    weekday: String,
    /// Current year.
    #[schemars(range(min = 2000, max = 9999))]
    year: i16,
    /// Current month.
    #[schemars(range(min = 1, max = 12))]
    month: i8,
    /// First day of the current month: its `start_date`.
    month_start: String,
    /// First day of the next month: the `end_date` of the current one.
    next_month_start: String,
}

impl From<Date> for Output {
    fn from(today: Date) -> Self {
        let month_start = today.first_of_month();
        Self {
            date: today.to_string(),
            tomorrow: today.saturating_add(Span::new().days(1)).to_string(),
            weekday: today.strftime("%A").to_string(),
            year: today.year(),
            month: today.month(),
            month_start: month_start.to_string(),
            next_month_start: month_start.saturating_add(Span::new().months(1)).to_string(),
        }
    }
}

impl Tool for GetTodayDate {
    const MANIFEST: &str = include_str!("tool.json");
    type Arguments = NoArguments;
    type Output = Output;

    async fn call(&self, NoArguments {}: NoArguments, _: &Call) -> Result<Reply<Output>, ToolError> {
        Ok(Output::from(dates::today()).into())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use penstock_kit::testing;
    use serde_json::json;

    use super::{GetTodayDate, Output};
    use crate::dates;

    #[test]
    fn the_manifest_is_current() {
        testing::assert_manifest_is_current::<GetTodayDate>();
    }

    #[test]
    fn the_last_day_of_a_year_has_its_neighbours_in_the_next() {
        let output = serde_json::to_value(Output::from(date(2027, 12, 31))).expect("an output is JSON");
        let expected = json!({
            "date": "2027-12-31", "tomorrow": "2028-01-01", "weekday": "Friday", "year": 2027, "month": 12,
            "month_start": "2027-12-01", "next_month_start": "2028-01-01",
        });
        assert_eq!(output, expected);
    }

    #[tokio::test]
    async fn today_is_answered() {
        let before = dates::today().to_string();
        let frames = testing::call(GetTodayDate, json!({})).await;
        let after = dates::today().to_string();
        let date = frames[0]["result"]["structuredContent"]["date"].as_str().unwrap_or_default().to_owned();
        assert!(date == before || date == after, "{date}");
    }
}

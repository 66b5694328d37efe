//! Whole months, for comparisons.

use jiff::Span;
use jiff::civil::Date;

use super::{Period, is_like};

/// How many months before the current one there can be costs of, where multi-year data is enabled.
const KEPT_MONTHS: i32 = 38;

impl Period {
    /// Checks the argument `name`, a month as `YYYY-MM`.
    pub(crate) fn month(name: &str, text: &str, today: Date) -> Result<Self, String> {
        let current = today.first_of_month();
        let latest = current.strftime("%Y-%m");
        if !is_like(text, "dddd-dd") {
            return Err(format!("`{name}` is {text:?}; send a whole month as YYYY-MM, as in {latest}."));
        }
        let first = Date::strptime("%Y-%m-%d", format!("{text}-01"))
            .map_err(|_| format!("`{name}` is {text:?}, but months go from 01 to 12."))?;
        if first > current {
            return Err(format!(
                "`{name}` is {text}, which lies in the future: today is {today} (UTC). Send a month up to {latest}; \
                 get_cost_forecast looks ahead."
            ));
        }
        let oldest = current.saturating_sub(Span::new().months(KEPT_MONTHS));
        if first < oldest {
            return Err(format!(
                "`{name}` is {text}, but costs are kept for 13 months, or {KEPT_MONTHS} where multi-year data is \
                 enabled. Send a month from {}.",
                oldest.strftime("%Y-%m")
            ));
        }
        let end = first.saturating_add(Span::new().months(1));
        Ok(Self { start: first.to_string(), end: end.to_string() })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use crate::dates::Period;

    const TODAY: Date = date(2026, 12, 31);

    fn refusal(month: &str) -> String {
        Period::month("baseline", month, TODAY).expect_err("a refusal")
    }

    #[test]
    fn a_month_is_a_period_of_its_days() {
        for (month, start, end) in [
            ("2026-12", "2026-12-01", "2027-01-01"),
            ("2024-02", "2024-02-01", "2024-03-01"),
            ("2023-10", "2023-10-01", "2023-11-01"),
        ] {
            let period = Period { start: start.to_owned(), end: end.to_owned() };
            assert_eq!(Period::month("baseline", month, TODAY), Ok(period));
        }
    }

    #[test]
    fn what_is_no_month_of_the_bill_is_refused_with_one_that_is() {
        for text in ["2026-11-01", "11/2026", "November", "2026-1", ""] {
            assert!(refusal(text).ends_with("send a whole month as YYYY-MM, as in 2026-12."), "{text}");
        }
        assert_eq!(refusal("2026-13"), "`baseline` is \"2026-13\", but months go from 01 to 12.");
        assert!(refusal("2027-01").contains("Send a month up to 2026-12;"));
        assert!(refusal("2023-09").ends_with("Send a month from 2023-10."));
    }
}

//! What became of an amount.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::decimal::Decimal;
use crate::metric::Metric;

/// An amount in both months. Numbers are exact decimals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Change {
    /// In the month compared with.
    pub(crate) baseline: String,
    /// In the month compared.
    pub(crate) comparison: String,
    /// The second less the first.
    pub(crate) difference: String,
    /// The difference in per cent of the first, to two places; absent where that is nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) percent: Option<String>,
    /// E.g. USD, or N/A where units differ.
    pub(crate) unit: String,
}

/// Changes by metric.
pub(crate) type Changes = BTreeMap<String, Change>;

impl Change {
    /// The change from one amount to another; `stated` is what the API says the difference is, for amounts that are not
    /// decimal numbers.
    pub(crate) fn between(
        baseline: Option<String>,
        comparison: Option<String>,
        stated: Option<String>,
        unit: Option<String>,
    ) -> Self {
        let [baseline, comparison] = [baseline, comparison].map(|amount| amount.unwrap_or_else(|| "0".to_owned()));
        let numbers = Decimal::parse(&baseline).zip(Decimal::parse(&comparison));
        let difference = numbers.map(|(before, after)| after - before);
        let percent = numbers.and_then(|(before, after)| (after - before).percent_of(before));
        Self {
            baseline,
            comparison,
            difference: difference.map(Decimal::exact).or(stated).unwrap_or_default(),
            percent: percent.map(Decimal::exact),
            unit: unit.unwrap_or_else(|| "N/A".to_owned()),
        }
    }
}

/// Puts what changed most first. Rows that changed as much stay in their order.
pub(crate) fn largest_first<T>(rows: &mut [T], metric: Metric, changes: impl Fn(&T) -> &Changes) {
    let size = |row: &T| {
        let change = changes(row).get(metric.as_str());
        change.and_then(|change| Decimal::parse(&change.difference)).map(Decimal::abs)
    };
    rows.sort_by_key(|row| Reverse(size(row)));
}

#[cfg(test)]
mod tests {
    use super::{Change, Changes, largest_first};
    use crate::metric::Metric;

    fn change(baseline: &str, comparison: &str) -> Change {
        let amount = |text: &str| Some(text.to_owned());
        Change::between(amount(baseline), amount(comparison), amount("as stated"), amount("USD"))
    }

    #[test]
    fn differences_are_exact_and_percentages_rounded() {
        let grown = change("3", "4.0000000001");
        assert_eq!((&*grown.difference, grown.percent.as_deref()), ("1.0000000001", Some("33.33")));
        let gone = change("12.5", "0");
        assert_eq!((&*gone.difference, gone.percent.as_deref()), ("-12.5", Some("-100")));
        let new = change("0", "12.5");
        assert_eq!((&*new.difference, new.percent), ("12.5", None));
    }

    #[test]
    fn what_is_no_number_is_passed_on_as_stated() {
        let odd = change("N/A", "1");
        assert_eq!((&*odd.baseline, &*odd.difference, odd.percent), ("N/A", "as stated", None));
        let absent = Change::between(None, None, None, None);
        assert_eq!((&*absent.baseline, &*absent.difference, &*absent.unit), ("0", "0", "N/A"));
    }

    #[test]
    fn the_largest_change_comes_first_whatever_its_sign() {
        let row = |name, change| (name, Changes::from([("UnblendedCost".to_owned(), change)]));
        let mut rows = [
            row("small", change("1", "2")),
            ("none", Changes::new()),
            row("large", change("9", "1")),
            row("even", change("2", "1")),
        ];
        largest_first(&mut rows, Metric::UnblendedCost, |(_, changes)| changes);
        assert_eq!(rows.map(|(name, _)| name), ["large", "small", "even", "none"]);
    }
}

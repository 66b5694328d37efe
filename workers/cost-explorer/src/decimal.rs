//! Exact sums of the decimal strings Cost Explorer writes amounts as.

use std::fmt;
use std::iter::Sum;

/// Decimal places kept; the API writes at most ten or so.
const PLACES: usize = 12;

const ONE: i128 = 1_000_000_000_000;

/// A decimal number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Decimal(i128);

impl Decimal {
    /// Reads `-12.5`; digits behind the twelfth are dropped. Not a number: none.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
        let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
        let is_number = !whole.is_empty()
            && whole.len() <= PLACES
            && (whole.bytes().chain(rest.bytes())).all(|byte| byte.is_ascii_digit());
        let rest = rest.get(..PLACES).unwrap_or(rest);
        let value: i128 = is_number.then(|| format!("{whole}{rest:0<PLACES$}").parse().ok())??;
        Some(Self(if negative { -value } else { value }))
    }

    /// The number without needless zeros: `12.5`.
    pub(crate) fn exact(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, rest) = (self.0.abs() / ONE, self.0.abs() % ONE);
        format!("{sign}{whole}.{rest:0PLACES$}").trim_end_matches('0').trim_end_matches('.').to_owned()
    }
}

impl Sum for Decimal {
    fn sum<I: Iterator<Item = Self>>(numbers: I) -> Self {
        Self(numbers.map(|Self(number)| number).sum())
    }
}

/// For people: two places, or six where two would show nothing.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (places, scale) = if self.0 == 0 || self.0.abs() >= ONE / 100 { (2, 100) } else { (6, 1_000_000) };
        let unit = ONE / scale;
        let rounded = (self.0.abs() + unit / 2) / unit;
        let (whole, rest) = (rounded / scale, rounded % scale);
        let sign = if self.0 < 0 { "-" } else { "" };
        f.pad(&format!("{sign}{whole}.{rest:0places$}"))
    }
}

#[cfg(test)]
mod tests {
    use super::Decimal;

    fn shown(text: &str) -> String {
        Decimal::parse(text).expect("a number").to_string()
    }

    #[test]
    fn amounts_are_rounded_for_reading() {
        for (text, read) in [
            ("0", "0.00"),
            ("2551.853968", "2551.85"),
            ("2551.855", "2551.86"),
            ("0.999", "1.00"),
            ("-25", "-25.00"),
            ("0.0000123456789", "0.000012"),
        ] {
            assert_eq!(shown(text), read);
        }
    }

    #[test]
    fn sums_are_exact() {
        let numbers = ["0.1", "0.2", "-0.3", "1000000.0000000001"];
        let sum: Decimal = numbers.iter().filter_map(|text| Decimal::parse(text)).sum();
        assert_eq!(sum.exact(), "1000000.0000000001");
        assert_eq!(["0.5", "-2.5"].iter().filter_map(|text| Decimal::parse(text)).sum::<Decimal>().exact(), "-2");
    }

    #[test]
    fn what_is_no_decimal_is_none() {
        for text in ["", "-", ".5", "1e5", "NaN", "1,5", "1.2.3"] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
    }
}

//! Exact sums of the decimal strings Cost Explorer writes amounts as.

use std::fmt;
use std::iter::Sum;
use std::ops::Sub;

/// Decimal places kept; the API writes at most ten or so.
const PLACES: usize = 12;

const ONE: i128 = 1_000_000_000_000;

/// A decimal number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Decimal(i128);

impl Decimal {
    /// Reads `-12.5` and `9.4E-9`, as the API writes very small amounts; digits behind the twelfth are dropped. Not a
    /// number, or one of more than twelve digits before the point: none.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (mantissa, exponent) = text.split_once(['E', 'e']).unwrap_or((text, "0"));
        let (negative, digits) = mantissa.strip_prefix('-').map_or((false, mantissa), |digits| (true, digits));
        let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
        let is_number = !whole.is_empty()
            && whole.len() <= PLACES
            && (whole.bytes().chain(rest.bytes())).all(|byte| byte.is_ascii_digit());
        // Twice the places are more than any exponent brings back.
        let rest = rest.get(..2 * PLACES).unwrap_or(rest);
        let value: i128 = is_number.then(|| format!("{whole}{rest}").parse().ok())??;
        let exponent = exponent.parse::<i8>().ok().map(i32::from)?;
        let value = shifted(value, exponent + i32::try_from(PLACES).ok()? - i32::try_from(rest.len()).ok()?)?;
        (value < ONE * ONE).then_some(Self(if negative { -value } else { value }))
    }

    /// The number without needless zeros: `12.5`.
    pub(crate) fn exact(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, rest) = (self.0.abs() / ONE, self.0.abs() % ONE);
        format!("{sign}{whole}.{rest:0PLACES$}").trim_end_matches('0').trim_end_matches('.').to_owned()
    }

    /// How many per cent of `base` this is, to two places; none of nothing.
    pub(crate) fn percent_of(self, base: Self) -> Option<Self> {
        let base = base.0.abs();
        let hundredths = self.0.abs().checked_mul(10_000)?.checked_add(base / 2)?.checked_div(base)?;
        let percent = hundredths.checked_mul(ONE / 100).filter(|percent| *percent < ONE * ONE)?;
        Some(Self(if self.0 < 0 { -percent } else { percent }))
    }

    /// The number without its sign.
    pub(crate) fn abs(self) -> Self {
        Self(self.0.abs())
    }
}

/// `value` times ten to the power of `shift`, its fraction dropped; none if it is too large.
fn shifted(value: i128, shift: i32) -> Option<i128> {
    let scale = 10_i128.checked_pow(shift.unsigned_abs());
    if shift < 0 { Some(scale.map_or(0, |scale| value / scale)) } else { value.checked_mul(scale?) }
}

impl Sub for Decimal {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
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
        for text in ["", "-", ".5", "1e", "e5", "1e5.5", "NaN", "1,5", "1.2.3", "1e100", "1234567890123", "1E12"] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
    }

    #[test]
    fn powers_of_ten_are_read() {
        for (text, exact) in [
            ("9.4E-9", "0.0000000094"),
            ("-1.25e2", "-125"),
            ("1E+3", "1000"),
            ("123456.789E-3", "123.456789"),
            ("7E-100", "0"),
            ("0.0000000000000001E6", "0.0000000001"),
        ] {
            assert_eq!(Decimal::parse(text).expect(text).exact(), exact, "{text}");
        }
    }

    #[test]
    fn percentages_are_rounded_to_two_places_and_keep_the_sign_of_the_change() {
        let percent = |change: &str, base: &str| {
            let [change, base] = [change, base].map(|text| Decimal::parse(text).expect("a number"));
            change.percent_of(base).map(Decimal::exact)
        };
        assert_eq!(percent("1", "3").as_deref(), Some("33.33"));
        assert_eq!(percent("-2", "3").as_deref(), Some("-66.67"));
        assert_eq!(percent("5", "-10").as_deref(), Some("50"));
        assert_eq!(percent("0", "10").as_deref(), Some("0"));
        assert_eq!(percent("5", "0"), None);
        assert_eq!(percent("999999999999", "0.000000000001"), None);
    }
}

//! Numbers compared as numbers, exactly and at any length: `42`, `42.0` and `4.2e1` are one.

/// Whether two texts are JSON numbers (RFC 8259 section 6) of the same value.
pub(super) fn same(a: &str, b: &str) -> bool {
    Decimal::parse(a).is_some_and(|a| Decimal::parse(b) == Some(a))
}

/// `digits` × 10^`exponent`. Equal values have equal fields.
#[derive(Debug, PartialEq, Eq)]
struct Decimal {
    negative: bool,
    /// Without zeros at either end; none for zero.
    digits: String,
    exponent: i64,
}

impl Decimal {
    fn parse(text: &str) -> Option<Self> {
        let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
            Some(_) => return None,
            None => (mantissa, ""),
        };
        let is_number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
        let leading_zero = whole.len() > 1 && whole.starts_with('0');
        if whole.is_empty() || leading_zero || !is_number(whole) || !is_number(fraction) {
            return None;
        }
        let all = format!("{whole}{fraction}");
        let digits = all.trim_end_matches('0');
        let zeros = i64::try_from(all.len() - digits.len()).ok()?;
        let shift = zeros - i64::try_from(fraction.len()).ok()?;
        let digits = digits.trim_start_matches('0').to_owned();
        if digits.is_empty() {
            return Some(Self { negative: false, digits, exponent: 0 });
        }
        Some(Self { negative, digits, exponent: exponent.checked_add(shift)? })
    }
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn numbers_are_equal_by_value_at_any_length() {
        for (a, b) in [
            ("42", "42.0"),
            ("42", "4.2e1"),
            ("42", "420E-1"),
            ("100", "1e+2"),
            ("0", "-0"),
            ("0", "0.000e9"),
            ("-7", "-7.00"),
            ("0.5", "5e-1"),
            ("123456789012345678901234567890123456789012", "123456789012345678901234567890123456789012.0"),
            ("1e400", "10e399"),
        ] {
            assert!(same(a, b) && same(b, a), "{a} = {b}");
        }
        for (a, b) in [
            ("42", "43"),
            ("42", "-42"),
            ("42", "42.5"),
            ("9007199254740993", "9007199254740992"),
            ("123456789012345678901234567890123456789012", "123456789012345678901234567890123456789013"),
            ("1e400", "1e401"),
        ] {
            assert!(!same(a, b), "{a} and {b}");
        }
    }

    #[test]
    fn what_json_would_not_call_a_number_is_none() {
        for text in
            ["", "-", "+42", "042", "42.", ".5", "4 2", "0x2a", "4_2", "42e", "1e99999999999999999999", "NaN", "--1"]
        {
            assert!(!same(text, text), "{text:?}");
        }
    }
}

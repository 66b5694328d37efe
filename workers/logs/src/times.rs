//! Points in time, as a model writes them.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// A period, both ends included, in milliseconds as CloudWatch Logs counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Period {
    pub(crate) start: Timestamp,
    pub(crate) end: Timestamp,
}

impl Period {
    /// Reads `start_time` and `end_time` as of `now`. An error tells what to send instead.
    pub(crate) fn new(start: &str, end: Option<&str>, now: Timestamp) -> Result<Self, String> {
        let first = instant("start_time", start, now)?;
        let last = end.map_or(Ok(now), |end| instant("end_time", end, now))?;
        if first < Timestamp::UNIX_EPOCH {
            return Err(format!("`start_time` is {start:?}, before 1970, when logs begin. Send a later one."));
        }
        if first > now {
            return Err(format!(
                "`start_time` is {start:?}, which lies in the future: it is {} now. Send an earlier one, or how long \
                 ago, as in 15m.",
                seconds(now)
            ));
        }
        if first >= last {
            return Err(format!(
                "`end_time` {} is not after `start_time` {}. Send an earlier start_time or a later end_time.",
                seconds(last),
                seconds(first)
            ));
        }
        Ok(Self { start: first, end: last })
    }
}

/// `time` without what stands below a second.
fn seconds(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}

fn instant(name: &str, text: &str, now: Timestamp) -> Result<Timestamp, String> {
    let text = text.trim();
    if let Some(ago) = duration(text) {
        return now.checked_sub(ago).map_err(|_| format!("`{name}` is {text:?} ago, which is too long. Send less."));
    }
    let day = || text.parse::<Date>().ok()?.to_zoned(TimeZone::UTC).ok().map(|midnight| midnight.timestamp());
    let time = if is_day(text) { day() } else { text.parse().ok() };
    time.ok_or_else(|| {
        let exists = text.get(..10).is_none_or(|day| !is_day(day) || day.parse::<Date>().is_ok());
        let what = if exists { "which is no time this tool can read" } else { "which the calendar does not have" };
        format!(
            "`{name}` is {text:?}, {what}. Send a time with its zone, as in 2026-03-31T09:30:00Z, a day, which stands \
             for its midnight in UTC, as in 2026-03-31, or how long ago, as in 15m, 2h or 7d."
        )
    })
}

/// Whether `text` has the form of `2026-03-31`.
fn is_day(text: &str) -> bool {
    let fits = |(byte, place): (u8, u8)| if place == b'd' { byte.is_ascii_digit() } else { byte == place };
    text.len() == 10 && text.bytes().zip(*b"dddd-dd-dd").all(fits)
}

/// How long ago, with or without a sign or `ago`: `15m`, `-2h`, `7d ago`.
fn duration(text: &str) -> Option<SignedDuration> {
    let text = text.strip_prefix('-').unwrap_or(text);
    let text = text.strip_suffix("ago").unwrap_or(text).trim_end();
    let unit = text.char_indices().next_back()?.0;
    let seconds = match &text[unit..] {
        "s" => 1,
        "m" => 60,
        "h" => 60 * 60,
        "d" => 24 * 60 * 60,
        "w" => 7 * 24 * 60 * 60,
        _ => return None,
    };
    let count = text[..unit].trim_end();
    let count: u32 = count.bytes().all(|byte| byte.is_ascii_digit()).then(|| count.parse().ok())??;
    Some(SignedDuration::from_secs(i64::from(count) * seconds))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::Period;

    fn now() -> Timestamp {
        "2026-11-21T18:30:00.5Z".parse().expect("a time")
    }

    fn start(text: &str) -> String {
        Period::new(text, None, now()).expect("a period").start.to_string()
    }

    fn refusal(start: &str, end: Option<&str>) -> String {
        Period::new(start, end, now()).expect_err("a refusal")
    }

    #[test]
    fn times_have_a_zone_and_days_begin_at_midnight_utc() {
        assert_eq!(start("2026-11-21T09:30:00Z"), "2026-11-21T09:30:00Z");
        assert_eq!(start("2026-11-21T09:30:00.25+02:00"), "2026-11-21T07:30:00.25Z");
        assert_eq!(start("2024-02-29"), "2024-02-29T00:00:00Z");
    }

    #[test]
    fn a_length_of_time_reaches_back_from_now() {
        for text in ["15m", "-15m", "15m ago", " 15 m ", "900s"] {
            assert_eq!(start(text), "2026-11-21T18:15:00.5Z", "{text}");
        }
        assert_eq!(start("2h"), "2026-11-21T16:30:00.5Z");
        assert_eq!(start("3w"), "2026-10-31T18:30:00.5Z");
    }

    #[test]
    fn an_end_left_out_is_now() {
        assert_eq!(Period::new("1d", None, now()).expect("a period").end, now());
        let closed = Period::new("7d", Some("1d"), now()).expect("a period");
        assert_eq!(closed.end.to_string(), "2026-11-20T18:30:00.5Z");
    }

    #[test]
    fn what_is_no_time_is_refused_with_what_is() {
        for text in ["", "yesterday", "m", "2026-11-21T09:30:00", "21.11.2026", "1.5h", "+2h", "1732180000000", "5é"] {
            let refusal = refusal(text, None);
            assert!(refusal.starts_with("`start_time` is \"") && refusal.contains("which is no time"), "{refusal}");
            assert!(refusal.contains("2026-03-31T09:30:00Z") && refusal.ends_with("15m, 2h or 7d."), "{refusal}");
        }
    }

    #[test]
    fn a_day_the_calendar_lacks_is_refused_as_such() {
        for text in ["2026-02-29", "2026-04-31T00:00:00Z", "2026-13-01"] {
            assert!(refusal("1d", Some(text)).contains("which the calendar does not have"), "{text}");
        }
    }

    #[test]
    fn a_period_begins_in_the_past_and_ends_after_that() {
        assert!(refusal("2026-11-22", None).contains("it is 2026-11-21T18:30:00Z now"));
        assert!(refusal("1969-12-31", None).contains("before 1970"));
        assert!(refusal("999999w", None).contains("ago, which is too long"));
        let reversed = refusal("1h", Some("2h"));
        assert!(reversed.starts_with("`end_time` 2026-11-21T16:30:00Z is not after"), "{reversed}");
    }
}
